internal import Engine
internal import IncidentModel

/// One step with everything recorded about it: `andon show RUN-1 --step 2`.
public struct StepReport: Sendable {
  private let run: RunAccount
  private let account: StepAccount
  private let evidence: StepEvidence

  init(_ run: RunAccount, _ account: StepAccount) {
    self.run = run
    self.account = account
    evidence = StepEvidence(account)
  }

  public func json() throws -> String {
    try ReportJSON.text(Shape(schemaVersion: ReportJSON.schemaVersion, run: RunLine(run), step: StepDetail(account)))
  }

  private struct Shape: Codable {
    let schemaVersion: Int
    let run: RunLine
    let step: StepDetail
  }

  /// The step as plain text, without a line break at the end. Output stands in it line by line, as it was recorded.
  public func text(_ options: TextOptions = TextOptions()) -> String {
    let parts = [
      head(options), action, outcome, rows(options), outputs, check, question(options), samples(options),
      attempts(options), choices(options), rolledBack(options), entries(options),
    ]
    return parts.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
  }

  private func head(_ options: TextOptions) -> [String] {
    let took = account.elapsed.map { "  \($0.text)" } ?? ""
    let title = "\(run.id) step \(account.number) of \(run.steps.count)  \(account.id)  \(account.word)\(took)"
    let attempts = account.record.attempts == 1 ? "1 attempt" : "\(account.record.attempts) attempts"
    let facts = "\(account.action), \(account.effect.rawValue); \(attempts)"
    let times = [("started", account.record.started), ("ended", account.record.ended)].compactMap { name, moment in
      moment.map { "\(name) \($0.calendarDate) \($0.clockTime) UTC" }
    }.joined(separator: ", ")
    let rows = [account.title, facts, times, account.explanation].filter { !$0.isEmpty }.map { [$0] }
    return title.onOneLine.wrapped(to: options.width) + TextTable(rows).lines(width: options.width)
  }

  /// - Parameter width: what people wrote is folded to that; `nil`: lines stay as they were printed.
  private func block(_ title: String, _ text: String, width: Int? = nil) -> [String] {
    var lines = text.visible(keepingLineBreaks: true).split(separator: "\n", omittingEmptySubsequences: false)
    while lines.last?.isEmpty == true { lines.removeLast() }
    let shown = lines.flatMap { line in width.map { String(line).wrapped(to: $0 - 4) } ?? [String(line)] }
    return ["\(title):"] + shown.map { "  | \($0)" }
  }

  private var action: [String] {
    evidence.preview.isEmpty ? [] : block("Action", evidence.preview.joined(separator: "\n"))
  }

  private var outcome: [String] {
    guard let outcome = evidence.outcome else { return [] }
    let unknown = evidence.unknown.map { " (\($0.rawValue))" } ?? ""
    let failure = evidence.failure.map { block("The action reported", $0.text) } ?? []
    let warnings = evidence.warnings.isEmpty ? [] : block("Warnings", evidence.warnings.joined(separator: "\n"))
    return ["Outcome: \(outcome.rawValue)\(unknown)"] + failure + warnings
  }

  /// The rows that were kept, for other programs; `nil` when the step returned none that could be.
  public var table: ResultTable? { ResultTable(evidence.outputs) }

  private func rows(_ options: TextOptions) -> [String] {
    guard let table, !table.rows.isEmpty else { return [] }
    let count = table.count == 1 ? "1 row" : "\(table.count) rows"
    return ["Read, \(count):"] + table.lines(width: options.width - 2).map { "  \($0)" }
  }

  /// Texts as they are, everything else as one line of JSON; what stands in the table is not told again.
  private var outputs: [String] {
    let told: Set = table?.rows.isEmpty == false ? ["rows", "row_count", "columns"] : []
    return evidence.outputs.filter { !told.contains($0.key) }.sorted { $0.key < $1.key }.flatMap {
      name, value -> [String] in
      if case .text(let text) = value, text.contains("\n") { return block(name.visible, text) }
      return ["\(name.visible): \(value.displayText.onOneLine)"]
    }
  }

  private var check: [String] {
    guard !evidence.check.isEmpty else { return ["Check: none made"] }
    let when = evidence.checked.map { " at \($0.clockTime)" } ?? ""
    let count = "\(evidence.readings) \(evidence.readings == 1 ? "reading" : "readings")"
    return block("Check\(when), \(count)", evidence.check.joined(separator: "\n"))
      + ["  last reading: \((evidence.reading ?? "none").onOneLine)"]
      + (evidence.checkFailure.map { block("The check reported", $0.text) } ?? [])
  }

  private func question(_ options: TextOptions) -> [String] {
    guard let question = evidence.question else { return [] }
    let checklist = evidence.answered?.ticked == nil ? question.checklist.map { "[ ] \($0)" } : []
    let draft = question.draft.map { block("Text to post", $0) } ?? []
    let answer =
      evidence.answered.map { answered in
        block(
          "Answer by \(answered.by.visible) at \(answered.at.clockTime)",
          answered.lines(checklist: question.checklist).joined(separator: "\n"), width: options.width)
      } ?? ["Answer: none yet"]
    return block("Asked", ([question.ask] + checklist).joined(separator: "\n"), width: options.width) + draft
      + (question.link.map { ["Link: \($0.visible)"] } ?? []) + answer
  }

  private func attempts(_ options: TextOptions) -> [String] {
    guard evidence.attemptsMade.count > 1 else { return [] }
    let rows = evidence.attemptsMade.map { attempt in
      [
        String(attempt.number), attempt.state,
        attempt.milliseconds.map { Duration.milliseconds($0).spokenText } ?? "",
        attempt.reason?.reasonInWords ?? attempt.verification,
      ]
    }
    return ["Attempts:"] + TextTable(rows, alignedRight: [0, 2]).lines(width: options.width)
  }

  private static let shownSamples = 20

  private func samples(_ options: TextOptions) -> [String] {
    guard !evidence.samples.isEmpty else { return [] }
    let rows = evidence.samples.suffix(Self.shownSamples).map(\.cells)
    return [SampleLine.heading(evidence.samples, shown: Self.shownSamples)]
      + TextTable(rows, alignedRight: [0, 2]).lines(width: options.width)
  }

  private func rolledBack(_ options: TextOptions) -> [String] {
    guard let back = evidence.rolledBack else { return [] }
    let text = "Rolled back: by \(back.by) at \(back.at.clockTime), driven by \(back.actor)"
    return TextTable([[text]], indent: 0).lines(width: options.width)
  }

  private func choices(_ options: TextOptions) -> [String] {
    if evidence.choices.isEmpty { return [] }
    let rows = evidence.choices.map { [$0.at.clockTime, $0.by, $0.choice.rawValue, $0.reason ?? ""] }
    return ["Decisions:"] + TextTable(rows).lines(width: options.width)
  }

  private func entries(_ options: TextOptions) -> [String] {
    "Entries: \(EntryNumbers.text(account.entries.map(\.sequence)))".wrapped(to: options.width)
  }
}
