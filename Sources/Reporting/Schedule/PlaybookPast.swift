public import IncidentModel

/// When a playbook was last used, for lists.
public struct PlaybookPast: Sendable, Hashable {
  /// When the last drill began that was carried through as far as it goes without a person.
  public let drilled: Timestamp?
  /// When the last run began that was no drill, however it ended.
  public let run: Timestamp?

  public init(of playbook: String, in register: Register) {
    let runs = register.runs.filter { $0.playbook == playbook }
    drilled = runs.last(where: \.isDoneDrill)?.started
    run = runs.last { !$0.drill }?.started
  }

  /// `3h ago`, `12d ago`, `never`.
  public static func text(_ moment: Timestamp?, now: Timestamp) -> String {
    guard let moment else { return "never" }
    let minutes = max(0, (now - moment).wholeMilliseconds / 60_000)
    if minutes < 60 { return "\(minutes)m ago" }
    return minutes < 2880 ? "\(minutes / 60)h ago" : "\(minutes / 1440)d ago"
  }
}

extension RunLine {
  /// A drill that was carried through as far as it goes without a person.
  var isDoneDrill: Bool { drill && [.done, .waiting].contains(state) }
}
