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
      head(options), action, outcome, outputs, check, question, attempts(options), choices(options), entries,
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
    return [title] + TextTable(rows).lines(width: options.width)
  }

  private func block(_ title: String, _ text: String) -> [String] {
    var lines = text.visible(keepingLineBreaks: true).split(separator: "\n", omittingEmptySubsequences: false)
    while lines.last?.isEmpty == true { lines.removeLast() }
    return ["\(title):"] + lines.map { "  | \($0)" }
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

  /// Texts as they are, everything else as one line of JSON.
  private var outputs: [String] {
    evidence.outputs.sorted { $0.key < $1.key }.flatMap { name, value -> [String] in
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

  private var question: [String] {
    guard let question = evidence.question else { return [] }
    let checklist = question.checklist.map { "[ ] \($0)" }
    let draft = question.draft.map { block("Text to post", $0) } ?? []
    let answer = evidence.answer.map { block("Answer", $0.displayText) } ?? ["Answer: none yet"]
    return block("Asked", ([question.ask] + checklist).joined(separator: "\n")) + draft
      + (question.link.map { ["Link: \($0.visible)"] } ?? []) + answer
  }

  private func attempts(_ options: TextOptions) -> [String] {
    guard evidence.attemptsMade.count > 1 else { return [] }
    let rows = evidence.attemptsMade.map { attempt in
      [
        String(attempt.number), attempt.state,
        attempt.milliseconds.map { Duration.milliseconds($0).spokenText } ?? "", attempt.reason ?? attempt.verification,
      ]
    }
    return ["Attempts:"] + TextTable(rows, alignedRight: [0, 2]).lines(width: options.width)
  }

  private func choices(_ options: TextOptions) -> [String] {
    if evidence.choices.isEmpty { return [] }
    let rows = evidence.choices.map { [$0.at.clockTime, $0.by, $0.choice.rawValue, $0.reason ?? ""] }
    return ["Decisions:"] + TextTable(rows).lines(width: options.width)
  }

  private var entries: [String] { ["Entries: \(EntryNumbers.text(account.entries.map(\.sequence)))"] }
}
