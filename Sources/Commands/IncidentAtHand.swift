internal import Console
internal import Engine
internal import IncidentModel
internal import Journaling
internal import Reporting

/// The incident that a command adds to: the one it names, or the only one that is open.
struct IncidentAtHand {
  let assembly: Assembly
  let id: IncidentID

  /// - Parameter text: `INC-1`, as it was typed.
  init(_ text: String?, _ assembly: Assembly) throws {
    assembly.hideKnownSecrets()
    let named = try text.map(Self.read)
    self.assembly = assembly
    id = try OpenIncident(reader: try assembly.openReader()).chosen(named)
  }

  private static func read(_ text: String) throws -> IncidentID {
    if let id = IncidentID(text) { return id }
    throw CommandFailure(.usage, "'\(text)' is not of the form INC-1", advice: "andon history lists them.")
  }

  /// The incident as it stands now.
  func state() throws -> IncidentState {
    var state = IncidentState(id: id)
    for entry in try assembly.openReader().entries(of: id) { state.apply(entry.event) }
    return state
  }

  /// Appends what `facts` makes of the incident. It sees the incident as it stands while nobody else can write, so
  /// what it decides holds: two people at once never get the same number. When it throws, or makes nothing, nothing is
  /// recorded.
  /// - Returns: the incident afterwards.
  @discardableResult
  func record(_ facts: (IncidentState) throws -> [Fact]) throws -> IncidentState {
    let journal = try assembly.openJournal()
    defer { journal.close() }
    let now = assembly.time.read()
    var made = Result<[Fact], any Error>.success([])
    try journal.append { _ in
      made = Result { try facts(try state()) }
      return ((try? made.get()) ?? []).map { Event(at: now, actor: assembly.actor, incident: id, $0) }
    }
    _ = try made.get()
    return try state()
  }

  /// What the command has to say: a record for machines under `--json`, else the lines.
  func show(_ state: IncidentState, _ lines: String...) throws {
    if assembly.wantsJSON { return assembly.screen.record(try IncidentCard(state).json()) }
    for line in lines where !line.isEmpty { assembly.screen.record(line) }
  }
}

extension Assembly {
  /// For reports: what people see is laid out for their terminal.
  var textOptions: TextOptions { TextOptions(width: screen.policy.width, now: time.read().wall) }
}

extension Timestamp {
  /// `03:14:22 UTC`; with the day when that is not the day of `now`.
  func spoken(now: Timestamp) -> String {
    calendarDate == now.calendarDate ? "\(clockTime) UTC" : "\(calendarDate) \(clockTime) UTC"
  }
}
