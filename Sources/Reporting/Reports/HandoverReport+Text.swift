internal import Engine
internal import IncidentModel

extension HandoverReport {
  /// As plain text, without a line break at the end.
  public func text(_ options: TextOptions = TextOptions()) -> String {
    let parts = [
      head(options), clockLines(options), openLines(options), truthLines(options), storyLines(options),
      followUpLines(options), NextStep.lines(next, options),
    ]
    return parts.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
  }

  private func head(_ options: TextOptions) -> [String] {
    let title = "\(incident.id)  \(incident.severity.rawValue)  \(incident.status.uppercased())  \(place)"
    let day = incident.opened.map { "opened \($0.calendarDate) by \(incident.openedBy) (times are UTC)" } ?? ""
    let severity = incident.severityHistory.last.map {
      "\($0.severity.rawValue) since \($0.at.clockTime) by \($0.by): \($0.why)"
    }
    let people = incident.roleText.isEmpty ? "nobody has a role yet" : incident.roleText
    let rows = [incident.title, day, incident.milestoneText, severity ?? "", people]
    return [title] + TextTable(rows.filter { !$0.isEmpty }.map { [$0] }).lines(width: options.width)
  }

  private func clockLines(_ options: TextOptions) -> [String] {
    if clocks.isEmpty { return [] }
    let rows = clocks.map { [$0.name, $0.run.description, $0.verdict] }
    return ["Clocks:"] + TextTable(rows).lines(width: options.width)
  }

  /// What waits for somebody: runs, steps, messages.
  private func openLines(_ options: TextOptions) -> [String] {
    let runs = runs.map { run in
      let what = run.handedTo.map { "handed over to \($0)" } ?? run.reason ?? "by \(run.actor)"
      return [run.id.description, run.stateWord, "\(run.playbook): \(what)"]
    }
    let steps = truth.open.map { [$0.run.description, $0.word, $0.why.isEmpty ? $0.title : "\($0.title): \($0.why)"] }
    let messages = unsent.map { [$0.run?.description ?? "", "unsent", "message to \($0.connection): \($0.verdict)"] }
    let rows = runs + steps + messages
    return rows.isEmpty ? ["Nothing waits for anybody."] : ["Open:"] + TextTable(rows).lines(width: options.width)
  }

  private func truthLines(_ options: TextOptions) -> [String] {
    var lines: [String] = []
    if !truth.verified.isEmpty {
      let rows = truth.verified.map { [$0.title, "\($0.text)  (checked \($0.at.clockTime))"] }
      lines += ["True when last looked at:"]
      lines += TextTable(rows).lines(width: options.width, limits: [0: options.width / 2])
    }
    let doubts = (truth.notKnown + truth.rolledBack).map {
      [$0.word, $0.why.isEmpty ? $0.title : "\($0.title): \($0.why)"]
    }
    if !doubts.isEmpty { lines += ["Not proved:"] + TextTable(doubts).lines(width: options.width) }
    return lines
  }

  private func storyLines(_ options: TextOptions) -> [String] {
    let (rows, left) = toRead
    if rows.isEmpty { return ["\(period): nothing was recorded."] }
    let more = left == 0 ? [] : ["  \(left) earlier: andon timeline show \(incident.id)"]
    return ["\(period):"] + more + TimelineText(Array(rows), width: options.width).lines
  }

  private func followUpLines(_ options: TextOptions) -> [String] {
    let rows = FollowUpLine.rows(openFollowUps, now: now)
    return rows.isEmpty
      ? [] : ["To be done later:"] + TextTable(rows, alignedRight: [0]).lines(width: options.width, limits: [2: 16])
  }
}
