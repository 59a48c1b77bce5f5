public import IncidentModel

/// Which playbooks a monitor may start by itself, as far as the journal tells.
public struct ArmedPlaybooks: Sendable, Hashable {
  /// One playbook in one environment.
  public struct Arming: Sendable, Hashable {
    public let terms: PlaybookArming
    /// Who armed it, and when.
    public let by: String
    public let since: Timestamp
  }

  /// What becomes of a breach whose monitor suggests a playbook.
  public enum Answer: Sendable, Hashable {
    /// It is not armed: people decide.
    case leave
    /// It is armed, and does not start now.
    case refuse(String)
    case announce(due: Timestamp)
  }

  private struct Place: Sendable, Hashable {
    let playbook: String
    let environment: String
  }

  private var armings: [Place: Arming] = [:]
  private var announced: [Place: PlaybookFiring] = [:]
  /// The announcement that was followed by a start, and when.
  private var started: [Place: Start] = [:]

  private struct Start: Sendable, Hashable {
    let at: Timestamp
    let firing: PlaybookFiring
  }

  /// An announcement that nothing followed so long after its due is that of a process that died.
  private static let waitsForDead = Duration.seconds(15)

  public static let kinds: Set<Fact.Kind> = [.playbookArmed, .playbookDisarmed, .playbookFiring]

  public init(_ events: some Sequence<Event>) { for event in events { apply(event) } }

  public mutating func apply(_ event: Event) {
    switch event.fact {
    case .playbookArmed(let terms):
      armings[Place(playbook: terms.playbook, environment: terms.environment)] = Arming(
        terms: terms, by: event.actor, since: event.at)
    case .playbookDisarmed(let end): armings[Place(playbook: end.playbook, environment: end.environment)] = nil
    case .playbookFiring(let firing): note(firing, at: event.at)
    default: break
    }
  }

  private mutating func note(_ firing: PlaybookFiring, at moment: Timestamp) {
    let place = Place(playbook: firing.playbook, environment: firing.environment)
    switch firing.stage {
    case .announced: announced[place] = firing
    case .started: (announced[place], started[place]) = (nil, Start(at: moment, firing: firing))
    case .calledOff:
      // A refusal does not settle what was announced before it.
      if announced[place]?.isSettled(by: firing) == true { announced[place] = nil }
      // It was to start and could not: nothing cools down.
      if started[place]?.firing.isSettled(by: firing) == true { started[place] = nil }
    }
  }

  /// Everything that is armed now, in order of the alphabet.
  public func all(at now: Timestamp) -> [Arming] {
    armings.values.filter { $0.terms.until > now }.sorted {
      ($0.terms.playbook, $0.terms.environment) < ($1.terms.playbook, $1.terms.environment)
    }
  }

  public func arming(of playbook: String, in environment: String, at now: Timestamp) -> Arming? {
    armings[Place(playbook: playbook, environment: environment)].flatMap { $0.terms.until > now ? $0 : nil }
  }

  /// What a new breach leads to.
  public func answer(
    to playbook: String?, in environment: String, grace: Duration, coolDown: Duration, at now: Timestamp
  ) -> Answer {
    guard let playbook, arming(of: playbook, in: environment, at: now) != nil else { return .leave }
    let place = Place(playbook: playbook, environment: environment)
    if let last = started[place]?.at, now < last + coolDown {
      return .refuse(
        "it was started by itself at \(last.clockTime) UTC and cools down until \((last + coolDown).clockTime) UTC")
    }
    if let other = announced[place], now < other.due + Self.waitsForDead {
      return .refuse("it is about to start already, for \(other.monitor)")
    }
    return .announce(due: now + grace)
  }

  /// Whether what was announced may start now.
  public func stillStands(_ firing: PlaybookFiring, at now: Timestamp) -> Bool {
    arming(of: firing.playbook, in: firing.environment, at: now) != nil
      && announced[Place(playbook: firing.playbook, environment: firing.environment)] == firing
  }

  /// Whether an announcement was made by a process that is gone.
  public static func isOrphaned(_ firing: PlaybookFiring, at now: Timestamp) -> Bool {
    now >= firing.due + waitsForDead
  }
}

extension PlaybookFiring {
  /// Whether the other one is what became of this one.
  public func isSettled(by other: PlaybookFiring) -> Bool {
    playbook == other.playbook && environment == other.environment && monitor == other.monitor && due == other.due
  }
}
