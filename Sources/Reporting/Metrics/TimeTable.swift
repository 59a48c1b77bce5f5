internal import Engine
internal import IncidentModel

/// The times of every group for one figure: how many, where they lie, and each as a dot.
struct TimeTable {
  private let measure: Measure
  private let rows: [(group: String, times: MeasureGroup)]
  private let anchor: MetricsRequest.Anchor
  private let width: Int

  /// - Parameter rows: every group that has the figure.
  init(
    _ measure: Measure, _ rows: [(group: String, times: MeasureGroup)], from anchor: MetricsRequest.Anchor, width: Int
  ) {
    self.measure = measure
    self.rows = rows
    self.anchor = anchor
    self.width = width
  }

  var lines: [String] {
    let name = measure == .impact ? "IMPACT" : measure.rawValue
    let title = "\(name)  \(measure.meaning), \(measure.begin(anchor)) to \(measure.end.rawValue)"
    guard let scale = DotScale(rows.flatMap { $0.times.dots.map(\.milliseconds) }) else {
      return title.wrapped(to: width) + ["  no incident has it"]
    }
    return title.wrapped(to: width) + table(scale)
  }

  private var columns: [[String]] {
    [["", "n", "median", "p90", "mean"]]
      + rows.map { group, times in
        let spread = times.spread
        return [
          group.onOneLine, String(spread?.count ?? 0), (spread?.median).asTime, (spread?.p90).asTime,
          (spread?.mean).asTime,
        ]
      }
  }

  /// With the dots at the right; under the figures where the line is too narrow for both.
  private func table(_ scale: DotScale) -> [String] {
    let cells = columns
    let widths = cells[0].indices.map { column in
      let widest = cells.map { $0[column].displayWidth }.max() ?? 0
      return column == 0 ? min(widest, max(8, width / 4 - 2)) : widest
    }
    let left = widths.reduce(2) { $0 + $1 + 2 }
    let isBeside = width - left >= Self.leastDots + 2
    let room = isBeside ? min(width - left - 2, Self.mostDots) : max(8, min(width - 8, Self.mostDots))
    let strips =
      [axis(scale, room)]
      + rows.map { _, times in
        "|\(DotStrip(scale: scale).text(times.dots.map(\.milliseconds), width: room))|"
      }
    return zip(cells, strips).flatMap { cells, strip -> [String] in
      let figures = zip(cells, widths).enumerated().map { column, cell in
        column == 0 ? cell.0.truncated(to: cell.1).padded(to: cell.1) : cell.0.paddedLeft(to: cell.1)
      }
      let line = ("  " + figures.joined(separator: isBeside ? "  " : " ")).withoutTrailingSpace
      return isBeside
        ? ["\(line)  \(strip)".withoutTrailingSpace]
        : line.wrapped(to: width) + ["    \(strip)".withoutTrailingSpace]
    }
  }

  /// The ends of the scale, over the dots.
  private func axis(_ scale: DotScale, _ room: Int) -> String {
    let (low, high) = (Int64(scale.low).asTime, Int64(scale.high).asTime)
    let kind = scale.isLogarithmic ? "log" : ""
    let gap = room + 2 - low.displayWidth - high.displayWidth
    if gap <= kind.count + 1 { return "\(low) \(high)" }
    let half = (gap - kind.count) / 2
    return low + String(repeating: " ", count: half) + kind
      + String(repeating: " ", count: gap - half - kind.count) + high
  }

  private static let leastDots = 16
  private static let mostDots = 48
}

extension Int64? {
  fileprivate var asTime: String { map(\.asTime) ?? "–" }
}
