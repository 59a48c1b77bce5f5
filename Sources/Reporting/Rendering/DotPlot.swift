internal import Engine
internal import IncidentModel

/// Times of groups of incidents as a picture: a row for each group, a dot for each incident, a stroke at the median.
/// SVG that stands by itself in a page: it takes the colours of the text around it.
struct DotPlot {
  struct Row {
    let name: String
    let dots: [MeasureGroup.Dot]
    let median: Int64?
  }

  let title: String
  let rows: [Row]

  private static let width = 640.0
  private static let margin = 130.0
  private static let rowHeight = 26.0
  private static let radius = 4.5

  /// `nil` when there is nothing to draw.
  var svg: String? {
    guard let scale = DotScale(rows.flatMap { $0.dots.map(\.milliseconds) }) else { return nil }
    let height = Self.rowHeight * Double(rows.count) + 24
    let described = rows.map { "\($0.name): \($0.dots.count)" }.joined(separator: ", ")
    let lines = rows.enumerated().map { index, row in
      let y = Self.rowHeight * (Double(index) + 0.5)
      let dots = row.dots.map { dot in
        """
        <circle cx="\(x(dot.milliseconds, scale))" cy="\(y.short)" r="\(Self.radius.short)"><title>\
        \("\(dot.incident) \(dot.milliseconds.asTime)".asHTML)</title></circle>
        """
      }
      let median = row.median.map { median in
        let x = x(median, scale)
        return """
          <line class="median" x1="\(x)" x2="\(x)" y1="\((y - 10).short)" y2="\((y + 10).short)">\
          <title>median \(median.asTime.asHTML)</title></line>
          """
      }
      return """
        <text x="0" y="\((y + 4).short)">\(row.name.truncated(to: 18).asHTML)</text>
        <line class="base" x1="\(Self.margin.short)" x2="\(Self.width.short)" y1="\(y.short)" y2="\(y.short)"/>
        \((dots + [median].compactMap { $0 }).joined(separator: "\n"))
        """
    }
    let bottom = (height - 6).short
    let kind = scale.isLogarithmic ? "logarithmic" : ""
    return """
      <svg viewBox="-4 0 \((Self.width + 12).short) \(height.short)" role="img">
      <title>\(title.asHTML)</title>
      <desc>\("One dot for each incident, a stroke at the median. \(described)".asHTML)</desc>
      \(lines.joined(separator: "\n"))
      <text class="axis" x="\(Self.margin.short)" y="\(bottom)">\(Int64(scale.low).asTime.asHTML)</text>
      <text class="axis" x="\(((Self.margin + Self.width) / 2).short)" y="\(bottom)" text-anchor="middle">\(kind)</text>
      <text class="axis" x="\(Self.width.short)" y="\(bottom)" text-anchor="end">\(Int64(scale.high).asTime.asHTML)</text>
      </svg>
      """
  }

  private func x(_ value: Int64, _ scale: DotScale) -> String {
    (Self.margin + scale.place(value) * (Self.width - Self.margin)).short
  }
}

extension Double {
  /// With one digit behind the point: the same everywhere, and short.
  fileprivate var short: String {
    let tenths = Int((self * 10).rounded())
    return tenths.isMultiple(of: 10) ? "\(tenths / 10)" : "\(tenths / 10).\(abs(tenths % 10))"
  }
}

extension String {
  /// Foreign text as text of a page: nothing in it is markup, nothing acts.
  var asHTML: String { HTML.text(onOneLine) }
}
