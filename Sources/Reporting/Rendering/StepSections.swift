internal import IncidentModel

/// The part of the report that says what was done: each run, each of its steps. What they did it with, and what came
/// back, stands in the appendix.
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
}
