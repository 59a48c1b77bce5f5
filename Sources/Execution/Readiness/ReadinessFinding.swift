public import IncidentModel

/// One thing that was found out about whether playbooks would work, in one sentence, with what to do about it.
public struct ReadinessFinding: Sendable, Hashable {
  public enum Level: String, Sendable, CaseIterable, Comparable {
    /// A step, or everything, would fail.
    case fail
    /// It would work, and somebody should see to it all the same.
    case warn
    /// Something could not be found out without doing it.
    case note
    case ok

    /// Worse is smaller.
    public static func < (left: Level, right: Level) -> Bool { left.place < right.place }

    private var place: Int { Self.allCases.firstIndex(of: self) ?? 0 }
  }

  /// What kind of thing it is about.
  public enum Area: String, Sendable, CaseIterable {
    case state, environment, connection, clock, step, program, playbook, contacts
  }

  public var level: Level
  public var area: Area
  /// The ids of the playbooks it is about; empty: all, or none in particular.
  public var playbooks: [String] = []
  public var step: StepID?
  public var connection: String?
  /// What is wrong, on what and why; one line.
  public var message: String
  /// What to do now.
  public var advice: String?

  init(_ level: Level, _ area: Area, _ message: String, advice: String? = nil) {
    self.level = level
    self.area = area
    self.message = Self.oneLine(message)
    self.advice = advice.map(Self.oneLine)
  }

  init(_ level: Level, _ area: Area, _ failure: Failure) {
    self.init(level, area, failure.message, advice: failure.advice)
  }

  func about(connection: String) -> ReadinessFinding {
    var finding = self
    finding.connection = connection
    return finding
  }

  func about(playbooks: [String], step: StepID? = nil) -> ReadinessFinding {
    var finding = self
    (finding.playbooks, finding.step) = (playbooks, step)
    return finding
  }

  /// Where it is, for people: `pause-trading, step disable-trades`.
  public var place: String {
    let named = playbooks.count > 3 ? playbooks.prefix(3) + ["\(playbooks.count - 3) more"] : playbooks[...]
    let pieces = [
      playbooks.isEmpty ? nil : named.joined(separator: ", "), step.map { "step \($0)" },
      step == nil && playbooks.isEmpty ? connection.map { "connection \($0)" } : nil,
    ].compactMap { $0 }
    return pieces.isEmpty ? area.rawValue : pieces.joined(separator: ", ")
  }

  private static func oneLine(_ text: String) -> String { text.lines.joined(separator: "; ") }
}
