internal import Engine
internal import IncidentModel
internal import Playbooks

/// The change of a step's text that answers a finding, where the record shows what it has to be.
struct StepChange {
  /// As one sentence.
  let what: String
  /// The whole text of the playbook, changed.
  let lines: [String]?

  /// - Returns: `nil` where only a person can tell what to change.
  init?(_ kind: Finding.Kind, _ step: StepAccount, in run: RunAccount) {
    let text = StepText(step.step, in: run.state.playbook.source)
    switch kind {
    case .failed, .unknown, .retried:
      if step.ranOutOfTime, let limit = step.limit {
        self.init(raising: limit, of: step, text)
      } else if kind == .unknown, step.step.verify == nil {
        self.init(proving: step, text)
      } else if kind == .retried, step.record.state == .done, step.step.retry == nil, step.mayRepeat {
        let retry = "retry: {max: \(max(2, step.record.attempts)), every: 5s}"
        self.init(what: "Let '\(step.id)' be tried again by itself: \(retry)", lines: text?.appending([retry]))
      } else {
        return nil
      }
    case .unverified where step.step.verify == nil: self.init(proving: step, text)
    case .misleadingCheck:
      guard let check = step.step.verify, step.laterCheckHeld else { return nil }
      let longer = (check.within * 2).playbookText
      let key = "within"
      let block = text?.replacing(key, with: longer)
      self.init(
        what: "Give the check of '\(step.id)' more time: \(key): \(longer) instead of \(check.within.playbookText)",
        lines: block)
    case .skipped, .overridden:
      let reason = step.record.reason?.onOneLine.truncated(to: 100) ?? "no reason recorded"
      let todo =
        kind == .skipped
        ? "is it needed? If only sometimes, say when with 'when'." : "make it do what was done by hand."
      self.init(
        what: "Mark the place in '\(step.id)'",
        lines: text?.appending(["# TODO \(kind.rawValue) in \(run.id) (\(reason)): \(todo)"]))
    default: return nil
    }
  }

  private init(what: String, lines: [String]?) {
    self.what = what
    self.lines = lines
  }

  /// Twice the limit that was too short: how long it may take, people know better.
  private init(raising limit: Duration, of step: StepAccount, _ text: StepText?) {
    let longer = (limit * 2).playbookText
    let isWritten = step.step.timeout != nil || step.step.action.innerTimeout != nil
    what =
      "Give '\(step.id)' more time: timeout: \(longer) instead of \(limit.playbookText)"
      + (isWritten ? "" : ", which it has without one")
    lines = isWritten ? text?.replacing("timeout", with: longer) : text?.appending(["timeout: \(longer)"])
  }

  private init(proving step: StepAccount, _ text: StepText?) {
    what = "Give '\(step.id)' a check; the skeleton has to be filled in"
    let (probe, until) = step.step.action.skeleton
    lines = text?.appending([
      "# TODO a read-only question that proves what '\(step.id)' did:", "# verify:", "#   \(probe)",
      "#   until: \(until)",
    ])
  }
}

extension StepAccount {
  /// One of its attempts was ended by its time limit.
  fileprivate var ranOutOfTime: Bool {
    entries.contains { entry in
      guard case .stepActed(let act) = entry.event.fact else { return false }
      return act.unknown == .timedOut || act.failure?.code == .timedOut
    }
  }

  /// Of one attempt; `nil` for actions without one.
  fileprivate var limit: Duration? {
    if let timeout = step.timeout ?? step.action.innerTimeout { return timeout }
    return switch step.action {
    case .sql: .seconds(30)
    case .http: .seconds(10)
    case .command, .shell: .seconds(60)
    default: nil
    }
  }

  fileprivate var mayRepeat: Bool { step.idempotent || step.effect == .read }
}

extension StepAction {
  fileprivate var innerTimeout: Duration? { if case .command(let action) = self { action.timeout } else { nil } }

  /// The beginning of a check that fits.
  fileprivate var skeleton: (probe: String, until: String) {
    switch self {
    case .sql(let action): ("sql: {connection: \(action.connection), run: SELECT …}", #"rows[0].… == "…""#)
    case .http(let action): ("http: {connection: \(action.connection), get: /…}", #"json.… == "…""#)
    default: ("command: {run: [program, argument]}", #"trim(stdout) == "…""#)
    }
  }
}
