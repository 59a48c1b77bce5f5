internal import Console
internal import Engine
internal import Execution
internal import IncidentModel
internal import Playbooks
import Synchronization

/// Tells what monitors see: everything as lines of JSON, or what is new in words.
final class MonitorTranscript: MonitorObserver {
  enum Style: Sendable {
    /// `--jsonl`
    case lines
    /// `--once --json`
    case object
    /// `--once`
    case table
    /// A watch without an end: only what is new.
    case news
  }

  private let screen: Screen
  private let style: Style
  /// The monitors of which it was told that they leave looks out.
  private let slow = Mutex<Set<String>>([])

  init(screen: Screen, style: Style) {
    self.screen = screen
    self.style = style
  }

  func looked(_ look: MonitorLook) {
    if let trouble = look.outcome.trouble {
      screen.warn("andon: \(look.monitor.id): \(trouble.message.visible)" + (trouble.advice.map { "\n  \($0)" } ?? ""))
    }
    switch style {
    case .lines: screen.record(look.json.jsonText)
    case .news:
      // One look that fails is told, and what comes of many; not each of them.
      if look.outcome.news != nil || look.outcome.misses == 1 {
        screen.record("\(look.taken.clockTime) \(line(look, width: look.monitor.id.count))")
      }
      if look.skipped > 0, slow.withLock({ $0.insert(look.monitor.id).inserted }) {
        screen.warn("\(look.monitor.id) takes longer than its interval: some looks are left out")
      }
    case .table, .object: break
    }
    guard style != .lines else { return }
    if let why = look.outcome.refused { screen.warn("\(look.monitor.startable ?? "") does not start: \(why.visible)") }
    guard let firing = look.outcome.announced else { return }
    screen.warn(
      screen.style.bad("ARMED")
        + "  \(firing.playbook) starts by itself at \(firing.due.clockTime) UTC unless somebody stops it:\n"
        + "  andon playbook disarm \(firing.playbook) --env \(firing.environment)")
  }

  func fired(_ firing: PlaybookFiring, _ result: RunResult?) {
    if style == .lines { return }
    switch (firing.stage, result) {
    case (.calledOff, _): screen.warn("\(firing.playbook) does not start: \(firing.why?.visible ?? "")")
    case (_, nil): screen.warn(screen.style.bad("FIRED") + "  \(firing.playbook), by monitor \(firing.monitor)")
    case (_, let result?):
      screen.warn("\(result.run) \(result.state.phase.rawValue)   Next: andon show \(result.run)")
    }
  }

  func troubled(_ problem: Problem) { screen.warn("andon: \(problem.description.visible(keepingLineBreaks: true))") }

  /// What sees the run that a monitor starts.
  func runObserver(_ time: TimeSource) -> any RunObserver {
    switch style {
    case .lines: EventLines(screen: screen)
    case .object: SilentObserver()
    case .table, .news: RunTranscript(screen: screen, time: time)
    }
  }

  // MARK: - Beginning and end

  func begin(_ monitors: [Monitor], leftOut: [(monitor: String, why: String)], _ environment: String) {
    let count = monitors.count - leftOut.count
    screen.hint("watching \(environment): \(count) \(count == 1 ? "monitor" : "monitors"). Ctrl-C ends it.")
    for (monitor, why) in leftOut { screen.hint("  without \(monitor): \(why)") }
  }

  /// One line for each monitor, or one object.
  func summarize(
    _ looks: [MonitorLook], leftOut: [(monitor: String, why: String)], _ environment: String
  ) {
    let code = MonitorSession.status(of: looks).rawValue
    switch style {
    case .object:
      let left: [Value] = leftOut.map { .map(["monitor": .text($0.monitor), "why": .text($0.why)]) }
      screen.record(
        Value.map([
          "schema_version": .number(1), "environment": .text(environment), "exit": .number(Int(code)),
          "monitors": .list(looks.map(\.json)), "left_out": .list(left),
        ]).jsonText)
    case .table:
      let width = (looks.map(\.monitor.id) + leftOut.map(\.monitor)).map(\.count).max() ?? 0
      for look in looks { screen.record(line(look, width: width)) }
      for (monitor, why) in leftOut { screen.record("left out  \(monitor.padded(to: width))  \(why)") }
      if looks.isEmpty, leftOut.isEmpty { screen.record("monitors.yaml holds no monitor.") }
    case .lines, .news: break
    }
  }

  private func line(_ look: MonitorLook, width: Int) -> String {
    let word = (look.outcome.news == .recovered ? "recovered" : look.word).padded(to: 9)
    let shown =
      switch look.reading.verdict {
      case .fine: look.outcome.news == .recovered ? screen.style.good(word) : word
      case .breached: screen.style.bad(word)
      case .missed: screen.style.caution(word)
      }
    let incident = look.outcome.incident.map { "   \($0)\(look.outcome.opened ? " opened" : "")" } ?? ""
    let severity = look.reading.verdict == .fine ? "" : " \(look.monitor.severity.rawValue)"
    let advice = look.reading.verdict == .breached ? look.monitor.suggest.map { "   andon run \($0)" } ?? "" : ""
    let text = look.reading.text.split(whereSeparator: \.isNewline).joined(separator: " / ").visible
    return "\(shown) \(look.monitor.id.padded(to: width))\(severity)  \(text)\(incident)\(advice)"
  }
}

extension MonitorLook {
  fileprivate var word: String {
    switch reading.verdict {
    case .fine: "ok"
    case .breached: "BREACH"
    case .missed: "UNKNOWN"
    }
  }

  /// One look, for programs.
  fileprivate var json: Value {
    .map([
      "kind": .text("monitor.look"), "monitor": .text(monitor.id), "due": .text(due.description),
      "taken": .text(taken.description), "late_milliseconds": .number(Int(late.wholeMilliseconds)),
      "milliseconds": .number(Int(milliseconds)), "skipped": .number(skipped),
      "state": .text(reading.verdict.rawValue), "reading": .text(reading.text),
      "severity": .text(monitor.severity.rawValue), "suggest": monitor.suggest.map(Value.text) ?? .null,
      "news": outcome.news.map { .text($0.rawValue) } ?? .null,
      "incident": outcome.incident.map { .text($0.description) } ?? .null,
      "starts": outcome.announced.map {
        .map(["playbook": .text($0.playbook), "due": .text($0.due.description)])
      } ?? .null,
      "misses": .number(outcome.misses),
    ])
  }
}
