internal import Engine
internal import IncidentModel

extension HandoverReport {
  /// The same as Markdown, for a chat or a ticket. Ends without a line break.
  public var markdown: String {
    let title = "# \(incident.id): \(Markdown.inline(incident.title))"
    let parts = [
      title, state, section("Clocks", clocks.map { "\(Markdown.inline($0.name)) (\($0.run)): **\($0.verdict)**" }),
      section("Open", open), section("True when last looked at", verified), section("Not proved", doubts), story,
      section("To be done later", later),
      section("Next", next.map { "\(Markdown.code($0.command)): \(Markdown.inline($0.why))" }),
      "_As of \(now.calendarDate) \(now.clockTime) UTC, journal entry \(head.sequence)._",
    ]
    return parts.filter { !$0.isEmpty }.joined(separator: "\n\n")
  }

  private func section(_ title: String, _ items: [String]) -> String {
    items.isEmpty ? "" : "## \(title)\n\n\(Markdown.list(items))"
  }

  private var state: String {
    let roles = Role.allCases.map { "\($0.rawValue) \(Markdown.inline(incident.roles[$0.rawValue] ?? "nobody"))" }
    let why = incident.severityHistory.last.map { ": \(Markdown.inline($0.why))" } ?? ""
    return Markdown.list([
      "**\(incident.severity.rawValue), \(incident.status)** in \(Markdown.inline(place))\(why)",
      Markdown.inline(incident.milestoneText), roles.joined(separator: ", "),
    ])
  }

  private var open: [String] {
    runs.map { "\($0.id) \(Markdown.inline($0.playbook)) is \($0.stateWord)" }
      + truth.open.map { point in
        let ask = point.why.isEmpty ? "" : ": \(Markdown.inline(point.why))"
        return "\(point.run) waits for \(Markdown.inline(point.title))\(ask)"
      }
      + unsent.map { "message to \(Markdown.inline($0.connection)): \(Markdown.inline($0.verdict))" }
  }

  private var verified: [String] {
    truth.verified.map { "\(Markdown.inline($0.title)): \(Markdown.inline($0.text)) (\($0.at.clockTime))" }
  }

  private var doubts: [String] {
    (truth.notKnown + truth.rolledBack).map { point in
      "**\(point.word)** \(Markdown.inline(point.title))\(point.why.isEmpty ? "" : ": \(Markdown.inline(point.why))")"
    }
  }

  private var later: [String] {
    openFollowUps.map { line in
      let owner = line.owner.isEmpty ? "nobody has it" : Markdown.inline(line.owner)
      return "\(Markdown.inline(line.title)) (\(owner), \(line.standing(at: now)))"
    }
  }

  private var story: String {
    let (rows, left) = toRead
    let title = "## \(period)"
    if rows.isEmpty { return "\(title)\n\nNothing was recorded." }
    let more = left == 0 ? "" : "\(left) earlier: \(Markdown.code("andon timeline show \(incident.id)"))\n\n"
    return "\(title)\n\n\(more)\(TimelineMarkdown.table(Array(rows)))"
  }
}
