public import Execution
public import IncidentModel
import Synchronization

/// Shows a run while it happens, one line for each thing that is over. Append-only: nothing is ever redrawn.
public final class RunTranscript: RunObserver {
  private let screen: Screen
  private let titles = Mutex<[StepID: String]>([:])
  private let details = Mutex<[StepID: [String]]>([:])
  private let lastProgress = Mutex<[StepID: Int64]>([:])
  private let time: TimeSource

  public init(screen: Screen, time: TimeSource) {
    self.screen = screen
    self.time = time
  }

  public func recorded(_ event: Event) {
    let style = screen.style
    switch event.fact {
    case .incidentOpened(let opening):
      let drill = opening.drill ? " DRILL" : ""
      screen.record(
        "\(event.incident?.description ?? "") \(opening.severity.rawValue)\(drill) opened: \(opening.title.visible)")
    case .runStarted(let start):
      let place = start.drill ? "DRILL in \(start.environment)" : "*** \(start.environment.uppercased()) ***"
      let incident = event.incident.map { " | \($0)" } ?? ""
      screen.record(
        style.strong("\(event.run?.description ?? "") \(start.playbook)\(incident) | \(place)")
          + " | \(event.actor.visible) | \(event.at.clockTime) UTC")
    case .runResumed:
      screen.record("\(event.run?.description ?? "") taken up by \(event.actor.visible) | \(event.at.clockTime) UTC")
    case .stepIntended(let intent): if let step = event.step { titles.withLock { $0[step] = intent.title } }
    case .stepActed(let act): note(act, event)
    case .stepChecked(let check): note(check, event)
    case .stepFinished(let end): finished(end, event)
    case .stepSkipped(let skip):
      line(style.faint("skipped "), skip.title, [skip.reason])
    case .stepAsked(let question):
      if let step = event.step { titles.withLock { $0[step] = question.title } }
      line(style.caution("waiting "), question.title, [question.ask])
    case .targetJudged(let judgement): judged(judgement)
    case .messageFailed(let failure): screen.warn("  message  \(failure.failure.message.onOneLine.visible)")
    default: break
    }
  }

  public func progress(_ step: StepID, _ line: String) {
    let now = time.read().boot
    let due = lastProgress.withLock { times in
      let due = now - (times[step] ?? 0) >= (screen.policy.isWatched ? 2000 : 30_000)
      if due { times[step] = now }
      return due
    }
    if due && !line.isEmpty { screen.hint("  still    \(step): \(line.visible)") }
  }

  private func note(_ act: StepAct, _ event: Event) {
    guard let step = event.step else { return }
    let warnings = act.warnings.map { "warning: \($0)" }
    let failure = act.failure.map { [$0.message] + ($0.advice.map { ["what to do: \($0)"] } ?? []) } ?? []
    details.withLock { $0[step] = warnings + failure }
  }

  private func note(_ check: StepCheck, _ event: Event) {
    guard let step = event.step else { return }
    let failure = check.failure.map { [$0.message] + ($0.advice.map { ["what to do: \($0)"] } ?? []) } ?? []
    let reading =
      check.verification == .verified ? check.reading.map { ["check passed: \($0)"] } ?? ["check passed"] : []
    details.withLock { $0[step, default: []] += failure + reading }
  }

  private func finished(_ end: StepEnd, _ event: Event) {
    guard let step = event.step else { return }
    let style = screen.style
    var lines = details.withLock { $0.removeValue(forKey: step) } ?? []
    if let reason = end.reason, !lines.contains(where: { reason.contains($0) || $0.contains(reason) }) {
      lines.append(end.verification == .unverified && end.state == .done ? "unverified: \(reason)" : reason)
    }
    let title = titles.withLock { $0[step] } ?? end.title ?? step.rawValue
    if end.retrying { return line(style.caution("again   "), title, lines) }
    let word =
      switch end.state {
      case .done where end.verification == .verified: style.good("ok      ")
      case .done: style.caution("done    ")
      case .unknown: style.bad("UNKNOWN ")
      case .cancelled: style.caution("stopped ")
      default: style.bad("FAILED  ")
      }
    line(word, title, lines)
  }

  private func judged(_ judgement: TargetJudgement) {
    let elapsed = Duration.milliseconds(judgement.elapsedMilliseconds).clockText
    let limit = Duration.milliseconds(judgement.limitMilliseconds).clockText
    let word = judgement.met ? screen.style.good("met     ") : screen.style.bad("MISSED  ")
    line(word, "target \(judgement.target)", ["\(elapsed) after detection, limit \(limit)"])
  }

  private func line(_ word: String, _ title: String, _ details: [String]) {
    screen.record("  \(word) \(title.visible)")
    for detail in details {
      for part in detail.split(whereSeparator: \.isNewline) { screen.record("           \(String(part).visible)") }
    }
  }
}

extension String {
  /// Line breaks as ` / `, for a place that has one line.
  var onOneLine: String { split(whereSeparator: \.isNewline).joined(separator: " / ") }
}
