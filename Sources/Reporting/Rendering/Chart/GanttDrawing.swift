internal import IncidentModel

/// The bars of a chart as a drawing that can be read aloud, and the same as a table.
struct GanttDrawing {
  private let chart: GanttChart
  private let id: String
  private let axis: TimeAxis

  /// Names on the left, bars up to `right`, and beside each bar the words about it.
  private static let (width, names, right, row, top) = (960.0, 300.0, 770.0, 24.0, 40.0)

  /// - Parameter id: the page's name for it.
  init(_ chart: GanttChart, id: String) {
    self.chart = chart
    self.id = id
    axis = TimeAxis(from: chart.bars.map(\.start).min(), to: chart.bars.map(\.end).max())
  }

  var html: String {
    HTML.element(
      .div, [.style("wide"), .focusable, .role("region"), .label(chart.title)], svg)
      + "\n" + HTML.element(.details, [], HTML.element(.summary, [], "The bars as a table") + "\n" + table)
  }

  // MARK: - The drawing

  private var svg: String {
    var y = Self.top
    var parts: [String] = []
    for section in chart.sections {
      parts.append(band(section.name, y))
      y += Self.row
      for bar in section.bars {
        parts.append(draw(bar, y))
        y += Self.row
      }
    }
    let texts =
      HTML.element(.title, [.id("\(id)-title")], HTML.text(chart.title))
      + HTML.element(.desc, [.id("\(id)-text")], HTML.text(chart.description))
    return HTML.element(
      .svg,
      [
        .role("img"), .labelled(by: "\(id)-title \(id)-text"), .viewBox(width: Self.width, height: y + 8),
        .measure(.width, Self.width), .measure(.height, y + 8),
      ], "\(texts)\n\(scale(to: y))\n\(parts.joined(separator: "\n"))\n")
  }

  private func text(_ x: Double, _ y: Double, _ words: String, _ style: String = "") -> String {
    HTML.element(
      .text, (style.isEmpty ? [] : [.style(style)]) + [.measure(.x, x), .measure(.y, y)], HTML.text(words))
  }

  private func band(_ name: String, _ y: Double) -> String {
    HTML.element(
      .rect,
      [
        .style("band"), .measure(.x, 0), .measure(.y, y), .measure(.width, Self.width),
        .measure(.height, Self.row - 2),
      ]) + text(6, y + 16, name.truncated(to: 100), "name")
  }

  private func draw(_ bar: GanttChart.Bar, _ y: Double) -> String {
    let (start, end) = (x(bar.start), x(bar.end))
    let name = text(6, y + 16, bar.label.truncated(to: 42))
    let shape: String
    if bar.state == .limit {
      let points = [(start, y + 3), (start + 8, y + 11), (start, y + 19), (start - 8, y + 11)]
      shape = HTML.element(.polygon, [.style("limit"), .points(points.map { (x: $0.0, y: $0.1) })])
    } else {
      shape = HTML.element(
        .rect,
        [
          .style(bar.style), .measure(.x, start), .measure(.y, y + 4), .measure(.width, max(2, end - start)),
          .measure(.height, 15),
        ])
    }
    return HTML.element(.g, [], name + shape + text(max(end, start + 2) + 12, y + 16, bar.remark, "faint"))
  }

  private func scale(to bottom: Double) -> String {
    axis.ticks.map { tick in
      let x = x(tick)
      let line = HTML.element(
        .line,
        [
          .style("grid"), .measure(.x1, x), .measure(.x2, x), .measure(.y1, Self.top - 8), .measure(.y2, bottom),
        ])
      let (first, second) = axis.names(of: tick)
      return line + (first.isEmpty ? "" : text(x + 3, 14, first, "faint")) + text(x + 3, 29, second, "faint")
    }.joined(separator: "\n")
  }

  private func x(_ moment: Timestamp) -> Double { Self.names + axis.part(moment) * (Self.right - Self.names) }

  // MARK: - The table

  private var table: String {
    let head = ["Part", "Step", "State", "From (UTC)", "Lasted"].map { HTML.element(.th, [.scope("col")], $0) }
    let rows = chart.sections.flatMap { section in
      section.bars.map { bar in
        let cells = [
          section.name, bar.label, bar.word, "\(bar.start.calendarDate) \(bar.start.clockTime)",
          bar.state == .limit ? "–" : Duration.seconds(bar.seconds).clockText,
        ]
        return HTML.element(.tr, [], cells.map { HTML.element(.td, [], HTML.text($0)) }.joined())
      }
    }
    return HTML.element(
      .table, [],
      HTML.element(.thead, [], HTML.element(.tr, [], head.joined())) + "\n"
        + HTML.element(.tbody, [], rows.joined(separator: "\n")))
  }
}

extension GanttChart.Bar {
  fileprivate var style: String {
    switch state {
    case .done: "good"
    case .failed: "bad"
    case .open: "open"
    case .other, .limit: "plain"
    }
  }

  /// What stands beside it: words, so that nobody needs its colour.
  fileprivate var remark: String {
    switch state {
    case .limit: start.clockTime
    case .other: Duration.seconds(seconds).clockText
    case .done, .failed, .open: "\(Duration.seconds(seconds).clockText) \(word)"
    }
  }
}
