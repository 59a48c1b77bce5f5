internal import Engine
internal import Foundation
internal import IncidentModel
internal import Playbooks

/// The playbooks that are asked about and those that they run, and what is wrong with their files.
struct PlaybooksAtHand {
  private(set) var playbooks: [Playbook] = []
  private(set) var findings: [ReadinessFinding] = []
  private let library: PlaybookLibrary

  /// - Parameter today: `YYYY-MM-DD`, to tell late reviews.
  init(library: PlaybookLibrary, paths: [String], today: String) {
    self.library = library
    // What stands beside the files is looked at here, where a gap is worse than a mistake in style.
    let loader = PlaybookLoader(library: nil, today: today)
    var open = paths
    var seen: Set<String> = []
    var warnings: [Warning: [String]] = [:]
    while !open.isEmpty {
      let path = open.removeFirst()
      guard seen.insert(path).inserted else { continue }
      let result = loader.load(path: path)
      let id = (path as NSString).lastPathComponent.replacingOccurrences(of: ".yaml", with: "")
      guard let playbook = result.playbook else {
        findings.append(Self.broken(result, id, path))
        continue
      }
      for diagnostic in result.warnings {
        warnings[Warning(message: diagnostic.message, advice: diagnostic.hint), default: []].append(id)
      }
      playbooks.append(playbook)
      open += lookAround(playbook)
    }
    findings += warnings.map { warning, ids in
      ReadinessFinding(.warn, .playbook, warning.message, advice: warning.advice).about(playbooks: ids.unique)
    }
  }

  private struct Warning: Hashable {
    let message: String
    let advice: String?
  }

  private static func broken(_ result: LoadResult, _ id: String, _ path: String) -> ReadinessFinding {
    let count = result.errors.count
    let first = result.errors.first.map { ": line \($0.location.line), \($0.message)" } ?? ""
    return ReadinessFinding(
      .fail, .playbook, "it has \(count == 1 ? "a mistake" : "\(count) mistakes") and would not be run\(first)",
      advice: "correct what this names: andon playbook check \(path)"
    ).about(playbooks: [id])
  }

  /// Finds what the playbook names beside itself. Returns the files of the playbooks that it runs.
  private mutating func lookAround(_ playbook: Playbook) -> [String] {
    var children: [String] = []
    func fail(_ problem: Problem, _ step: Step? = nil) {
      findings.append(
        ReadinessFinding(.fail, .step, problem.message, advice: problem.advice)
          .about(playbooks: [playbook.id], step: step?.id))
    }
    for step in RunState(playbook: playbook).allSteps {
      do throws(Problem) {
        if let template = step.template { _ = try library.template(named: template) }
        if case .playbook(let child) = step.action { children.append(try library.find(child.id)) }
        if case .playbook(let id)? = step.undo { _ = try library.find(id) }
        if case .incident(.escalate(let contact?)) = step.action { try find(contact) }
      } catch { fail(error, step) }
    }
    if let inverse = playbook.inverse {
      do throws(Problem) { _ = try library.find(inverse) } catch { fail(error) }
    }
    return children
  }

  private func find(_ contact: String) throws(Problem) {
    guard try library.contacts().contains(where: { $0.id == contact }) else {
      throw Problem("no contact is named '\(contact)'", advice: "write it into contacts.yaml, or escalate: next")
    }
  }
}

extension Step {
  /// The message that it sends, or shows for copying.
  fileprivate var template: String? {
    switch action {
    case .notify(let action): action.template
    case .manual(let action): action.draft
    default: nil
    }
  }
}

extension [String] {
  /// Each only once, where it was first.
  var unique: [String] {
    var seen: Set<String> = []
    return filter { seen.insert($0).inserted }
  }
}
