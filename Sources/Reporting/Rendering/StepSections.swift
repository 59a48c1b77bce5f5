internal import IncidentModel

/// The part of the report that says what was done: each run, each of its steps, and the evidence.
struct StepSections {
  private let postmortem: Postmortem

  init(_ postmortem: Postmortem) { self.postmortem = postmortem }

  var text: String {
    postmortem.runs.isEmpty ? "No playbook was run." : postmortem.runs.map(run).joined(separator: "\n\n")
  }

  private func run(_ section: Postmortem.RunSection) -> String {
    let run = section.run
    var parts = ["### \(run.id) \(Markdown.inline(run.name)): \(run.state.rawValue)", facts(section)]
    if let gap = run.gap { parts.append("**The record of this run is not whole:** \(Markdown.inline(gap)).") }
    parts.append(
      Markdown.table(
        ["", "Step", "State", "Verification, reason", "Attempts", "Took", "Entries"], section.steps.map(row),
        alignedRight: [0]))
    parts += section.steps.compactMap { details($0, of: run.id) }
    return parts.joined(separator: "\n\n")
  }

  private func facts(_ section: Postmortem.RunSection) -> String {
    let run = section.run
    let end = run.ended.map { "ended \($0.clockTime) (\(took(run.milliseconds)))" } ?? "not ended"
    var items = [
      "Playbook \(Markdown.code(run.playbook)), text with SHA-256 `\(section.digest.prefix(16))…`, "
        + "on \(Markdown.inline(run.environment))\(run.drill ? ", as a drill" : "")"
        + "\(run.unattended ? ", unattended" : ""), by \(Markdown.inline(run.actor))",
      "Started \(run.started.calendarDate) \(run.started.clockTime), \(end)",
    ]
    items += section.handovers.map { Markdown.inline($0.text) }
    if let cancellation = section.cancellation { items.append(Markdown.inline(cancellation.text)) }
    if let reason = run.reason { items.append("Reason: \(Markdown.inline(reason))") }
    let params = section.params.sorted { $0.key < $1.key }
    if !params.isEmpty {
      items.append("With " + params.map { Markdown.code("\($0.key)=\($0.value.displayText)") }.joined(separator: ", "))
    }
    let prerequisites = section.prerequisites.sorted { $0.key < $1.key }
    if !prerequisites.isEmpty {
      let texts = prerequisites.map { "\($0.key): \($0.value ? "yes" : "no")" }
      items.append("Prerequisites recorded: " + Markdown.inline(texts.joined(separator: ", ")))
    }
    return Markdown.list(items)
  }

  private func took(_ milliseconds: Int64?) -> String {
    milliseconds.map { Duration.milliseconds($0).spokenText } ?? "–"
  }

  private func row(_ detail: StepDetail) -> [String] {
    let step = detail.step
    let word = detail.evidence.word
    let state = word == word.uppercased() ? "**\(word)**" : word
    return [
      String(step.number), Markdown.cell(step.title), state, Markdown.cell(detail.evidence.explanation),
      step.attempts == 0 ? "–" : String(step.attempts), took(step.milliseconds), EntryNumbers.text(step.entries),
    ]
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
    let heading = "#### \(run) step \(step.number): \(Markdown.inline(step.title)) (\(evidence.word))"
    return ([heading] + parts).joined(separator: "\n\n")
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

  /// The last lines of what a step printed, where it did not go well: the rest is in the journal.
  private func output(_ detail: StepDetail) -> [String] {
    guard detail.step.state == .failed || detail.step.state == .unknown else { return [] }
    return ["stdout", "stderr", "body"].compactMap { name in
      guard let value = detail.evidence.outputs[name]?.displayText, !value.isEmpty else { return nil }
      let lines = value.split(separator: "\n", omittingEmptySubsequences: false)
      let left = max(0, lines.count - 20)
      let more = left > 0 ? " (the last 20 of \(lines.count) lines)" : ""
      return "\(name)\(more):\n\n\(Markdown.fenced(lines.dropFirst(left).joined(separator: "\n")))"
    }
  }

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
