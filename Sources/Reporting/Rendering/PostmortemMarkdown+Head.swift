internal import Engine
internal import IncidentModel

extension PostmortemMarkdown {
  var header: String {
    let incident = postmortem.incident
    let runs = postmortem.runs.map { "\($0.run.id) \($0.run.playbook) (\($0.run.state.rawValue))" }
    let rows: [(String, String)] = [
      ("Incident", incident.id.description),
      ("Severity", severityCourse),
      ("Report", Self.statusText(postmortem.status)),
      ("Report owner", Markdown.cell(incident.roles[Role.lead.rawValue] ?? "nobody yet: andon incident role lead")),
      ("Incident is", incident.status),
      ("Environment", Markdown.cell(incident.environment)),
      ("Kind", incident.drill ? "DRILL: nothing real was affected" : "real"),
      ("Began", moment(incident.milestones.started)),
      ("Opened by", Markdown.cell(incident.openedBy)),
      ("Opened", moment(incident.opened)),
      ("Detected", moment(incident.milestones.detected)),
      ("Acknowledged", moment(incident.milestones.acknowledged)),
      ("Mitigated", moment(incident.milestones.mitigated)),
      ("Resolved", moment(incident.milestones.resolved)),
      ("Closed", moment(incident.milestones.closed)),
      ("Runs", runs.isEmpty ? "none" : Markdown.cell(runs.joined(separator: ", "))),
    ]
    return Markdown.table(["", ""], rows.map { ["**\($0.0)**", $0.1] }) + "\n\nAll times are UTC."
  }

  /// `in-review` as `In review`.
  private static func statusText(_ status: String) -> String {
    let words = status.split { $0 == "-" || $0 == "_" }.joined(separator: " ")
    return Markdown.cell(words.prefix(1).uppercased() + words.dropFirst())
  }

  /// `P1 (was P0)`
  private var severityCourse: String {
    let former = postmortem.severitySpans.dropLast().map(\.severity.rawValue)
    return postmortem.incident.severity.rawValue
      + (former.isEmpty ? "" : " (was \(former.joined(separator: ", then ")))")
  }

  func moment(_ moment: Timestamp?) -> String { moment.map { "\($0.calendarDate) \($0.clockTime)" } ?? "–" }

  func took(_ milliseconds: Int64?) -> String { milliseconds.map { Duration.milliseconds($0).spokenText } ?? "–" }

  var severity: String {
    let rows = postmortem.severitySpans.map { span in
      [
        moment(span.since), span.severity.rawValue, took(span.milliseconds), Markdown.cell(span.by),
        Markdown.cell(span.why), String(span.entry),
      ]
    }
    let now = "**\(postmortem.incident.severity.rawValue)**, as classified last."
    if rows.isEmpty { return now }
    let table = Markdown.table(["Time", "Severity", "For", "By", "Why", "Entry"], rows)
    let end = postmortem.incident.milestones.resolved == nil ? "the last entry" : "it was resolved"
    return "\(now) \(timeInEach) (from its opening until \(end))\n\n\(table)"
  }

  /// `Time in each: P0 00:16, P1 12:00`
  private var timeInEach: String {
    let sums = Dictionary(
      postmortem.severitySpans.map { ($0.severity, $0.milliseconds ?? 0) }, uniquingKeysWith: { $0 + $1 })
    let texts = sums.sorted { $0.key.rawValue < $1.key.rawValue }.map { "\($0.key.rawValue) \(took($0.value))" }
    return "Time in each: \(texts.joined(separator: ", "))"
  }

  var metrics: String {
    let rows = postmortem.metrics.map { metric in
      [
        "**\(metric.name)**", metric.text, Markdown.cell(metric.meaning), metric.from.rawValue, metric.to.rawValue,
        Markdown.cell(metric.missing ?? (metric.estimated ? "'\(metric.from.rawValue)' is what people estimate" : "")),
      ]
    }
    return Markdown.table(["Figure", "Value", "Meaning", "Counts from", "to", "Note"], rows)
  }

  var targets: String {
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
}
