public import Engine
public import IncidentModel

/// A playbook that a monitor may start by itself.
public struct ArmedLine: Sendable, Hashable, Codable {
  public let playbook: String
  public let environment: String
  public let until: Timestamp
  public let by: String
  public let since: Timestamp
  public let why: String

  public init(_ arming: ArmedPlaybooks.Arming) {
    playbook = arming.terms.playbook
    environment = arming.terms.environment
    until = arming.terms.until
    by = arming.by
    since = arming.since
    why = arming.terms.why
  }

  static func lines(_ lines: [ArmedLine], _ options: TextOptions) -> [String] {
    if lines.isEmpty { return [] }
    let rows = lines.flatMap { line in
      [
        [
          "\(line.playbook)  \(PlaceText.of(line.environment, production: false, drill: false))  until \(line.until.minuteText) UTC"
        ],
        ["  by \(line.by): \(line.why)"], ["  to end it: andon playbook disarm \(line.playbook)"],
      ]
    }
    return ["ARMED (\(lines.count)): a monitor may start these by itself"]
      + TextTable(rows).lines(width: options.width)
  }
}
