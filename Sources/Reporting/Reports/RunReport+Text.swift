internal import Engine
internal import IncidentModel

extension RunReport {
  /// The run as plain text, without a line break at the end.
  public func text(_ options: TextOptions = TextOptions()) -> String {
    let degraded = TextTable([RunLine(account).degradedText].compactMap { $0 }.map { [$0] }).lines(width: options.width)
    var parts = [headline(options) + degraded + incidentLines(options) + targetLines(options) + countLines(options)]
    parts.append(RunStepLines(account.steps, width: options.width).lines)
    parts.append(drill?.lines(options, listsDrills: true) ?? [])
    parts.append(truthLines(options))
    parts.append(messageLines(options))
    parts.append(NextStep.lines(next, options))
    parts.append(recordLines(options))
    return parts.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
  }

  private func headline(_ options: TextOptions) -> [String] {
    let line = RunLine(account)
    let times =
      line.ended.map { "\(line.started.clockTime) to \($0.clockTime) (\(account.elapsed.text))" }
      ?? "since \(line.started.clockTime)"
    let exit = account.exitCode.map { "exit \($0)" }
    let name = "\(account.id) \(line.playbook)  \(phrase)"
    let when = [times, exit].compactMap { $0 }.joined(separator: "  ")
    let whole = "\(name)  \(when)".onOneLine
    let head =
      whole.displayWidth <= options.width
      ? [whole] : name.onOneLine.wrapped(to: options.width) + TextTable([[when]]).lines(width: options.width)
    let place = "\(line.place)   by \(line.actor)   \(line.started.calendarDate) (times are UTC)"
    return head + TextTable([[place]]).lines(width: options.width) + reason(line, options)
  }

  private func reason(_ line: RunLine, _ options: TextOptions) -> [String] {
    let changes = account.handovers.map(\.text) + [account.cancellation?.text].compactMap { $0 }
    let jumps = account.clockJumps.map(\.sentence)
    let texts = changes + jumps + [line.reason, account.gap.map { "record not whole: \($0)" }].compactMap { $0 }
    return TextTable(texts.map { [$0] }).lines(width: options.width)
  }

  private var phrase: String {
    switch account.state.phase {
    case .running: isInterrupted ? "INTERRUPTED" : account.cancellation == nil ? "RUNNING" : "CANCELLING"
    case .waiting: account.state.handover.map { "HANDED OVER to \($0.person)" } ?? "WAITING for a person"
    case .done: account.state.isDegraded ? "FINISHED WITH \(blemishes)" : "DONE"
    case .failed: "FAILED"
    case .stopped: "STOPPED"
    case .cancelled: "CANCELLED"
    }
  }

  /// `1 FAILED, 2 SKIPPED, 1 BY HAND`
  private var blemishes: String {
    let records = account.steps.map(\.record)
    let counts: [(Int, String)] = [
      (records.filter { $0.state == .failed }.count, "FAILED"),
      (records.filter { $0.state == .unknown }.count, "UNKNOWN"),
      (records.filter { $0.skipCause == .person }.count, "SKIPPED"),
      (records.filter { $0.overridden && $0.state == .done }.count, "BY HAND"),
      (account.steps.filter { $0.rollback != nil }.count, "ROLLED BACK"),
      (account.state.degradation == nil ? 0 : 1, "GAP IN THE JOURNAL"),
    ]
    return counts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
  }

  private func incidentLines(_ options: TextOptions) -> [String] {
    guard let incident else {
      return TextTable([["no incident; clocks count from \(account.start.detected.clockTime)"]])
        .lines(width: options.width)
    }
    let line = IncidentLine(incident)
    return TextTable([["\(line.id) \(line.severity.rawValue) \(line.title)"], [line.milestoneText]])
      .lines(width: options.width)
  }

  private func targetLines(_ options: TextOptions) -> [String] {
    TargetLine.lines(account.targets, detected: account.start.detected, options)
      + TextTable([forecast(at: options.now)?.text].compactMap { $0 }.map { [$0] }).lines(width: options.width)
  }

  private func countLines(_ options: TextOptions) -> [String] {
    let notes = notes == 0 ? "" : "; \(notes) \(notes == 1 ? "note" : "notes")"
    return TextTable([["\(StepCounts(account.steps).text)\(notes)"]]).lines(width: options.width)
  }

  private func truthLines(_ options: TextOptions) -> [String] {
    var lines: [String] = []
    if !truth.verified.isEmpty {
      let rows = truth.verified.map { ["\($0.title)", "\($0.text)  (checked \($0.at.clockTime))"] }
      lines += ["Still true:"] + TextTable(rows).lines(width: options.width, limits: [0: options.width / 2])
    }
    if !truth.notKnown.isEmpty {
      lines += ["Not proved:"] + TextTable(truth.notKnown.map { [$0.word, $0.title] }).lines(width: options.width)
    }
    if !truth.rolledBack.isEmpty {
      lines += ["Rolled back:"] + TextTable(truth.rolledBack.map { [$0.title, $0.why] }).lines(width: options.width)
    }
    lines += truth.takenBack.flatMap {
      "Taken back by \($0.by): what this run had proved no longer holds.".wrapped(to: options.width)
    }
    return lines
  }

  private func messageLines(_ options: TextOptions) -> [String] {
    if messages.isEmpty { return [] }
    let rows = messages.map { MessageLine($0) }.map { [$0.id, $0.connection, $0.verdict] }
    return ["Messages:"] + TextTable(rows).lines(width: options.width, limits: [0: 30])
  }

  private func recordLines(_ options: TextOptions) -> [String] {
    let last = account.entries[account.entries.count - 1]
    let numbers = EntryNumbers.text(account.entries.map(\.sequence))
    let text = "Record: entries \(numbers); the last one has hash \(last.hash.prefix(16))…  (andon journal verify)"
    return TextTable([[text]], indent: 0).lines(width: options.width)
  }
}

extension TargetLine {
  /// `contain   5:00   met 01:35`, one line for each clock.
  static func lines(_ targets: [TargetLine], detected: Timestamp, _ options: TextOptions, indent: Int = 2) -> [String] {
    let rows = targets.map { target in
      [target.name, target.limit?.clockText ?? "", target.verdict(detected: detected, now: options.now)]
    }
    return TextTable(rows, indent: indent, alignedRight: [1]).lines(width: options.width)
  }
}
