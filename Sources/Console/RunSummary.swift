internal import Engine
public import Execution
public import IncidentModel
internal import Playbooks
public import Reporting

/// The last lines of a run: how it ended, which clocks were kept, what was left out, what is true now, what to type
/// next, and where the record stands.
public struct RunSummary {
  private let screen: Screen

  public init(screen: Screen) { self.screen = screen }

  /// - Parameters:
  ///   - drill: how it went, where it was a drill.
  ///   - head: the journal's head, as `SEQUENCE:HASH`.
  public func show(
    _ result: RunResult, drill: DrillScore?, head: String?, status: Int32, stateDirectory: String, now: ClockReading
  ) {
    let state = result.state
    let kind = state.start?.drill == true ? " DRILL" : ""
    let exit = status == 0 ? "" : "   exit \(status)"
    screen.record("\(result.run) \(state.playbook.id)\(kind) \(word(state))\(exit)")
    if state.waiting.isEmpty {
      // From the second line on these are the words of whoever failed.
      for (index, line) in (state.reason ?? "").split(whereSeparator: \.isNewline).enumerated() {
        say((index == 0 ? "  " : "  | ") + String(line))
      }
    }
    for clock in state.clocks(at: state.ended ?? now) { say("  \(clock.name) \(verdict(clock, state))") }
    say("  \(tally(state))")
    if let mark = screen.armed.mark { say("  \(mark)") }
    for (_, record) in state.actingSteps where record.overridden && record.skipCause != .selection {
      let word = record.state == .skipped ? "skipped: " : record.state == .done ? "" : "gone on without: "
      say("  \(word)\(record.title ?? ""): \(record.reason?.reasonInWords ?? "")")
    }
    for step in state.waiting {
      screen.record("  left to a person: \((state.record(of: step.id).title ?? step.id.rawValue).visible)")
    }
    if !state.standing.isEmpty { screen.record("Still true:") }
    for fact in state.standing { say("  \(fact.title): \(fact.reading)") }
    if let drill {
      // Where the width has no limit, a table still has one that can be read.
      let width = min(screen.policy.recordWidth, Self.widestTable)
      for line in drill.lines(TextOptions(width: width)) { screen.record(screen.safe(line)) }
    }
    for (index, next) in next(result).enumerated() { screen.record((index == 0 ? "Next:  " : "       ") + next) }
    if let mark = state.degradation, result.isSpooled {
      say("Degraded: the record of \(result.spooled.count) entries is in \(mark.place), spool \(mark.spool)")
    } else if let head {
      // On a line of its own: with its hash it is nearly as wide as a terminal.
      screen.record("Journal \(stateDirectory.visible)/journal.db")
      screen.record("  head \(head)")
    }
  }

  private static let widestTable = 100

  private func say(_ text: String) {
    for line in Paragraph.lines(screen.safe(text).onOneLine.visible, width: screen.policy.recordWidth, indent: 4) {
      screen.record(line)
    }
  }

  private func verdict(_ clock: Scene.Clock, _ state: RunState) -> String {
    clock.met == nil && state.phase.isOver ? "not reached" : ClockLine.rest(of: clock)
  }

  /// `8 steps: 6 ok, 1 done but not verified, 1 skipped`
  private func tally(_ state: RunState) -> String {
    let labels: [(name: String, belongs: (StepRecord) -> Bool)] = [
      ("ok", { $0.state == .done && $0.verification == .verified && !$0.rolledBack }),
      ("done but not verified", { $0.state == .done && $0.verification != .verified && !$0.rolledBack }),
      ("taken back", \.rolledBack),
      ("failed", { $0.state == .failed && !$0.rolledBack }),
      ("unknown", { $0.state == .unknown || $0.state == .running }),
      ("skipped", { $0.state == .skipped }),
      ("stopped", { $0.state == .cancelled }),
      ("waiting for a person", { $0.state == .waiting }),
      ("not begun", { $0.state == .pending }),
    ]
    var counts = labels.map { _ in 0 }
    var all = 0
    for (_, record) in state.actingSteps {
      all += 1
      for (place, label) in labels.enumerated() where label.belongs(record) { counts[place] += 1 }
    }
    let parts = zip(counts, labels).filter { $0.0 > 0 }.map { "\($0) \($1.name)" }
    return "\(all) \(all == 1 ? "step" : "steps"): \(parts.joined(separator: ", "))"
  }

  private func word(_ state: RunState) -> String {
    switch state.phase {
    case .done: state.isDegraded ? "DONE, with exceptions" : "DONE"
    case .waiting, .running: state.hasFailed ? "PARKED, with failures" : "PARKED"
    default: state.phase.rawValue.uppercased()
    }
  }

  private func next(_ result: RunResult) -> [String] {
    var lines: [String] = []
    if result.isSpooled { return afterSpooling(result) }
    if !result.state.phase.isOver { lines.append("andon resume \(result.run)") }
    if result.state.phase.isOver, let parent = result.state.start?.parent { lines.append("andon resume \(parent)") }
    if result.state.actingSteps.contains(where: { $0.step.action.keyword == "notify" && $0.record.isBad }) {
      lines.append("andon notify outbox --send")
    }
    if result.state.hasFailed { lines.append("andon show \(result.run)") }
    if let incident = result.incident { lines.append("andon postmortem create \(incident)") }
    return lines
  }

  /// The journal comes first: the rest of the run waits for it.
  private func afterSpooling(_ result: RunResult) -> [String] {
    let resume = result.run.isProvisional ? "the andon resume it names" : "andon resume \(result.run)"
    return ["mend the journal's place: free space, or its permissions", "andon journal import-spool"]
      + (result.state.phase.isOver ? [] : [resume])
  }
}
