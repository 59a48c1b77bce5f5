internal import Engine
internal import IncidentModel

/// Why it happened and what people learn from it. Causes are people's to write; nothing here names one.
extension PostmortemMarkdown {
  var causeSections: [Section] {
    [
      Section(
        "## Contributing factors and root causes",
        [.prompt("what made this possible, what made it worse: systems, tools, circumstances. No person is a cause.")]),
      Section(
        "### Five whys",
        [.prompt("why did it happen, why was that so, and so on; delete this where one chain does not tell it.")]),
      Section("### Why were we surprised?", [.prompt("what we believed about the system that was not so.")]),
      Section(
        "### Cause tags",
        [.prompt("keep what fits, delete the rest: config, hardware, conflict, time, database, other.")]
      ),
    ]
  }

  var learningSections: [Section] {
    [
      Section(
        "## What went well",
        [block("went-well", seeded(postmortem.wentWell)), .prompt("what helped and should stay as it is.")]),
      Section(
        "## What went badly",
        [
          block("went-badly", seeded(postmortem.wentBadly)),
          .prompt("what cost time, what confused, what was missing."),
        ]),
      Section(
        "## Where we got lucky",
        [block("lucky", seeded(postmortem.lucky)), .prompt("what could have been worse but for chance.")]),
      Section("## Lessons learned", [.prompt("what we know now that we did not know before.")]),
    ]
  }

  var workSections: [Section] {
    [
      Section("## Runbook problems found", [block("findings", findings)]),
      Section(
        "## Action items",
        [block("action-items", actionItems)] + actionSeeds + [
          .prompt("type (prevent, detect, mitigate or process), owner, priority, ticket and date of each.")
        ]),
      Section("## Follow-ups", [block("follow-ups", followUps)]),
      Section(
        "## Open questions",
        [
          block("questions", seeded(postmortem.questions)),
          .prompt("what is not understood, and who finds out by when."),
        ]),
      Section(
        "## Related and repeat incidents",
        [
          block("related", related),
          .prompt(
            "backlog check: what in the backlog would have prevented this or made it smaller, and why is it there?"),
        ]),
    ]
  }

  private func seeded(_ lines: [String]) -> String {
    lines.isEmpty ? "The record names nothing." : Markdown.list(lines.map(Markdown.inline))
  }

  private var actionItems: String {
    if !postmortem.actionItems.isEmpty { return actionItemTable }
    let command = "andon incident followup add \"…\" --owner NAME --due 7d"
    return "None is recorded. \(Markdown.code(command)) records one, and reminds of it."
  }

  /// A beginning for people, which nobody refreshes; nothing where they set down action items already.
  private var actionSeeds: [Part] {
    if !postmortem.actionItems.isEmpty { return [] }
    let seeds = postmortem.findings.map { [Markdown.cell($0.suggestion), "process", "", "", "", ""] }
    let rows = seeds.isEmpty ? [Array(repeating: "", count: 6)] : seeds
    return [.seed(Markdown.table(["What", "Type", "Owner", "Priority", "Ticket", "Due"], rows))]
  }

  private var followUps: String {
    guard !postmortem.followUps.isEmpty else { return "The record leaves nothing open." }
    return Markdown.list(
      postmortem.followUps.map { followUp in
        Markdown.inline(followUp.what) + (followUp.command.map { ": \(Markdown.code($0))" } ?? "")
      })
  }

  private var related: String {
    let repeats = postmortem.related.filter(\.isRepeat).count
    let asOf = "as of entry \(postmortem.head.sequence)"
    if postmortem.related.isEmpty { return "The journal knows no earlier incident like this one, \(asOf)." }
    let rows = postmortem.related.map { incident in
      let common = incident.playbooks.map { "playbook \($0)" } + incident.monitors.map { "monitor \($0)" }
      let left = incident.openFollowUps.map { item in
        "\(item.number) \(item.title) (\(item.owner.isEmpty ? "nobody has it" : item.owner))"
      }
      return [
        incident.id.description, moment(incident.at), incident.severity.rawValue, Markdown.cell(incident.title),
        Markdown.cell(common.isEmpty ? "the same environment" : common.joined(separator: ", ")), incident.status,
        Markdown.cell(
          incident.followUpCount == 0
            ? "none" : left.isEmpty ? "all \(incident.followUpCount) done" : left.joined(separator: "; ")),
      ]
    }
    let head =
      repeats == 0
      ? "Nothing like this has happened before, as far as the journal knows, \(asOf). In the same environment:"
      : "**\(repeats == 1 ? "One incident" : "\(repeats) incidents") with the same playbook or monitor**, \(asOf):"
    return head + "\n\n"
      + Markdown.table(["Incident", "Detected", "Severity", "Title", "In common", "Is", "Open follow-ups"], rows)
  }
}
