internal import Engine
internal import IncidentModel

extension StatusReport {
  /// As plain text, without a line break at the end.
  public func text(_ options: TextOptions = TextOptions()) -> String {
    var options = options
    options.now = now
    let quiet = "Nothing is open: no incident, no run, no message.".wrapped(to: options.width)
    let parts =
      isQuiet ? [quiet] : [incidentLines(options), owingLines(options), runLines(options), outboxLines(options)]
    let last = [ArmedLine.lines(armed, options), lateLines(options), NextStep.lines(next, options)]
    return (parts + last).filter { !$0.isEmpty }
      .map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
  }

  private func lateLines(_ options: TextOptions) -> [String] {
    if late.isEmpty { return [] }
    let head = "\(late.count) \(late.count == 1 ? "task is" : "tasks are") late: andon schedule"
    let rows = late.prefix(Self.namedTasks).map { ["\($0.what), \($0.standing(at: now))"] }
    let rest = late.count - rows.count
    return [head] + TextTable(rows).lines(width: options.width)
      + (rest > 0 ? ["  and \(rest) more"] : [])
  }

  private static let namedTasks = 3

  private func incidentLines(_ options: TextOptions) -> [String] {
    ["OPEN INCIDENTS (\(incidents.count))"]
      + incidents.flatMap { incident -> [String] in
        let line = incident.line
        let age = line.milestones.detected.map { "  detected \((now - $0).agoText)" } ?? ""
        let head = "\(line.id)  \(line.severity.rawValue)  \(line.status)  \(incident.place)\(age)"
        return TextTable([[head]]).lines(width: options.width)
          + TextTable([[line.title], [line.roleText]].filter { $0 != [""] }, indent: 4).lines(width: options.width)
          + dueLines(incident, options)
      }
  }

  private func owingLines(_ options: TextOptions) -> [String] {
    if owing.isEmpty { return [] }
    return ["CLOSED, AND STILL OWED (\(owing.count))"]
      + owing.flatMap { incident in
        TextTable([["\(incident.line.id)  \(incident.line.severity.rawValue)  \(incident.line.title)"]])
          .lines(width: options.width) + dueLines(incident, options)
      }
  }

  private func dueLines(_ incident: OpenIncident, _ options: TextOptions) -> [String] {
    let followUps = incident.openFollowUps.map { line in
      let owner = line.owner.isEmpty ? "nobody has it" : line.owner
      return ["follow-up \(line.number)", "\(line.standing(at: now)): \(line.title) (\(owner))"]
    }
    let report = incident.postmortemDue.map { ["postmortem", DueText(due: $0, now: now).text] }
    return TextTable(followUps + [report].compactMap { $0 }, indent: 4).lines(width: options.width)
  }

  private func runLines(_ options: TextOptions) -> [String] {
    ["RUNS (\(runs.count))"]
      + runs.flatMap { run -> [String] in
        let line = run.line
        let incident = line.incident.map { "  \($0)" } ?? ""
        let head =
          "\(line.id)  \(line.stateWord)  \(line.playbook)\(incident)  \(line.place)  "
          + "since \(line.started.clockTime) UTC"
        let changes = [
          line.degradedText,
          line.handedTo.map { _ in run.account?.handovers.last?.text ?? "handed over" },
          line.cancelling ? run.account?.cancellation?.text ?? "cancellation asked" : nil,
        ].compactMap { $0 }
        let troubles = run.troubles.map { [$0.word, $0.title] }
        let waiting = run.waiting.map { ["waits for", $0.why.isEmpty ? $0.title : "\($0.title): \($0.why)"] }
        return TextTable([[head]]).lines(width: options.width)
          + TextTable(changes.map { [$0] }, indent: 4).lines(width: options.width)
          + TargetLine.lines(run.account?.targets ?? [], detected: line.detected, options, indent: 4)
          + TextTable([run.forecast?.text].compactMap { $0 }.map { [$0] }, indent: 4).lines(width: options.width)
          + TextTable(troubles + waiting, indent: 4).lines(width: options.width)
      }
  }

  private func outboxLines(_ options: TextOptions) -> [String] {
    let rows = outbox.map(MessageLine.init).map { [$0.id, $0.connection, $0.verdict] }
    return ["OUTBOX (\(outbox.count))"] + TextTable(rows).lines(width: options.width, limits: [0: 30])
  }
}

extension Duration {
  /// `12:16 ago`, `3 days ago`; for what lies ahead, `in 00:10`.
  fileprivate var agoText: String {
    if self < .zero { return "in \((.zero - self).clockText)" }
    let days = wholeMilliseconds / 86_400_000
    return days >= 2 ? "\(days) days ago" : "\(clockText) ago"
  }
}
