internal import Engine
internal import IncidentModel

/// The steps of an incident as bars in time, in the part of Mermaid's language that every renderer knows.
enum MermaidGantt {
  private static let mostBars = 40

  private struct Bar {
    let section: String
    let label: String
    let tag: String?
    let start: Timestamp
    let seconds: Int64
  }

  /// In a fence, for Markdown; `nil` when no step ran.
  static func text(_ postmortem: Postmortem) -> String? {
    chart(postmortem).map { chart in
      Markdown.fenced(chart.text, "mermaid") + (chart.note.map { "\n\n\($0)" } ?? "")
    }
  }

  /// The chart alone, and what it leaves out; `nil` when no step ran.
  static func chart(_ postmortem: Postmortem) -> (text: String, note: String?)? {
    let all = postmortem.runs.flatMap { bars(of: $0, several: postmortem.runs.count > 1) }
    guard !all.isEmpty else { return nil }
    let shown = all.prefix(mostBars)
    var lines = [
      "gantt", "  title \(safe("Steps of \(postmortem.incident.id)"))",
      "  accTitle: \(safe("Steps of \(postmortem.incident.id) in time"))",
      "  accDescr: One bar for each step from its first start to its last end, in UTC. The tables have the same times.",
      "  dateFormat YYYY-MM-DDTHH:mm:ss", "  axisFormat \(axis(of: Array(shown)))",
    ]
    var section: String?
    for bar in shown {
      if bar.section != section { lines.append("  section \(bar.section)") }
      section = bar.section
      let tag = bar.tag.map { "\($0), " } ?? ""
      lines.append("    \(bar.label) :\(tag)\(moment(bar.start)), \(bar.seconds)s")
    }
    lines += marks(postmortem, shown: Array(shown))
    let note = all.count > mostBars ? "Only the first \(mostBars) of \(all.count) bars are drawn." : nil
    return (lines.joined(separator: "\n"), note)
  }

  /// With the date where the bars lie on more than one day.
  private static func axis(of bars: [Bar]) -> String {
    let days = Set(bars.flatMap { [$0.start.calendarDate, ($0.start + .seconds($0.seconds)).calendarDate] })
    return days.count > 1 ? "%m-%d %H:%M" : "%H:%M:%S"
  }

  private static func bars(of section: Postmortem.RunSection, several: Bool) -> [Bar] {
    section.steps.compactMap { detail in
      let step = detail.step
      guard let start = step.started else { return nil }
      let milliseconds = step.milliseconds ?? 0
      let tag: String? =
        switch step.state {
        case .failed, .unknown: "crit"
        case .done: "done"
        case .running, .waiting: "active"
        default: nil
        }
      return Bar(
        section: safe(several ? "\(section.run.id) \(step.section)" : step.section),
        label: "\(step.number) \(safe(step.title))", tag: tag, start: start,
        seconds: max(1, (milliseconds + 999) / 1000))
    }
  }

  /// Targets that lie close enough to the bars not to squeeze them into one corner.
  private static func marks(_ postmortem: Postmortem, shown: [Bar]) -> [String] {
    guard let first = shown.map(\.start).min(), let last = shown.map({ $0.start + .seconds($0.seconds) }).max() else {
      return []
    }
    let horizon = last + .milliseconds((last - first).wholeMilliseconds * 2)
    let marks = postmortem.targets.compactMap { target -> String? in
      guard let limit = target.limit,
        let detected = postmortem.runs.first(where: { $0.run.id == target.run })?.run.detected
      else { return nil }
      let moment = detected + limit
      guard moment >= first, moment <= horizon else { return nil }
      return "    0 limit of \(safe(target.name)) :milestone, \(Self.moment(moment)), 0s"
    }
    return marks.isEmpty ? [] : ["  section Targets"] + marks
  }

  /// `2031-05-14T03:13:54`
  private static func moment(_ moment: Timestamp) -> String { "\(moment.calendarDate)T\(moment.clockTime)" }

  /// Letters, digits and a little punctuation: nothing that the grammar of a chart could take for its own.
  private static func safe(_ text: String) -> String {
    let kept = text.visible.map { character in
      character.isLetter || character.isNumber || " -_./,".contains(character) ? character : " "
    }
    let words = String(kept).split(separator: " ").joined(separator: " ")
    return words.isEmpty ? "-" : words.truncated(to: 60)
  }
}
