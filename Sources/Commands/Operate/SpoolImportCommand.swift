internal import ArgumentParser
internal import Console
internal import Foundation
internal import IncidentModel
internal import Journaling

struct SpoolImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import-spool", abstract: "Bring what a run recorded without the journal into the journal.",
    discussion: """
      When the journal cannot be written, the emergency steps of a kill switch go on with a spool as their record. This \
      checks every record of it, gives the run its number and appends what the journal lacks; doing it twice adds \
      nothing. Exit 3: something is missing, and named. 65: a record was changed, or does not fit; nothing is imported.

      Examples:
        andon journal import-spool
        andon journal import-spool /mnt/rescue/spools
      """)

  @Argument(help: "A spool's file, or a folder of them. Default: every place where one may wait.", completion: .file())
  var path: String?

  @OptionGroup var global: GlobalOptions

  func run() throws {
    let assembly = Assembly(global)
    let (spools, headless) = try SpoolStory.all(in: files(assembly))
    var refusals = headless.map { file in
      Problem(
        "\(file) is damaged where a spool says whose it is: its records belong to nothing, and none was imported",
        advice: "Keep the file: it may be all that is left of a run's record. Copies of it may lie elsewhere.")
    }
    if spools.isEmpty, refusals.isEmpty {
      assembly.screen.record(
        global.json
          ? Value.map(["schema_version": .number(1), "spools": .list([])]).jsonText
          : "No spool waits for the journal in \(assembly.stateDirectory).")
      return
    }
    let journal: Journal
    do { journal = try Journal(directory: assembly.stateDirectory, redactor: assembly.redactor) } catch {
      throw CommandFailure(.journal, error.problem)
    }
    var outcomes: [(spool: SpoolStory, outcome: SpoolImport.Outcome)] = []
    for spool in spools {
      let work = SpoolImport(spool, into: journal)
      do {
        outcomes.append((spool, try work.carryOut(actor: assembly.actor, at: assembly.time.read())))
        work.retire()
      } catch let problem as Problem { refusals.append(problem) }
    }
    journal.close()
    assembly.screen.record(
      global.json
        ? json(outcomes) : outcomes.map { text($0.spool, $0.outcome) }.joined(separator: "\n"))
    for refusal in refusals.dropLast() { assembly.screen.warn("andon: \(refusal.message.visible)") }
    if let last = refusals.last { throw CommandFailure(.data, last) }
    let isWhole = outcomes.allSatisfy { $0.spool.missing.isEmpty && $0.spool.damage.isEmpty && $0.outcome.isLinked }
    if !isWhole { throw Ending(.degraded) }
  }

  private func files(_ assembly: Assembly) throws -> [String] {
    guard let path else { return assembly.spools.waiting() }
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw CommandFailure(.usage, "there is no spool at \(path.visible)", advice: "Name a file, or a folder of them.")
    }
    if !isFolder.boolValue { return [path] }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.filter { SpoolPlaces.isSpool($0) }.sorted().map { "\(path)/\($0)" }
  }

  private func text(_ spool: SpoolStory, _ outcome: SpoolImport.Outcome) -> String {
    let belongs = outcome.incident.map { " of \($0)" } ?? ""
    let count = outcome.added == 0 ? "nothing new" : "\(outcome.added) \(outcome.added == 1 ? "entry" : "entries")"
    var lines = [
      "spool \(spool.id): \(count) for \(outcome.run)\(belongs), from \(spool.paths.joined(separator: ", "))"
    ]
    if !spool.missing.isEmpty { lines.append("  MISSING: records \(spool.missing.joined(separator: ", "))") }
    lines += spool.damage.map { "  DAMAGED: \($0)" }
    if !outcome.isLinked, let head = spool.follows {
      lines.append("  NOT LINKED: it followed entry \(head), which this journal does not have")
    }
    lines.append("  next: andon show \(outcome.run)")
    return lines.joined(separator: "\n").visible(keepingLineBreaks: true)
  }

  private func json(_ outcomes: [(spool: SpoolStory, outcome: SpoolImport.Outcome)]) -> String {
    let items = outcomes.map { spool, outcome in
      Value.map([
        "spool": .text(spool.id), "run": .text(outcome.run.description),
        "incident": outcome.incident.map { .text($0.description) } ?? .null, "added": .number(outcome.added),
        "records": .number(spool.events.count), "missing": .list(spool.missing.map(Value.text)),
        "damage": .list(spool.damage.map(Value.text)), "linked": .bool(outcome.isLinked),
        "files": .list(spool.paths.map(Value.text)),
      ])
    }
    return Value.map(["schema_version": .number(1), "spools": .list(items)]).jsonText
  }
}
