import Engine
import IncidentModel

extension Finding {
  /// A target that was missed, with what took longest until it was judged.
  static func overdue(_ target: TargetLine, _ run: RunAccount) -> Finding? {
    guard target.state == .missed, let elapsed = target.elapsed, let limit = target.limit else { return nil }
    let before = run.steps.filter { ($0.begun ?? .max) < (target.entry ?? .max) }
    let slow = before.compactMap { step in step.elapsed.map { (step, $0) } }.max {
      $0.1.milliseconds < $1.1.milliseconds
    }
    let longest = slow.map { "; the longest step was '\($0.0.title)' with \($0.1.text)" } ?? ""
    var finding = Finding(
      .overdue, run: run.id, subject: "target \(target.name)",
      what: "took \(elapsed.spokenText) of \(limit.clockText)\(longest)",
      suggestion: "Find what took longest on the way to '\(target.name)'; shorten it, or correct the target",
      entries: target.entry.map { [$0] } ?? [])
    finding.patch = .of(target, in: run, task: finding.suggestion)
    return finding
  }
}

extension StepAccount {
  /// A check of it did not pass and the next one did, with no attempt in between.
  var laterCheckHeld: Bool {
    var hasFailed = false
    for entry in entries {
      switch entry.event.fact {
      case .stepIntended: hasFailed = false
      case .stepChecked(let check):
        if check.verification == .verified, hasFailed { return true }
        hasFailed = check.verification == .failed
      default: break
      }
    }
    return false
  }
}

extension StepAccount {
  var suggestionAfterFailure: String {
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
