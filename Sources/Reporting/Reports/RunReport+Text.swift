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
    let name = "\(account.id) \(line.playbook)  \(phrase)"
    let when = [times, exit].compactMap { $0 }.joined(separator: "  ")
    let head = "\(name)  \(when)".displayWidth <= options.width ? ["\(name)  \(when)"] : [name, "  " + when]
    let place = "\(line.place)   by \(line.actor)   \(line.started.calendarDate) (times are UTC)"
    return head.map(\.onOneLine) + TextTable([[place]]).lines(width: options.width) + reason(line, options)
  }

  private func reason(_ line: RunLine, _ options: TextOptions) -> [String] {
    let texts = [line.reason, account.gap.map { "record not whole: \($0)" }].compactMap { $0 }
    return TextTable(texts.map { [$0] }).lines(width: options.width)
  }

  private var phrase: String {
    switch account.state.phase {
    case .running: isInterrupted ? "INTERRUPTED" : "RUNNING"
    case .waiting: "WAITING for a person"
    case .done: account.state.isDegraded ? "FINISHED WITH \(blemishes)" : "DONE"
    case .failed: "FAILED"
    case .stopped: "STOPPED"
    case .cancelled: "CANCELLED"
    }
  }

  /// `1 FAILED, 2 SKIPPED, 1 BY HAND`
  private var blemishes: String {
    let records = account.steps.map(\.record)
    let counts = [
      (records.filter { $0.state == .failed }.count, "FAILED"),
      (records.filter { $0.state == .unknown }.count, "UNKNOWN"),
      (records.filter { $0.skipCause == .person }.count, "SKIPPED"),
      (records.filter { $0.overridden && $0.state == .done }.count, "BY HAND"),
    ]
    return counts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
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
    let rows = account.steps.map { [String($0.number), $0.word, $0.title, $0.elapsed?.text ?? "", ""] }
    let titleLimit = max(16, options.width - 44)
    let table = TextTable(rows, alignedRight: [0, 3]).lines(width: options.width, limits: [2: titleLimit])
    let column = (table.map(\.displayWidth).max() ?? 0) + 2
    return zip(account.steps, table).flatMap { step, line -> [String] in
      let why = step.explanation.onOneLine
      if why.isEmpty { return [line] }
      // The sentence behind a step gets lines of its own where it does not fit.
      if column + why.displayWidth <= options.width { return [line.padded(to: column) + why] }
      return [line] + TextTable([[why]], indent: 14).lines(width: options.width)
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

extension NextStep {
  static func lines(_ steps: [NextStep], _ options: TextOptions) -> [String] {
    if steps.isEmpty { return [] }
    return ["Next:"] + TextTable(steps.map { [$0.command, $0.why] }).lines(width: options.width)
  }
}
