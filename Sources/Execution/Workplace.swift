public import Actions
public import IncidentModel
public import Journaling
public import Playbooks

/// What it takes to prepare and make actions, without a record of them: enough for a dry run.
public struct Equipment: Sendable {
  public var library: PlaybookLibrary
  public var connections: ConnectionBook
  public var performer: Performer
  public var redactor: Redactor
  public var time: TimeSource

  public init(
    library: PlaybookLibrary, connections: ConnectionBook, performer: Performer, redactor: Redactor, time: TimeSource
  ) {
    self.library = library
    self.connections = connections
    self.performer = performer
    self.redactor = redactor
    self.time = time
  }
}

/// Everything a run works with, wired once by whoever starts it.
public struct Workplace: Sendable {
  public var equipment: Equipment
  public var journal: Journal
  /// Where the journal and the locks are.
  public var stateDirectory: String
  public var actor: String
  public var host: String
  public var pid: Int
  /// `nil`: nobody is there to ask.
  public var `operator`: (any Operator)?
  public var observer: any RunObserver
  /// Where a spool may lie, for runs that may go on without the journal.
  public var spools: SpoolPlaces
  /// Until when the beginning of such a run has to be recorded somewhere; `nil`: as long as any other write may take.
  public var deadline: ContinuousClock.Instant?
  public let control = RunControl()

  public init(
    equipment: Equipment, journal: Journal, stateDirectory: String, actor: String, host: String, pid: Int,
    operator: (any Operator)?, observer: any RunObserver, spools: SpoolPlaces? = nil
  ) {
    self.equipment = equipment
    self.journal = journal
    self.stateDirectory = stateDirectory
    self.actor = actor
    self.host = host
    self.pid = pid
    self.operator = `operator`
    self.observer = observer
    self.spools = spools ?? SpoolPlaces(stateDirectory: stateDirectory, chosen: nil)
  }

  /// The record of a run of this playbook.
  func record(of playbook: Playbook, told: [Event] = []) -> RunRecord {
    RunRecord(
      journal, places: playbook.emergencySteps.isEmpty ? nil : spools,
      writer: RunRecord.Writer(actor: actor, host: host, pid: pid, time: time), deadline: deadline, told: told)
  }

  var library: PlaybookLibrary { equipment.library }
  var time: TimeSource { equipment.time }
}
