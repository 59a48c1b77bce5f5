public import Engine
public import Execution
public import IncidentModel
internal import Playbooks
internal import Reporting
import Synchronization

/// Shows a run while it happens: one line for each thing that is over, and, while something takes long, how long it
/// has been at it and what it said last. Append-only, but for one status line on a live terminal; elsewhere a line at
/// the start, every 30 seconds and at the end.
public final class RunTranscript: RunObserver {
  private struct Running {
    let run: RunID?
    let step: StepID
    let title: String
    let began: Int64
    var lastLine = ""
    /// When the last line about it was shown.
    var told: Int64

    func isDue(at now: Int64) -> Bool {
      now - told >= (told == began && !lastLine.isEmpty ? firstWordAfter : tellsEvery)
    }
  }

  private struct State {
    var titles: [StepID: String] = [:]
    var details: [StepID: [String]] = [:]
    var running: [Running] = []
    /// A task looks once a second. It goes on from one step to the next: one for each, called off when it ended, was
    /// 7 % of the samples of a thousand quick steps.
    var isTicking = false
    var watching: Set<StepID> = []
    /// The runs that this process drives: one, and those that are steps of it.
    var runs: [RunID: RunState] = [:]
  }

  private let screen: Screen
  private let time: TimeSource
  private let verbose: Bool
  private let state = Mutex(State())
  private let bell = ClockBell()
  private let expectations: Expectations

  /// Columns of the word and the spaces around it.
  private static let margin = 11
  private static let tellsEvery: Int64 = 30_000
  /// What a step says first is worth knowing sooner: it may be what holds it up.
  private static let firstWordAfter: Int64 = 2_000

  /// - Parameters:
  ///   - verbose: shows each action and each check as it is made, too.
  ///   - earlier: what there is to learn from about a run.
  public init(
    screen: Screen, time: TimeSource, verbose: Bool = false,
    earlier: @escaping @Sendable (RunState) -> EarlierRuns = { _ in .none }
  ) {
    self.screen = screen
    self.time = time
    self.verbose = verbose
    expectations = Expectations(earlier)
  }

  public func drives(_ run: RunState) {
    guard let id = run.run else { return }
    expectations.began(id, at: time.read().wall)
    state.withLock { $0.runs[id] = run }
  }

  public func recorded(_ event: Event) {
    if let run = event.run { state.withLock { try? $0.runs[run]?.apply(event) } }
    switch event.fact {
    case .stepIntended(let intent): begun(intent, event)
    case .stepActed(let act): note(act, event)
    case .stepChecked(let check): note(check, event)
    case .stepSampled(let sample): sampled(sample, event)
    case .stepFinished(let end): finished(end, event)
    case .stepSkipped(let skip): line(screen.style.faint("skipped "), skip.title, [skip.reason])
    case .stepAsked(let question):
      if let step = event.step { state.withLock { $0.titles[step] = question.title } }
      // Somebody who is there is asked in a moment.
      if !isAttended(event.run) {
        line(
          screen.style.caution("waiting "), question.title,
          question.ask.split(whereSeparator: \.isNewline).map(String.init))
      }
    case .stepChosen(let choice): chosen(choice, event)
    case .stepRolledBack(let rollback):
      line(screen.style.caution("undone  "), title(of: event), ["taken back by \(rollback.by)"])
    case .targetJudged(let judgement): judged(judgement)
    case .messageFailed(let failure): screen.warn("  message  \(failure.failure.message.onOneLine.visible)")
    case .incidentOpened, .runStarted, .runResumed: showBeginning(event)
    case .runDegraded(let mark):
      for line in DegradedBanner(mark).lines(width: screen.policy.width) { screen.warn(screen.style.bad(line)) }
    default: if let line = IncidentNews.line(of: event) { screen.record("  \(line)") }
    }
  }

  private func showBeginning(_ event: Event) {
    let run = event.run?.description ?? ""
    switch event.fact {
    case .incidentOpened(let opening):
      let drill = opening.drill ? " DRILL" : ""
      screen.record(
        "\(event.incident?.description ?? "") \(opening.severity.rawValue)\(drill) opened: \(opening.title.visible)")
    case .runStarted(let start):
      let place = Banner.text(start.environment, drill: start.drill)
      let pieces = [
        "\(run) \(start.playbook)", event.incident?.description ?? "", place, event.actor.visible,
        "\(event.at.clockTime) UTC",
      ]
      let rows = Paragraph.joined(pieces.filter { !$0.isEmpty }, by: " | ", width: screen.policy.recordWidth)
      for row in rows { screen.record(screen.style.strong(row)) }
      showArmed()
    case .runResumed:
      screen.record("\(run) taken up by \(event.actor.visible) | \(event.at.clockTime) UTC")
      showArmed()
    default: break
    }
  }

  /// What is armed where this happens, as far as no line has said so yet.
  private func showArmed() { for line in screen.armed.news() { screen.record("  \(line)") } }

  private func isAttended(_ run: RunID?) -> Bool {
    guard let run else { return false }
    return state.withLock { $0.runs[run].map { !$0.isUnattended } ?? false }
  }

  // MARK: - While something runs

  public func progress(_ step: StepID, _ line: String) {
    if line.isEmpty { return }
    state.withLock { state in
      guard let place = state.running.lastIndex(where: { $0.step == step }) else { return }
      state.running[place].lastLine = line
    }
  }

  public func asksWorld(about title: String) {
    screen.hint("  asking   what became of it (read-only): \(title.visible)")
  }

  private func begun(_ intent: StepIntent, _ event: Event) {
    guard let step = event.step else { return }
    state.withLock { state in
      state.titles[step] = intent.title
      state.running.append(
        Running(
          run: event.run, step: step, title: intent.title, began: event.boot,
          told: event.boot))
      if !state.isTicking {
        state.isTicking = true
        Task { [weak self] in
          var pause: Duration? = Self.tickEvery
          while let next = pause, (try? await Task.sleep(for: next)) != nil { pause = self?.tick() }
        }
      }
    }
    if verbose || !screen.policy.isLive { screen.hint("  start    \(intent.title.visible)") }
    show(intent.preview, as: "run")
  }

  /// Of `--verbose`: what is run, as it was recorded, line by line.
  private func show(_ lines: [String], as word: String) {
    guard verbose else { return }
    for line in lines.flatMap({ screen.safe($0).split(whereSeparator: \.isNewline) }) {
      screen.hint("  \(word.padded(to: 8)) | \(String(line).visible)")
    }
  }

  private func ended(_ step: StepID) {
    let isQuiet = state.withLock { state in
      if let place = state.running.lastIndex(where: { $0.step == step }) { state.running.remove(at: place) }
      return state.running.isEmpty
    }
    if isQuiet { screen.showStatus(nil) }
  }

  private static let tickEvery = Duration.seconds(1)

  /// Shows what has run for a while; how long until the next look, `nil` when nothing runs.
  private func tick() -> Duration? {
    let now = time.read()
    let (running, runs) = state.withLock { state in
      state.isTicking = !state.running.isEmpty
      return (state.running, state.runs)
    }
    guard let first = running.first, let last = running.last else { return nil }
    let age = Duration.milliseconds(now.boot - first.began)
    if age < Self.tickEvery { return Self.tickEvery - age }
    if !screen.isAsking { show(running, last, runs, now) }
    return Self.tickEvery
  }

  private func show(_ running: [Running], _ last: Running, _ runs: [RunID: RunState], _ now: ClockReading) {
    let run = last.run.flatMap { runs[$0] }
    let forecast = run.flatMap { expectations.forecast(of: $0, at: now) }
    let clocks = run?.clocks(at: now, forecast) ?? []
    tellOnce(forecast, of: run?.run)
    for line in bell.ring(clocks) { screen.hint("  \(line)") }
    showArmed()
    if screen.policy.isLive {
      let more = running.count > 1 ? " (+\(running.count - 1))" : ""
      let clock = ClockLine.nearest(clocks).map { " | \($0.name) \(ClockLine.rest(of: $0))" } ?? ""
      let said = last.lastLine.isEmpty ? "" : " | \(last.lastLine.onOneLine.visible)"
      let took = Duration.milliseconds(now.boot - last.began).clockText
      // In front, where no narrow terminal cuts it off.
      let mark = screen.armed.mark.map { "\($0) | " } ?? ""
      let left = forecast?.remaining.map { " | about \($0.aboutText) left" } ?? ""
      screen.showStatus("  running  \(took)  \(mark)\(last.title.visible)\(more)\(clock)\(left)\(said)")
      screen.showTitle(of: run?.run, clocks)
    } else {
      for item in running where item.isDue(at: now.boot) { tellStill(item, now.boot) }
    }
  }

  private func tellOnce(_ forecast: Forecast?, of run: RunID?) {
    guard let forecast, let run, expectations.isNews(of: run) else { return }
    for row in Paragraph.labelled("expect  ", ForecastLine(forecast).text, width: screen.policy.width) {
      screen.hint(row)
    }
  }

  private func tellStill(_ item: Running, _ now: Int64) {
    state.withLock { state in
      if let place = state.running.firstIndex(where: { $0.step == item.step }) { state.running[place].told = now }
    }
    let said = item.lastLine.isEmpty ? "" : ": \(item.lastLine.onOneLine.visible)"
    let took = Duration.milliseconds(now - item.began).clockText
    screen.hint("  still    \(item.title.visible), running \(took)\(said)")
  }

  // MARK: - A watch

  /// A row of the table of samples.
  private func sampled(_ sample: StepSample, _ event: Event) {
    guard let step = event.step else { return }
    if state.withLock({ $0.watching.insert(step).inserted }) {
      let plan = event.run.flatMap { run in state.withLock { $0.runs[run]?.record(of: step).preview } } ?? []
      line(screen.style.faint("watching"), title(of: event), plan)
      screen.record("           UTC       sample  watched  reading")
    }
    let number = "\(sample.number)".paddedLeft(to: 6)
    let watched = Duration.milliseconds(sample.watchedMilliseconds).clockText.padded(to: 7)
    let missed = sample.missed ? "MISSED " : ""
    let room = max(screen.policy.width - 37, 12)
    let reading = "\(missed)\(screen.safe(sample.reading).onOneLine.visible)".truncated(to: room)
    screen.record("           \(event.at.clockTime)  \(number)  \(watched)  \(reading)")
  }

  // MARK: - What is over

  private func note(_ act: StepAct, _ event: Event) {
    guard let step = event.step else { return }
    let warnings = act.warnings.map { "warning: \($0)" }
    let failure = act.failure?.told ?? []
    state.withLock { $0.details[step] = warnings + failure }
  }

  private func note(_ check: StepCheck, _ event: Event) {
    guard let step = event.step else { return }
    show(check.check, as: "check")
    let failure = check.failure?.told ?? []
    let reading =
      check.verification == .verified ? check.reading.map { ["check passed: \($0)"] } ?? ["check passed"] : []
    state.withLock { $0.details[step, default: []] += failure + reading }
  }

  private func finished(_ end: StepEnd, _ event: Event) {
    guard let step = event.step else { return }
    ended(step)
    let style = screen.style
    var lines = state.withLock { state in
      state.watching.remove(step)
      return state.details.removeValue(forKey: step) ?? []
    }
    if let reason = end.reason?.reasonInWords, !lines.contains(where: { $0.contains(reason) }) {
      lines.removeAll { reason.contains($0) }
      lines.append(end.verification == .unverified && end.state == .done ? "unverified: \(reason)" : reason)
    }
    let title = title(of: event, else: end.title)
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
    showRows(of: step, event.run)
  }

  /// What a step read, as a table.
  private func showRows(of step: StepID, _ run: RunID?) {
    guard let record = state.withLock({ state in run.flatMap { state.runs[$0]?.record(of: step) } }),
      record.effect == .read, let table = record.act.flatMap({ ResultTable($0.outputs) })
    else { return }
    for row in table.lines(width: screen.policy.width - 11) { screen.record("           \(row)") }
  }

  private func chosen(_ choice: StepChoice, _ event: Event) {
    let word = choice.choice.rawValue.split(separator: "_").joined(separator: " ")
    line(
      screen.style.caution("decided "), title(of: event),
      ["\(word) by \(event.actor)\(choice.reason.map { ": \($0)" } ?? "")"])
  }

  private func judged(_ judgement: TargetJudgement) {
    let elapsed = Duration.milliseconds(judgement.elapsedMilliseconds).clockText
    let limit = Duration.milliseconds(judgement.limitMilliseconds).clockText
    let word = judgement.met ? screen.style.good("met     ") : screen.style.bad("MISSED  ")
    line(word, "target \(judgement.target)", ["\(elapsed) after detection, limit \(limit)"])
  }

  private func title(of event: Event, else fallback: String? = nil) -> String {
    guard let step = event.step else { return "" }
    return state.withLock { state in
      if let title = state.titles[step] { return title }
      // A run that was taken up has its titles from before; a step that was never begun has its name.
      let item = event.run.flatMap { state.runs[$0] }?.actingSteps.first { $0.step.id == step }
      return item?.record.title ?? fallback ?? item?.step.name?.source ?? step.rawValue
    }
  }

  private func line(_ word: String, _ title: String, _ details: [String]) {
    let margin = String(repeating: " ", count: Self.margin)
    let width = screen.policy.recordWidth
    let rows = Paragraph.lines(margin + screen.safe(title).visible, width: width, indent: Self.margin)
    screen.record("  \(word) \(rows[0].dropFirst(Self.margin))")
    for row in rows.dropFirst() { screen.record(row) }
    for detail in details {
      for (index, part) in screen.safe(detail).split(whereSeparator: \.isNewline).map({ String($0).visible })
        .enumerated()
      {
        // From the second line on these are the words of whoever failed: marked, so that nobody takes them for ours.
        let mark = index == 0 ? "" : "| "
        for row in Paragraph.lines(part, width: max(width - Self.margin - mark.count, 8)) {
          screen.record(margin + mark + row)
        }
      }
    }
  }
}

extension Failure {
  /// What failed, and what to do about it.
  fileprivate var told: [String] { [message] + (advice.map { ["what to do: \($0)"] } ?? []) }
}

extension String {
  /// Line breaks as ` / `, for a place that has one line.
  var onOneLine: String { split(whereSeparator: \.isNewline).joined(separator: " / ") }
}
