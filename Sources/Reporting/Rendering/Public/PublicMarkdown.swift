internal import IncidentModel

/// The public report as Markdown: Summary, What happened, Impact, What we are doing; each with a question to the
/// person who publishes it.
public struct PublicMarkdown: Sendable {
  private let report: PublicReport

  public init(_ report: PublicReport) { self.report = report }

  /// The whole file. Ends with one line break.
  public var text: String {
    let kind = report.drill ? "Exercise" : "Incident report"
    let title = report.title.map { "\(kind): \(Markdown.inline($0))" } ?? kind
    let parts: [String] = [
      "# \(title)",
      "## Summary", summary, Self.prompt("what users saw, in two or three sentences without names or systems."),
      "## What happened", happened, Self.prompt("why it happened, as far as outsiders need it."),
      "## Impact", impact, Self.prompt("who was affected, how much, and how it was counted."),
      "## What we are doing", doing, Self.prompt("what changes so that it does not happen again, and by when."),
    ]
    return parts.joined(separator: "\n\n") + "\n"
  }

  /// What is told, by section: pieces for templates.
  var pieces: [String: String] {
    ["summary": summary, "what_happened": happened, "impact": impact, "what_we_are_doing": doing]
  }

  private static func prompt(_ ask: String) -> String { "_Write here: \(ask)_" }

  private var summary: String {
    var sentences: [String] = report.drill ? ["This was an exercise: nobody was affected."] : []
    let scale = "severity \(report.severity.rawValue) (P0 is the most serious, P3 the least)"
    if let detected = report.moments.first(where: { $0.kind == .detected }) {
      sentences.append("On \(detected.at.minuteWords) we noticed a problem of \(scale).")
    } else {
      sentences.append("There was a problem of \(scale).")
    }
    switch report.status {
    case .ongoing: sentences.append("It is not over yet.")
    case .mitigated: sentences.append("Its effects were stopped\(Self.after(report.minutesToMitigate)).")
    case .resolved:
      if report.moments.contains(where: { $0.kind == .mitigated }) {
        sentences.append("Its effects were stopped\(Self.after(report.minutesToMitigate)).")
      }
      sentences.append("Normal service was restored\(Self.after(report.minutesToResolve)).")
    }
    return sentences.joined(separator: " ")
  }

  private static func after(_ minutes: Int?) -> String {
    minutes.map { " \($0.minutesInWords) after we noticed it" } ?? ""
  }

  private var happened: String {
    let rows = report.moments.map { moment in
      [moment.at.minuteWords, moment.words + (moment.estimated ? " (estimated)" : "")]
    }
    return rows.isEmpty ? "No moments are recorded." : Markdown.table(["Time", "What happened"], rows)
  }

  private var impact: String {
    report.minutesOfImpact.map { "The problem had effects for \($0.minutesInWords), by our estimate." }
      ?? "How long it had effects is not recorded."
  }

  private var doing: String {
    var sentences: [String] = []
    if report.targetsTotal > 0 {
      sentences.append("We kept \(report.targetsMet) of the \(report.targetsTotal) time limits that we set ourselves.")
    }
    if report.updatesSent > 0 { sentences.append("Updates sent while it lasted: \(report.updatesSent).") }
    let all = report.improvementsDone + report.improvementsOpen
    sentences.append(
      all == 0
        ? "No improvements are recorded yet." : "Improvements: \(all), of which \(report.improvementsDone) are done.")
    return sentences.joined(separator: " ")
  }
}

extension PublicReport.Moment {
  fileprivate var words: String {
    switch kind {
    case .started: "The problem began"
    case .detected: "We noticed it"
    case .acknowledged: "Somebody took charge of it"
    case .mitigated: "Its effects were stopped"
    case .resolved: "Normal service was restored"
    case .classified: "Classified as \(severity?.rawValue ?? "")"
    }
  }
}

extension Timestamp {
  /// `2031-05-14 03:13 UTC`
  fileprivate var minuteWords: String { "\(calendarDate) \(clockTime.prefix(5)) UTC" }
}

extension Int {
  /// Of minutes: `less than a minute`, `1 minute`, `5 hours 20 minutes`.
  fileprivate var minutesInWords: String {
    func count(_ number: Int, _ unit: String) -> String { "\(number) \(unit)\(number == 1 ? "" : "s")" }
    if self < 1 { return "less than a minute" }
    if self < 60 { return count(self, "minute") }
    let hours = count(self / 60, "hour")
    return self % 60 == 0 ? hours : "\(hours) \(count(self % 60, "minute"))"
  }
}
