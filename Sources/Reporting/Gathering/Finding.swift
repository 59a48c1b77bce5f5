internal import Engine
public import IncidentModel

/// Something that the record shows to be wrong with the runbook, the tools or their set-up, with a suggestion.
public struct Finding: Sendable, Hashable, Codable {
  public enum Kind: String, Sendable, Codable {
    case failed, unknown, skipped, overridden, unverified, retried, overdue, undelivered, unreadable, degraded
    case rolledBack = "rolled_back"
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

  /// Everything found in an incident, run by run in the order of the playbook.
  static func all(in file: IncidentFile) -> [Finding] {
    file.runs.flatMap(all(in:)) + file.messages.compactMap(undelivered)
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

  private static func overdue(_ target: TargetLine, _ run: RunAccount) -> Finding? {
    guard target.state == .missed, let elapsed = target.elapsed, let limit = target.limit else { return nil }
    return Finding(
      .overdue, run: run.id, subject: "target \(target.name)", what: "took \(elapsed.spokenText) of \(limit.clockText)",
      suggestion: "Find what took longest on the way to '\(target.name)'; shorten it, or correct the target",
      entries: target.entry.map { [$0] } ?? [])
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
      Finding(
        kind, run: run.id, step: step.id.rawValue, subject: step.title, what: what, suggestion: suggestion,
        entries: step.entries.map(\.sequence))
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
    if record.attempts > 1 {
      let why = step.attempts.first { $0.reason != nil && $0.retrying }?.reason?.reasonInWords ?? "no reason recorded"
      findings.append(
        finding(
          .retried, "took \(record.attempts) attempts; the first: \(why)",
          "Find out why '\(step.id)' did not work the first time"))
    }
    return findings
  }

  private init(
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

extension StepAccount {
  fileprivate var suggestionAfterFailure: String {
    if let advice = record.act?.failure?.advice ?? record.check?.failure?.advice { return advice }
    return switch record.act?.failure?.code ?? record.check?.failure?.code {
    case .notConfigured, .connectFailed, .authenticationFailed, .tlsFailed, .toolMissing, .secretExposed:
      "Make what '\(id)' needs ready, and keep it so"
    case .timedOut, .connectionLost, .lockTimeout:
      "Find out what '\(id)' waited for; correct its limits if they are wrong"
    case .rowContract: "Find out why '\(id)' did not match the rows it expects"
    case .checkFailed: "'\(id)' said that it worked and its check says that it did not: correct the one that is wrong"
    case .checkUnavailable: "Make the check of '\(id)' possible"
    default: "Find out why '\(id)' failed, and correct the playbook or what it works on"
    }
  }
}
