import Foundation
import IncidentModel
import Journaling
import Reporting
import TestSupport
import Testing

/// Many incidents in one journal, each written down by hand.
final class Season {
  static let begin = Timestamp("2031-03-03T10:00:00.000Z") ?? Timestamp(milliseconds: 0)

  private let folder: TemporaryFolder
  private let journal: Journal
  private var incident = 0
  private var run = 0
  private var now = Season.begin
  private var boot: Int64 = 1_000_000

  init() throws {
    folder = try TemporaryFolder()
    journal = try Journal(directory: folder.path, redactor: Redactor())
  }

  func wait(_ seconds: Int) {
    now = now + .seconds(seconds)
    boot += Int64(seconds) * 1000
  }

  func days(_ days: Int) { wait(days * 86_400) }

  func add(_ fact: Fact, run: Int? = nil, step: StepID? = nil, inIncident: Bool = true) throws {
    let reading = ClockReading(wall: now, boot: boot, bootID: "b")
    try journal.append([
      Event(
        at: reading, actor: "dana@ops1", incident: inIncident ? IncidentID(number: incident) : nil,
        run: run.map { RunID(number: $0) }, step: step, fact)
    ])
  }

  func record(_ playbook: String, digest: String, _ text: String) throws {
    try add(.playbookRecorded(PlaybookRecord(playbook: playbook, digest: digest, text: text)), inIncident: false)
  }

  /// An incident that is detected now; the rest so many seconds afterwards, `nil`: never recorded.
  func incident(
    _ severity: Severity = .p1, title: String = "Orders fail", environment: String = "production", drill: Bool = false,
    startedBefore: Int? = nil, acknowledged: Int? = nil, mitigated: Int? = nil, resolved: Int? = nil
  ) throws {
    incident += 1
    try add(
      .incidentOpened(
        IncidentOpening(title: title, severity: severity, why: "test", environment: environment, drill: drill)))
    if let startedBefore { try mark(.started, now - .seconds(startedBefore)) }
    try mark(.detected, now)
    for (milestone, seconds) in [
      (Milestone.acknowledged, acknowledged), (.mitigated, mitigated), (.resolved, resolved),
    ] {
      if let seconds { try mark(milestone, now + .seconds(seconds)) }
    }
  }

  func mark(_ milestone: Milestone, _ moment: Timestamp) throws {
    try add(.milestoneReached(MilestoneMark(milestone, reached: moment, source: "dana")))
  }

  var clock: Timestamp { now }

  /// A run whose steps take so many seconds and end like this.
  func run(
    _ playbook: String, digest: String = "d1", drill: Bool = false, targets: [(String, Bool)] = [],
    _ steps: [(StepID, Int, StepState)] = [], phase: RunPhase? = .done
  ) throws {
    run += 1
    try add(
      .runStarted(
        RunStart(
          playbook: playbook, name: playbook, digest: digest, environment: "production", production: true, drill: drill,
          unattended: true, params: [:], prerequisites: [:], detected: now,
          owner: RunOwner(host: "ops1", pid: 1, epoch: 1))), run: run)
    for (step, seconds, state) in steps {
      try add(
        .stepIntended(StepIntent(title: "x", action: "command", effect: .write, preview: [], digest: "x")), run: run,
        step: step)
      wait(seconds)
      let verification: Verification = state == .done ? .verified : .failed
      try add(.stepFinished(StepEnd(state: state, verification: verification)), run: run, step: step)
    }
    for (target, met) in targets {
      try add(
        .targetJudged(TargetJudgement(target: target, limit: .seconds(10), elapsed: .seconds(met ? 5 : 15))), run: run,
        step: "steps[0]")
    }
    if let phase { try add(.runFinished(RunEnd(phase: phase)), run: run) }
  }

  func report(_ request: MetricsRequest = MetricsRequest(), now moment: Timestamp? = nil) throws -> MetricsReport {
    let reader = try #require(try JournalReader(directory: folder.path))
    return try MetricsReport(FigureRecord(reader: reader), request, now: moment ?? now)
  }

  func json(_ request: MetricsRequest = MetricsRequest(), now: Timestamp? = nil) throws -> [String: Any] {
    try object(try report(request, now: now).json())
  }
}

/// A group's figure of a name.
func times(_ name: String, _ group: String, in json: [String: Any]) throws -> [String: Any] {
  let groups = try #require(json["groups"] as? [[String: Any]])
  let found = try #require(groups.first { $0["group"] as? String == group }, "\(groups.map { $0["group"] ?? "" })")
  let all = try #require(found["times"] as? [[String: Any]])
  return try #require(all.first { $0["name"] as? String == name })
}
