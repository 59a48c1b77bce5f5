internal import Engine
public import IncidentModel

/// A run, for lists.
public struct RunLine: Sendable, Hashable, Codable {
  public let id: RunID
  public let playbook: String
  public let name: String
  public let environment: String
  public let production: Bool
  public let drill: Bool
  public let unattended: Bool
  public let state: RunPhase
  /// Why it is parked, or ended as it did.
  @OrNull public var reason: String?
  @OrNull public var incident: IncidentID?
  @OrNull public var parent: RunID?
  /// The person or program that started it.
  public let actor: String
  public let started: Timestamp
  @OrNull public var ended: Timestamp?
  @OrNull public var milliseconds: Int64?
  public let detected: Timestamp
  /// The exit code of the process that brought it here; `nil` while it runs, and where only its entries in the
  /// lists were read.
  @OrNull public var exit: Int?
  /// The process that drives it, or drove it last.
  public let owner: RunOwner
  /// True when it is not over and the process that drove it is gone.
  public var interrupted = false
  /// Who is to take it up, until somebody does.
  @OrNull public var handedTo: String?
  /// True once somebody asked for its end, and until it has come.
  public var cancelling = false
  /// What of its record could not be used, and why.
  @OrNull public var gap: String?
  /// Why the journal could not take its record for a while; `nil` when it always could, and where only its entries in
  /// the lists were read.
  @OrNull public var degraded: String?

  init(_ account: RunAccount) {
    self.init(account.id, account.entries, account.start)
    exit = account.exitCode
    gap = account.gap
    degraded = account.state.degradation?.why
  }

  /// From the entries that tell how the run began, was parked and ended.
  /// - Parameter entries: of this run alone, in order, the start among them.
  init(_ id: RunID, _ entries: [Entry], _ start: RunStart) {
    var (state, reason, owner) = (RunPhase.running, String?.none, start.owner)
    var (first, last) = (entries.first?.event, Event?.none)
    var (handedTo, isCancelled) = (String?.none, false)
    for entry in entries {
      switch entry.event.fact {
      case .runStarted: first = entry.event
      case .runResumed(let resumption): (state, reason, owner, handedTo) = (.running, nil, resumption.owner, nil)
      case .runHandedOver(let change): handedTo = change.person
      case .cancellationAsked: isCancelled = true
      case .runParked(let parking): (state, reason) = (.waiting, parking.reason)
      case .runFinished(let end): (state, reason, last) = (end.phase, end.reason, entry.event)
      default: break
      }
    }
    self.id = id
    playbook = start.playbook
    name = start.name
    environment = start.environment
    production = start.production
    drill = start.drill
    unattended = start.unattended
    self.state = state
    actor = first?.actor ?? ""
    started = first?.at ?? start.detected
    detected = start.detected
    self.owner = owner
    self.reason = reason
    incident = first?.incident
    parent = start.parent
    self.handedTo = state.isOver ? nil : handedTo
    cancelling = isCancelled && !state.isOver
    ended = last?.at
    if let first, let last { milliseconds = Elapsed(from: first, to: last).milliseconds }
  }

  /// The state for people: a run whose process died does not run.
  var stateWord: String { interrupted ? "interrupted" : state.rawValue }

  /// For people; `nil` when the journal always took its record.
  var degradedText: String? { degraded.map { "DEGRADED: went on without the journal for a while: \($0)" } }

  var place: String { PlaceText.of(environment, production: production, drill: drill) }
}
