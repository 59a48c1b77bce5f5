internal import Engine
internal import IncidentModel

/// What was changed, who did what against which obstacles, and who was told.
extension PostmortemMarkdown {
  var changes: String {
    var parts = [changeTable]
    if !postmortem.keptValues.isEmpty {
      let rows = postmortem.keptValues.map { kept in
        [
          Markdown.cell(kept.name), Markdown.cell(kept.value.truncated(to: 120)), Markdown.cell(kept.title),
          moment(kept.at), "\(kept.run): \(EntryNumbers.text(kept.entries))",
        ]
      }
      parts.append(
        "Kept before anything was changed:\n\n" + Markdown.table(["Name", "Value", "Step", "Read at", "Entries"], rows))
    }
    if !postmortem.impact.isEmpty {
      parts.append("Noted as impact:\n\n" + Markdown.list(postmortem.impact.map(Markdown.inline)))
    }
    return parts.joined(separator: "\n\n")
  }

  private var changeTable: String {
    guard !postmortem.changes.isEmpty else { return "Andon changed nothing." }
    let rows = postmortem.changes.map { change in
      let before = change.before.map { "\($0) (entry \(change.beforeEntry ?? 0))" } ?? ""
      return [
        Markdown.cell(change.title), change.effect.rawValue, change.word, Markdown.cell(before),
        Markdown.cell(change.reading ?? ""), change.at?.clockTime ?? "–",
        "\(change.run): \(EntryNumbers.text(change.entries))",
      ]
    }
    return "What Andon changed; a value before stands only where the same question had been asked before:\n\n"
      + Markdown.table(["Step", "Effect", "Outcome", "Before", "Read afterwards", "Time", "Entries"], rows)
  }

  private static let shownObstacles = 60

  var response: String {
    var facts = [Milestone.acknowledged, .mitigated, .resolved].compactMap(reached)
    facts += postmortem.runs.map { section in
      let run = section.run
      let end = run.ended == nil ? "not ended" : "\(run.state.rawValue) after \(took(run.milliseconds))"
      return
        "\(run.started.clockTime) \(run.id) \(Markdown.inline(run.playbook)) by \(Markdown.inline(run.actor)): \(end)"
    }
    let head = facts.isEmpty ? "Nobody acknowledged it, and no playbook was run." : Markdown.list(facts)
    if postmortem.obstacles.isEmpty { return head + "\n\nThe record shows no obstacle." }
    let rows = postmortem.obstacles.prefix(Self.shownObstacles).map { obstacle in
      [
        obstacle.row.at.clockTime, obstacle.row.sinceDetectedText, Markdown.cell(obstacle.row.event),
        TimelineMarkdown.by(obstacle.row), took(obstacle.milliseconds), String(obstacle.row.entry),
      ]
    }
    let left = postmortem.obstacles.count - rows.count
    return "\(head)\n\nObstacles, and what people decided:\n\n"
      + Markdown.table(["Time", "From detected", "What", "By", "Took", "Entry"], rows)
      + (left > 0 ? "\n\n… \(left) more, in the full timeline" : "")
  }

  /// `Acknowledged 44.0 s after detection`
  private func reached(_ milestone: Milestone) -> String? {
    let metrics = postmortem.metrics.filter { $0.from == .detected && $0.to == milestone && $0.milliseconds != nil }
    let word = milestone.rawValue.prefix(1).uppercased() + milestone.rawValue.dropFirst()
    return metrics.first.map { "\(word) \($0.text) after detection (\($0.name))" }
  }

  var communications: String {
    let sent = postmortem.messages.map { message in
      let remote = message.remoteId.map { ", message \($0)" } ?? ""
      let status = message.status.map { ", answer \($0)" } ?? ""
      let head =
        "**\(Markdown.inline(message.id))** to \(Markdown.inline(message.connection)): "
        + Markdown.inline(message.verdict + status + remote)
      return "\(head) (queued \(message.queued.clockTime), \(EntryNumbers.named(message.entries)))\n\n"
        + Markdown.fenced(message.text)
    }
    let byHand = postmortem.postsByHand.map { post in
      let answer =
        post.at.map { at in
          "\(Markdown.inline(post.by ?? "")) answered \(Markdown.inline(post.answer ?? "")) at \(at.clockTime)"
        } ?? "**nobody has answered**"
      return "**\(Markdown.inline(post.title))**, by hand: \(answer) (\(post.run), \(EntryNumbers.named(post.entries)))"
        + "\n\n" + Markdown.fenced(post.text)
    }
    let outbox = sent.isEmpty ? ["No message went through the outbox."] : sent
    return (outbox + byHand).joined(separator: "\n\n")
  }

  /// What may be said outside as it is: moments and durations, no name and no place.
  var messageFacts: String {
    let milestones = postmortem.incident.milestones
    let moments = [
      ("began", milestones.started), ("was noticed", milestones.detected), ("was stopped", milestones.mitigated),
      ("was over", milestones.resolved),
    ].compactMap { word, at in at.map { "\(word) \($0.minuteText)" } }
    let known = moments.isEmpty ? "No moment of it is recorded." : "It \(moments.joined(separator: ", ")) (UTC)."
    let impact = postmortem.metrics.first { $0.name == "impact time" }?.milliseconds
    return known + (impact.map { " Users were hurt for about \(Duration.milliseconds($0).spokenText)." } ?? "")
  }
}
