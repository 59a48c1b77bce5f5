public import Engine
public import IncidentModel
public import Playbooks

/// What somebody asks for: one execution of a playbook, everything checked and agreed to.
public struct RunRequest: Sendable {
  public var playbook: Playbook
  public var environment: EnvironmentFile
  public var drill: Bool
  /// True when nobody is asked anything; manual steps then park the run.
  public var unattended: Bool
  public var params: [String: Value]
  /// Names of the params whose values are secrets.
  public var secretParams: Set<String>
  public var prerequisites: [String: Bool]
  /// When the trouble was noticed; `nil`: when the incident was, else now.
  public var detected: Timestamp?
  public var incident: IncidentChoice
  /// The word or flag that allowed it, for the record.
  public var why: String
  /// Steps to leave out, from `--from` and `--only`.
  public var leftOut: Set<StepID>
  /// Extra wish of the caller for what happens after a failure.
  public var onFailure: FailurePolicy?
  /// Whether `write` and `destructive` steps have been agreed to as a whole.
  public var approved: Set<Effect>
  /// True when no person started it: then nobody has seen the incident yet.
  public var isAutomatic = false

  public enum IncidentChoice: Sendable, Hashable {
    /// A new one, with the playbook's severity.
    case open(title: String)
    case join(IncidentID)
    case none
  }

  public init(
    playbook: Playbook, environment: EnvironmentFile, drill: Bool, unattended: Bool, params: [String: Value] = [:],
    secretParams: Set<String> = [], prerequisites: [String: Bool] = [:], detected: Timestamp? = nil,
    incident: IncidentChoice, why: String, leftOut: Set<StepID> = [], onFailure: FailurePolicy? = nil,
    approved: Set<Effect> = []
  ) {
    self.playbook = playbook
    self.environment = environment
    self.drill = drill
    self.unattended = unattended
    self.params = params
    self.secretParams = secretParams
    self.prerequisites = prerequisites
    self.detected = detected
    self.incident = incident
    self.why = why
    self.leftOut = leftOut
    self.onFailure = onFailure
    self.approved = approved
  }
}

/// How a run stands when its process lets go of it.
public struct RunResult: Sendable {
  public let run: RunID
  public let incident: IncidentID?
  public let state: RunState
  /// What a spool holds of it because no journal could; empty when the journal has everything.
  public let spooled: [Entry]

  /// True when this process could not bring its record into the journal.
  public var isSpooled: Bool { !spooled.isEmpty }
}
