internal import Engine
public import IncidentModel

/// Something that the record shows to be wrong with the runbook, the tools or their set-up, with a suggestion.
public struct Finding: Sendable, Hashable, Codable {
  public enum Kind: String, Sendable, Codable {
    case failed, unknown, skipped, overridden, unverified, retried, overdue, undelivered, unreadable, degraded
    case rolledBack = "rolled_back"
    /// A check said no, and yes when it was asked again, although nothing had been done in between.
    case misleadingCheck = "misleading_check"
    /// The playbook was not the same in two runs of the incident.
    case edited
  }

  public let kind: Kind
  @OrNull public var run: RunID?
  @OrNull public var step: String?
  /// What it is about: a step's title, a target, a message.
  public let subject: String
  /// What happened.
  public let what: String
  /// What to do about it, as a task.
  public let suggestion: String
  public let entries: [Int64]
  /// Where that is in the playbook, and the change if it can be derived.
  @OrNull public var patch: RunbookPatch?

  /// Everything found in an incident, run by run in the order of the playbook.
  static func all(in file: IncidentFile) -> [Finding] {
    file.runs.flatMap(all(in:)) + edited(file.runs) + file.messages.compactMap(undelivered)
  }

  private static func edited(_ runs: [RunAccount]) -> [Finding] {
    runs.indices.compactMap { index in
      let run = runs[index]
      guard let former = runs[..<index].last(where: { $0.start.playbook == run.start.playbook }),
        former.start.digest != run.start.digest
      else { return nil }
      var finding = Finding(
        .edited, run: run.id, subject: "playbook \(run.start.playbook)",
        what: "was not the same in \(former.id) and \(run.id)",
        suggestion: "Look at what was edited under pressure, and have it reviewed", entries: [run.entries[0].sequence])
      finding.patch = .edited(run, after: former)
      return finding
    }
  }

  static func all(in run: RunAccount) -> [Finding] {
    var findings: [Finding] = []
    if let gap = run.gap {
      findings.append(
        Finding(
          .unreadable, run: run.id, subject: run.start.playbook, what: gap,
          suggestion: "Check both: andon journal verify, andon playbook check \(run.start.playbook)", entries: []))
    }
    if let mark = run.state.degradation {
      let entries = run.entries.filter { $0.event.fact.kind == .runDegraded }.map(\.sequence)
      findings.append(
        Finding(
          .degraded, run: run.id, subject: "\(run.id) went on without the journal", what: mark.why,
          suggestion: "Find out why the journal could not be written, and keep its place in order", entries: entries))
    }
    findings += run.steps.flatMap { all(in: $0, of: run) }
    findings += run.targets.compactMap { overdue($0, run) }
    return findings
  }

  private static func undelivered(_ message: MessageAccount) -> Finding? {
    guard message.isPending, let failure = message.lastFailure?.failure else { return nil }
    return Finding(
      .undelivered, run: message.run, step: message.step?.rawValue, subject: "message \(message.message.id)",
      what: failure.failure.message,
      suggestion: failure.failure.advice ?? "Check the connection '\(message.message.connection)'",
      entries: message.entries)
  }

  private static func all(in step: StepAccount, of run: RunAccount) -> [Finding] {
    func finding(_ kind: Kind, _ what: String, _ suggestion: String) -> Finding {
      var finding = Finding(
        kind, run: run.id, step: step.id.rawValue, subject: step.title, what: what, suggestion: suggestion,
        entries: step.entries.map(\.sequence))
      finding.patch = .of(kind, step, in: run, task: suggestion)
      return finding
    }
    let record = step.record
    let reason = record.reason?.reasonInWords ?? "no reason recorded"
    var findings: [Finding] = []
    if let rollback = step.rollback {
      findings.append(
        finding(.rolledBack, "taken back by \(rollback.by)", "Find out why '\(step.id)' had to be taken back"))
    }
    switch record.state {
    case .failed: findings.append(finding(.failed, reason, step.suggestionAfterFailure))
    case .unknown:
      findings.append(
        finding(.unknown, reason, "Make it possible to tell what became of it: give '\(step.id)' a check that decides"))
    case .skipped where record.skipCause == .person:
      findings.append(
        finding(.skipped, reason, "Decide whether '\(step.id)' is needed; if only sometimes, say when with 'when'"))
    case .done where record.overridden:
      findings.append(
        finding(.overridden, "done by hand: \(reason)", "Make '\(step.id)' do what was done by hand"))
    case .done where step.leavesDoubt && step.action != "manual":
      let suggestion =
        record.check == nil
        ? "Give '\(step.id)' a check (verify), so that done means verified"
        : "Sharpen the check of '\(step.id)', so that it says yes or no"
      findings.append(finding(.unverified, reason, suggestion))
    default: break
    }
    if step.laterCheckHeld {
      findings.append(
        finding(
          .misleadingCheck, "its check said no, and yes when it was asked again",
          "Give the check of '\(step.id)' the time that the change needs"))
    }
    if record.attempts > 1 {
      let why = step.attempts.first { $0.reason != nil && $0.retrying }?.reason?.reasonInWords ?? "no reason recorded"
      findings.append(
        finding(
          .retried, "took \(record.attempts) attempts; the first: \(why)",
          "Find out why '\(step.id)' did not work the first time"))
    }
    return findings
  }

  init(
    _ kind: Kind, run: RunID?, step: String? = nil, subject: String, what: String, suggestion: String, entries: [Int64]
  ) {
    self.kind = kind
    self.subject = subject
    self.what = what
    self.suggestion = suggestion
    self.entries = entries
    self.run = run
    self.step = step
  }
}
