internal import Engine
internal import IncidentModel

/// The report about an incident as Markdown that GitHub and GitLab render.
///
/// Generated parts stand between marks (`GeneratedBlock`); prompts and what people write stand outside them.
public struct PostmortemMarkdown {
  let postmortem: Postmortem

  public init(_ postmortem: Postmortem) { self.postmortem = postmortem }

  /// The whole file. Ends with one line break.
  public var text: String {
    let parts = sections.map { section in
      ([section.heading] + section.parts.map(\.text)).joined(separator: "\n\n")
    }
    return parts.joined(separator: "\n\n") + "\n"
  }

  /// The generated parts alone, in the order of the file: what refreshing replaces.
  public var blocks: [GeneratedBlock] {
    sections.flatMap(\.parts).compactMap { if case .generated(let block) = $0 { block } else { nil } }
  }

  // MARK: - The order of the report

  private struct Section {
    let heading: String
    let parts: [Part]

    init(_ heading: String, _ parts: [Part]) {
      self.heading = heading
      self.parts = parts
    }
  }

  private enum Part {
    case generated(GeneratedBlock)
    case prompt(String)
    /// Text that is a beginning only: people change it, nobody refreshes it.
    case seed(String)

    var text: String {
      switch self {
      case .generated(let block): block.text
      case .prompt(let ask): "_Write here: \(ask)_"
      case .seed(let text): text
      }
    }
  }

  private func block(_ name: String, _ body: String) -> Part { .generated(GeneratedBlock(name, body)) }

  private var sections: [Section] {
    let incident = postmortem.incident
    return [
      Section("# Postmortem: \(incident.id) \(Markdown.inline(incident.title))", [block("header", header)]),
      Section(
        "## Summary",
        [
          block("summary", Markdown.inline(postmortem.summary)),
          .prompt("what happened, what users saw, what was done; two or three sentences for those who were not there."),
        ]),
      Section("## Severity", [block("severity", severity)]),
      Section("## Roles and responders", [block("people", people)]),
      Section("## Who was called", [block("escalations", escalations)]),
      Section("## Metrics", [block("metrics", metrics)]),
      Section("## Targets", [block("targets", targets)]),
    ] + drillSections + [
      Section(
        "## Impact",
        [
          .prompt("users, orders and money affected, support tickets; exact numbers, and how they were counted."),
          block("changes", changes),
        ]),
      Section("## Timeline", [block("timeline", timeline)]),
      Section("## What was done", [block("steps", StepSections(postmortem).text)]),
      Section("## What is true now", [block("truth", truth)]),
      Section("## Communications", [block("communications", communications)]),
      Section("## Runbook problems found", [block("findings", findings)]),
    ] + humanSections + [
      Section("## Follow-ups", [block("follow-ups", followUps)]),
      Section("## Open questions", [.prompt("what is still not understood, and who finds out by when.")]),
      Section("## Appendix: How to check this report", [block("record", record)]),
    ]
  }

  /// Nothing in a real incident.
  private var drillSections: [Section] {
    if postmortem.drills.isEmpty { return [] }
    let parts = postmortem.drills.map { score in
      "**\(score.run) \(Markdown.inline(score.playbook)):** \(Markdown.inline(score.verdict.asSentence))\n\n"
        + score.markdown
    }
    return [Section("## Drill score", [block("drill", parts.joined(separator: "\n\n"))])]
  }

  private var humanSections: [Section] {
    [
      Section(
        "## Detection",
        [
          block("detection", Markdown.inline(postmortem.detection)),
          .prompt("what told us, who noticed, and how the time to notice could be halved."),
        ]),
      Section(
        "## Contributing factors",
        [.prompt("what made this possible, what made it worse: systems, tools, circumstances. No person is a cause.")]),
      Section(
        "## What went well",
        [block("went-well", seeded(postmortem.wentWell)), .prompt("what helped and should stay as it is.")]),
      Section(
        "## What went badly",
        [
          block("went-badly", seeded(postmortem.wentBadly)),
          .prompt("what cost time, what confused, what was missing."),
        ]),
      Section("## Where we got lucky", [.prompt("what could have been worse but for chance.")]),
      Section("## Lessons learned", [.prompt("what we know now that we did not know before.")]),
      Section(
        "## Action items",
        [actionItems, .prompt("one line for each; type is prevent, detect, mitigate or process.")]),
    ]
  }

  // MARK: - Parts

  private var header: String {
    let incident = postmortem.incident
    let runs = postmortem.runs.map { "\($0.run.id) \($0.run.playbook) (\($0.run.state.rawValue))" }
    let rows: [(String, String)] = [
      ("Incident", incident.id.description),
      ("Severity", incident.severity.rawValue),
      ("Report", "Draft"),
      ("Incident is", incident.status),
      ("Environment", Markdown.cell(incident.environment)),
      ("Kind", incident.drill ? "DRILL: nothing real was affected" : "real"),
      ("Opened by", Markdown.cell(incident.openedBy)),
      ("Opened", moment(incident.opened)),
      ("Detected", moment(incident.milestones.detected)),
      ("Acknowledged", moment(incident.milestones.acknowledged)),
      ("Mitigated", moment(incident.milestones.mitigated)),
      ("Resolved", moment(incident.milestones.resolved)),
      ("Runs", runs.isEmpty ? "none" : Markdown.cell(runs.joined(separator: ", "))),
    ]
    return Markdown.table(["", ""], rows.map { ["**\($0.0)**", $0.1] }) + "\n\nAll times are UTC."
  }

  func moment(_ moment: Timestamp?) -> String { moment.map { "\($0.calendarDate) \($0.clockTime)" } ?? "–" }

  private var severity: String {
    let rows = postmortem.incident.severityHistory.map { line in
      [moment(line.at), line.severity.rawValue, Markdown.cell(line.by), Markdown.cell(line.why)]
    }
    let now = "**\(postmortem.incident.severity.rawValue)**, as classified last."
    return rows.isEmpty ? now : now + "\n\n" + Markdown.table(["Time", "Severity", "By", "Why"], rows)
  }

  private var metrics: String {
    let rows = postmortem.metrics.map { metric in
      [
        "**\(metric.name)**", metric.text, Markdown.cell(metric.meaning), metric.from.rawValue, metric.to.rawValue,
        Markdown.cell(metric.missing ?? (metric.estimated ? "'\(metric.from.rawValue)' is what people estimate" : "")),
      ]
    }
    return Markdown.table(["Figure", "Value", "Meaning", "Counts from", "to", "Note"], rows)
  }

  private var targets: String {
    guard !postmortem.targets.isEmpty else { return "The playbooks name no targets." }
    let rows = postmortem.targets.map { target in
      let detected = target.judged ?? postmortem.incident.milestones.detected ?? Timestamp(milliseconds: 0)
      return [
        Markdown.cell(target.name), target.run.description, target.limit?.clockText ?? "–",
        target.elapsed?.spokenText ?? "–", Markdown.cell(target.verdict(detected: detected, now: nil)),
        target.entry.map(String.init) ?? "–",
      ]
    }
    return Markdown.table(["Target", "Run", "Limit", "From detected", "Outcome", "Entry"], rows)
  }

  private var changes: String {
    guard !postmortem.changes.isEmpty else { return "Andon changed nothing." }
    let rows = postmortem.changes.map { change in
      [
        Markdown.cell(change.title), change.effect.rawValue, change.word, Markdown.cell(change.reading ?? ""),
        change.at?.clockTime ?? "–", "\(change.run): \(EntryNumbers.text(change.entries))",
      ]
    }
    return "What Andon changed:\n\n"
      + Markdown.table(["Step", "Effect", "Outcome", "Read afterwards", "Time", "Entries"], rows)
  }

  private var timeline: String {
    [MermaidGantt.text(postmortem), TimelineMarkdown.table(postmortem.timeline)].compactMap { $0 }
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

  private var communications: String {
    guard !postmortem.messages.isEmpty else { return "No message went through the outbox." }
    return postmortem.messages.map { message in
      let remote = message.remoteId.map { ", message \($0)" } ?? ""
      let status = message.status.map { ", answer \($0)" } ?? ""
      let head =
        "**\(Markdown.inline(message.id))** to \(Markdown.inline(message.connection)): "
        + Markdown.inline(message.verdict + status + remote)
      return "\(head) (queued \(message.queued.clockTime), \(EntryNumbers.named(message.entries)))\n\n"
        + Markdown.fenced(message.text)
    }.joined(separator: "\n\n")
  }

  private var findings: String {
    guard !postmortem.findings.isEmpty else { return "The record shows none." }
    return Markdown.list(
      postmortem.findings.map { finding in
        let place = finding.run.map { " (\($0), \(EntryNumbers.named(finding.entries)))" } ?? ""
        return "**\(finding.kind.rawValue)** \(Markdown.inline(finding.subject))\(place): "
          + "\(Markdown.inline(finding.what.asSentence)) _Suggestion:_ \(Markdown.inline(finding.suggestion.asSentence))"
      })
  }

  private func seeded(_ lines: [String]) -> String {
    lines.isEmpty ? "The record names nothing." : Markdown.list(lines.map(Markdown.inline))
  }

  /// What people set down; else a beginning for them, which nobody refreshes.
  private var actionItems: Part {
    if !postmortem.actionItems.isEmpty { return block("action-items", actionItemTable) }
    let seeds = postmortem.findings.map { finding in
      [Markdown.cell(finding.suggestion), "process", "", "", "", ""]
    }
    let rows = seeds.isEmpty ? [Array(repeating: "", count: 6)] : seeds
    return .seed(Markdown.table(["What", "Type", "Owner", "Priority", "Ticket", "Due"], rows))
  }

  private var followUps: String {
    guard !postmortem.followUps.isEmpty else { return "The record leaves nothing open." }
    return Markdown.list(
      postmortem.followUps.map { followUp in
        Markdown.inline(followUp.what) + (followUp.command.map { ": \(Markdown.code($0))" } ?? "")
      })
  }

  private var record: String {
    let head = postmortem.head
    return """
      This report was made from \(postmortem.entryCount) journal entries between number \(postmortem.firstEntry) and \
      number \(head.sequence), the recorded texts of the playbooks, and nothing else. The last entry of \
      \(postmortem.incident.id) is number \(head.sequence), and its hash is

      \(Markdown.fenced(head.hash))

      The hash covers that entry and every entry before it. To check that the journal still holds them as they were:

      \(Markdown.fenced("andon journal verify --anchor \(head.text)", "sh"))

      The record does not protect against:

      \(Markdown.list(postmortem.limits))
      """
  }
}

extension String {
  /// With a full stop, unless it ends a sentence already.
  var asSentence: String {
    let text = onOneLine
    return text.hasSuffix(".") || text.hasSuffix("!") || text.hasSuffix("?") ? text : text + "."
  }
}
