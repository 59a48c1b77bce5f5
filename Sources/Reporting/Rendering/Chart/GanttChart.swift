internal import IncidentModel

/// Steps as bars in time: what the `mermaid` fence of a report says. Everything else that shows the bars, as a drawing
/// or as a table, is made from this, so that all of them agree.
struct GanttChart: Sendable, Hashable {
  static let mostBars = 40

  let title: String
  let description: String
  let sections: [Section]

  struct Section: Sendable, Hashable {
    let name: String
    var bars: [Bar]
  }

  struct Bar: Sendable, Hashable {
    enum State: String, Sendable { case done, failed, open, other, limit }

    let label: String
    let state: State
    let start: Timestamp
    /// Not negative; 0 for a limit, which is a moment.
    let seconds: Int64

    var end: Timestamp { start + .seconds(seconds) }
  }

  var bars: [Bar] { sections.flatMap(\.bars) }

  /// Reads the part of Mermaid's language that `MermaidGantt` writes; `nil` for anything else, and without a bar.
  init?(mermaid text: String) {
    var lines = text.split(whereSeparator: \.isNewline).map { $0.trimmed }.filter { !$0.isEmpty && !$0.hasPrefix("%%") }
    guard lines.first == "gantt" else { return nil }
    lines.removeFirst()
    var (title, accessibleTitle, description) = ("", "", "")
    var sections: [Section] = []
    for line in lines {
      if let rest = line.rest(after: "title ") {
        title = rest
      } else if let rest = line.rest(after: "accTitle:") {
        accessibleTitle = rest
      } else if let rest = line.rest(after: "accDescr:") {
        description = rest
      } else if let rest = line.rest(after: "section ") {
        sections.append(Section(name: rest, bars: []))
      } else if line.hasPrefix("dateFormat ") || line.hasPrefix("axisFormat ") || line.hasPrefix("tickInterval ") {
        continue
      } else if let bar = Bar(line) {
        if sections.isEmpty { sections.append(Section(name: "", bars: [])) }
        sections[sections.count - 1].bars.append(bar)
      } else {
        return nil
      }
    }
    self.sections = sections.filter { !$0.bars.isEmpty }
    self.title = accessibleTitle.isEmpty ? title : accessibleTitle
    self.description = description
    let steps = bars.filter { $0.state != .limit }
    guard !steps.isEmpty, steps.count <= Self.mostBars, bars.count <= 2 * Self.mostBars else { return nil }
  }
}

extension GanttChart.Bar {
  /// `1 Close the till :done, 2031-05-14T03:13:54, 5s`
  init?(_ line: String) {
    guard let mark = line.firstRange(of: " :") else { return nil }
    label = line[..<mark.lowerBound].trimmed
    var parts = line[mark.upperBound...].split(separator: ",").map { $0.trimmed }
    guard parts.count >= 2, let duration = parts.popLast(), let start = parts.popLast(), parts.count <= 3 else {
      return nil
    }
    guard duration.hasSuffix("s"), let seconds = Int64(duration.dropLast()), (0...3_000_000_000).contains(seconds),
      start.utf8.count == 19, let moment = Timestamp(start + "Z")
    else { return nil }
    self.start = moment
    self.seconds = seconds
    state =
      parts.contains("milestone")
      ? .limit
      : parts.contains("crit") ? .failed : parts.contains("done") ? .done : parts.contains("active") ? .open : .other
  }

  /// For people.
  var word: String {
    switch state {
    case .done: "done"
    case .failed: "FAILED or not known"
    case .open: "running or waiting"
    case .limit: "limit"
    case .other: "other"
    }
  }
}

extension StringProtocol {
  fileprivate var trimmed: String {
    String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }
}

extension String {
  fileprivate func rest(after start: String) -> String? {
    hasPrefix(start) ? dropFirst(start.count).trimmed : nil
  }
}
