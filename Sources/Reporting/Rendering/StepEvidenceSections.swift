internal import IncidentModel

/// The evidence of a report: what each step did, what came back, what its check read, and who decided what.
struct StepEvidenceSections {
  private let postmortem: Postmortem

  init(_ postmortem: Postmortem) { self.postmortem = postmortem }

  var text: String {
    let parts = postmortem.runs.flatMap { section in section.steps.compactMap { details($0, of: section.run.id) } }
    return parts.isEmpty ? "No step left anything behind." : parts.joined(separator: "\n\n")
  }

  private func took(_ milliseconds: Int64?) -> String {
    milliseconds.map { Duration.milliseconds($0).spokenText } ?? "–"
  }

  /// What a table has no room for. `nil` for a step that left nothing behind but its state.
  private func details(_ detail: StepDetail, of run: RunID) -> String? {
    let (step, evidence) = (detail.step, detail.evidence)
    var parts: [String] = []
    func add(_ title: String, _ text: String) { parts.append("\(title):\n\n\(Markdown.fenced(text))") }
    if !evidence.preview.isEmpty {
      add("Action (\(step.action), \(step.effect.rawValue))", evidence.preview.joined(separator: "\n"))
    }
    if let question = evidence.question { add("Asked", question.ask) }
    if let answered = evidence.answered {
      let lines = answered.lines(checklist: evidence.question?.checklist ?? [])
      add(
        "Answered by \(Markdown.inline(answered.by)) at \(answered.at.clockTime)", lines.joined(separator: "\n"))
    }
    if let failure = evidence.failure { add("The action reported", failure.text) }
    if !evidence.warnings.isEmpty { add("Warnings", evidence.warnings.joined(separator: "\n")) }
    if !evidence.check.isEmpty {
      let when = evidence.checked.map { " at \($0.clockTime)" } ?? ""
      let readings = evidence.readings > 1 ? ", reading \(evidence.readings)" : ""
      let lines = evidence.check + ["→ \(evidence.reading ?? "no reading")"]
      add("Check\(when)\(readings)", lines.joined(separator: "\n"))
    }
    if let failure = evidence.checkFailure { add("The check reported", failure.text) }
    parts += samples(evidence)
    parts += rows(detail)
    parts += output(detail)
    parts += attempts(detail)
    parts += evidence.choices.map { choice in
      "\(choice.at.clockTime) \(Markdown.inline(choice.by)) decided: "
        + Markdown.inline(choice.choice.rawValue.split(separator: "_").joined(separator: " "))
        + (choice.reason.map { ", \(Markdown.inline($0))" } ?? "")
    }
    if let rollback = evidence.rolledBack {
      parts.append(
        "**Rolled back** by \(Markdown.inline(rollback.by)) at \(rollback.at.clockTime) (entry \(rollback.entry)).")
    }
    guard !parts.isEmpty else { return nil }
    let heading = "### \(run) step \(step.number): \(Markdown.inline(step.title)) (\(evidence.word))"
    return ([heading, "Evidence: \(EntryNumbers.named(step.entries))."] + parts).joined(separator: "\n\n")
  }

  private static let shownRows = 10

  /// What a step read; the rest is in the journal.
  private func rows(_ detail: StepDetail) -> [String] {
    guard detail.step.effect == .read, let table = ResultTable(detail.evidence.outputs) else { return [] }
    return table.markdown(limit: Self.shownRows).map { ["Read:\n\n\($0)"] } ?? []
  }

  private static let shownSamples = 10

  private func samples(_ evidence: StepEvidence) -> [String] {
    guard !evidence.samples.isEmpty else { return [] }
    let rows = evidence.samples.suffix(Self.shownSamples).map { $0.cells.map(Markdown.cell) }
    return [
      SampleLine.heading(evidence.samples, shown: Self.shownSamples) + "\n\n"
        + Markdown.table(["Sample", "Time", "Watched", "Read"], rows, alignedRight: [0])
    ]
  }

  /// The last lines of what a step printed, more of them where it did not go well: the rest is in the journal.
  private func output(_ detail: StepDetail) -> [String] {
    let wentBadly = detail.step.state == .failed || detail.step.state == .unknown
    return ["stdout", "stderr", "body"].compactMap { name in
      guard let value = detail.evidence.outputs[name]?.displayText, !value.isEmpty else { return nil }
      let lines = value.split(separator: "\n", omittingEmptySubsequences: false)
      let shown = lines.suffix(wentBadly ? 20 : 5).map { String($0).truncated(to: Self.shownColumns) }
      let more = lines.count > shown.count ? " (the last \(shown.count) of \(lines.count) lines)" : ""
      return "\(name)\(more):\n\n\(Markdown.fenced(shown.joined(separator: "\n")))"
    }
  }

  private static let shownColumns = 400

  private func attempts(_ detail: StepDetail) -> [String] {
    guard detail.evidence.attemptsMade.count > 1 else { return [] }
    let rows = detail.evidence.attemptsMade.map { attempt in
      [
        String(attempt.number), attempt.state, Markdown.cell(attempt.reason?.reasonInWords ?? attempt.verification),
        attempt.ended.clockTime, took(attempt.milliseconds), String(attempt.entry),
      ]
    }
    return [Markdown.table(["Attempt", "State", "Reason", "Ended", "Took", "Entry"], rows)]
  }
}

extension Failure {
  /// The sentence, and what to do.
  var text: String { advice.map { "\(message)\n\($0)" } ?? message }
}
