internal import Actions
internal import Foundation
internal import IncidentModel

/// Is every program there that a step would start, and may this user start it?
struct ProgramCheck {
  let needs: Needs
  /// The PATH that children are looked up on.
  let path: String?

  var findings: [ReadinessFinding] {
    let search = ProgramSearch(path: path)
    var found: [String: String] = [:]
    var findings: [ReadinessFinding] = []
    for program in needs.programs {
      do throws(Failure) {
        if let directory = program.directory { try look(at: directory) }
        found[program.name] = try search.file(for: program.name, from: program.directory)
      } catch {
        findings.append(
          ReadinessFinding(.fail, .program, error).about(playbooks: [program.playbook], step: program.step))
      }
    }
    findings += needs.unclearScripts.map { script in
      ReadinessFinding(
        .note, .program, "what its script runs can only partly be told without running it",
        advice: "try it where nothing can break, with --env"
      ).about(playbooks: [script.playbook], step: script.step)
    }
    if !found.isEmpty {
      let files = Set(found.values).sorted().joined(separator: ", ")
      findings.append(ReadinessFinding(.ok, .program, "found: \(files)"))
    }
    return findings
  }

  private func look(at directory: String) throws(Failure) {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: directory, isDirectory: &isFolder), isFolder.boolValue { return }
    throw Failure(
      .badValue, "the directory to run in, '\(directory)', does not exist", advice: "make it, or correct 'cwd'")
  }
}
