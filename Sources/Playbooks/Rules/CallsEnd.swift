internal import IncidentModel

/// Playbooks that run each other would never come to an end.
struct CallsEnd: PlaybookRule {
  func check(_ playbook: Playbook, report: RuleReport) {
    guard let library = report.library else { return }
    for step in report.steps {
      guard case .playbook(let action) = step.action, action.id != playbook.id,
        let way = Self.way(from: action.id, to: playbook.id, library)
      else { continue }
      report.error(
        "this playbook would run itself: \(([playbook.id] + way).joined(separator: ", "))",
        at: step.at("playbook", "id"), hint: "let one of them end without the next")
    }
  }

  /// The playbooks on the way, both ends included; `nil`: it does not lead there.
  private static func way(from first: String, to end: String, _ library: PlaybookLibrary) -> [String]? {
    var seen: Set<String> = [first]
    var ways = [[first]]
    while let way = ways.popLast() {
      for next in calls(of: way[way.count - 1], library) {
        if next == end { return way + [end] }
        if seen.insert(next).inserted { ways.append(way + [next]) }
      }
    }
    return nil
  }

  /// None where it cannot be read: that is told where it is checked itself.
  private static func calls(of id: String, _ library: PlaybookLibrary) -> [String] {
    guard let path = try? library.find(id), let bytes = try? SourceFile.read(path, beneath: library.ground(of: path))
    else { return [] }
    let text = String(decoding: bytes, as: UTF8.self)
    return PlaybookLoader(library: nil).loadRecorded(text: text, file: path).playbook?.calledPlaybooks ?? []
  }
}
