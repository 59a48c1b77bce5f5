internal import Engine
internal import IncidentModel

extension RunReport {
  /// The run as plain text, without a line break at the end.
  public func text(_ options: TextOptions = TextOptions()) -> String {
    var parts = [headline(options) + incidentLines(options) + targetLines(options) + countLines, stepLines(options)]
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
    let head = ["\(account.id) \(line.playbook)", phrase, times, exit].compactMap { $0 }.joined(separator: "  ")
    let place = "  \(line.place)   by \(line.actor)   \(line.started.calendarDate) (times are UTC)"
    return (head.wrapped(to: options.width) + [place.onOneLine]).map { $0.indentedIfContinued(of: head) }
      + reason(line, options)
  }

  private func reason(_ line: RunLine, _ options: TextOptions) -> [String] {
    let texts = [line.reason, account.gap.map { "record not whole: \($0)" }].compactMap { $0 }
    return TextTable(texts.map { [$0] }).lines(width: options.width)
  }

  private var phrase: String {
    switch account.state.phase {
    case .running: "RUNNING"
    case .waiting: "WAITING for a person"
    case .done:
      account.state.isDegraded ? "FINISHED, but not every step went as written" : "DONE"
    case .failed: "FAILED"
    case .stopped: "STOPPED"
    case .cancelled: "CANCELLED"
    }
  }

  private func incidentLines(_ options: TextOptions) -> [String] {
    guard let incident else { return ["  no incident; clocks count from \(account.start.detected.clockTime)"] }
    let line = IncidentLine(incident)
    return TextTable([["\(line.id) \(line.severity.rawValue) \(line.title)"], [line.milestoneText]])
      .lines(width: options.width)
  }

  private func targetLines(_ options: TextOptions) -> [String] {
    TargetLine.lines(account.targets, detected: account.start.detected, options)
  }

  private var countLines: [String] {
    let notes = notes == 0 ? "" : "; \(notes) \(notes == 1 ? "note" : "notes")"
    return ["  \(StepCounts(account.steps).text)\(notes)"]
  }

  private func stepLines(_ options: TextOptions) -> [String] {
    let rows = account.steps.map { step in
      [String(step.number), step.word, step.title, step.elapsed?.text ?? "", step.explanation]
    }
    // The sentence behind a step gets a line of its own where it does not fit.
    let table = rows.map { row in Array(row.prefix(4)) + [row[4].displayWidth <= 24 ? row[4] : ""] }
    let lines = TextTable(table, alignedRight: [0, 3], overflow: .wrap)
    return zip(rows, lines.lines(width: options.width * 2, limits: [2: max(16, options.width - 48)])).flatMap {
      row, line in
      [line] + (row[4].displayWidth <= 24 ? [] : TextTable([["", row[4]]], indent: 13).lines(width: options.width))
    }
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
    lines += truth.takenBack.map { "Taken back by \($0.by): what this run had proved no longer holds." }
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
    return TextTable([["Record: entries \(numbers); the last one has hash \(last.hash.prefix(16))…  (andon journal verify)"]], indent: 0)
      .lines(width: options.width)
  }
}

extension String {
  fileprivate func indentedIfContinued(of whole: String) -> String {
    whole.hasPrefix(self) || hasPrefix(" ") ? self : "  " + self
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

extension NextStep {
  static func lines(_ steps: [NextStep], _ options: TextOptions) -> [String] {
    if steps.isEmpty { return [] }
    return ["Next:"] + TextTable(steps.map { [$0.command, $0.why] }).lines(width: options.width)
  }
}
