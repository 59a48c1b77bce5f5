internal import Engine
internal import IncidentModel

/// What happened to users, how it came to light, and what was done about it.
extension PostmortemMarkdown {
  var impactSections: [Section] {
    [
      Section(
        "## Impact",
        [
          .prompt("users, orders and money affected, support tickets; exact numbers, and how they were counted."),
          .prompt("which functions were away or wrong, for whom, and for how long."),
          block("changes", changes),
        ]),
      Section("## Background and lead-up", [.prompt("what the reader has to know, and what led up to it.")]),
      Section("## Fault", [.prompt("what was broken, and since when.")]),
      Section(
        "## Trigger",
        [.prompt("what set it off at that moment; if a deployment or a change of configuration, which one.")]),
      Section(
        "## Detection",
        [
          block("detection", detection),
          .prompt("what told us, who noticed, and how the time to notice could be halved."),
        ]),
    ]
  }

  var courseSections: [Section] {
    [
      Section(
        "## Response and recovery",
        [
          block("response", response),
          .prompt("what the record cannot know: what was tried and weighed, and what would have shown the way sooner."),
        ]),
      Section("## Timeline", [block("timeline", timeline)]),
      Section("## What was done", [block("steps", StepSections(postmortem).text)]),
      Section("## What is true now", [block("truth", truth)]),
      Section("## Communications", [block("communications", communications)]),
      Section(
        "### Message to users",
        [
          block("message-facts", messageFacts),
          .prompt("Summary. What happened and to whom, in the words of those who were hurt by it."),
          .prompt("What happened. When it began, what could be seen, when it was over."),
          .prompt("What we are doing. What is better already, what comes next and until when."),
        ]),
    ]
  }

  // MARK: - Parts

  private var detection: String {
    let signals = postmortem.signals.isEmpty ? "" : "\n\n" + Markdown.list(postmortem.signals.map(Markdown.inline))
    return Markdown.inline(postmortem.detection) + signals
  }

  private var timeline: String {
    let rows = postmortem.timeline
    let key = Set(postmortem.keyEntries)
    let isLong = rows.count > TimelineMarkdown.mostInBody
    let shown = isLong ? rows.filter { key.contains($0.entry) } : rows
    let note =
      isLong
      ? "\(shown.count) of \(rows.count) rows: what somebody starred, milestones, severities, and where runs began and "
        + "ended. The others stand in the appendix." : nil
    return [MermaidGantt.text(postmortem), note, TimelineMarkdown.table(shown)].compactMap { $0 }
      .joined(separator: "\n\n")
  }

  private var truth: String {
    let truth = postmortem.truth
    var parts = ["As of entry \(postmortem.head.sequence). Nothing was read again for this report."]
    if !truth.verified.isEmpty {
      let rows = truth.verified.map { reading in
        [
          Markdown.cell(reading.title), Markdown.cell(reading.text), moment(reading.at),
          "\(reading.run): \(reading.entry)",
        ]
      }
      parts.append("Verified, as last read:\n\n" + Markdown.table(["Step", "Reading", "Read at", "Entry"], rows))
    }
    parts += points("Not known, not proved or failed:", truth.notKnown)
    parts += points("Rolled back:", truth.rolledBack)
    parts += points("Open, waiting for a person:", truth.open)
    parts += truth.takenBack.map { "\($0.run) was taken back by \($0.by); what it had proved is left out here." }
    if parts.count == 1 { parts.append("No check proved anything, and nothing is open.") }
    return parts.joined(separator: "\n\n")
  }

  private func points(_ title: String, _ points: [Truth.Point]) -> [String] {
    if points.isEmpty { return [] }
    let items = points.map { point in
      "**\(point.word)** \(Markdown.inline(point.title)) (\(point.run), \(EntryNumbers.named(point.entries)))"
        + (point.why.isEmpty ? "" : ": \(Markdown.inline(point.why))")
    }
    return ["\(title)\n\n\(Markdown.list(items))"]
  }
}
