internal import IncidentModel

extension DrillScore {
  /// The verdict, and a table of steps and clocks; each line within the width.
  /// - Parameter listsDrills: also which drills it was compared with.
  public func lines(_ options: TextOptions, listsDrills: Bool = false) -> [String] {
    "Drill: \(verdict)".wrapped(to: options.width)
      + TextTable(rows, alignedRight: [0], overflow: .cut).lines(
        width: options.width, limits: [1: max(12, options.width - 56)])
      + (listsDrills ? drillLines(options) : [])
  }

  /// The table as Markdown.
  var markdown: String {
    let cells = rows.map { $0.map(Markdown.cell) }
    return Markdown.table(cells[0], Array(cells.dropFirst()), alignedRight: [0])
  }

  private var rows: [[String]] {
    let rows =
      steps.map { step in
        [String(step.number), step.title, step.milliseconds.asTime] + step.earlier.cells + [step.result.words]
      }
      + targets.map { target in
        let limit = target.limitMilliseconds.map { ", limit \(Duration.milliseconds($0).clockText)" } ?? ""
        return ["", "target \(target.name)", target.elapsedMilliseconds.asTime] + target.earlier.cells
          + [target.words + limit]
      }
    return [["", "step", "took", "median of", "best", "result"]] + rows
  }

  private func drillLines(_ options: TextOptions) -> [String] {
    if earlierDrills.isEmpty { return [] }
    let rows = earlierDrills.suffix(Self.listedDrills).map { drill in
      let missed = drill.missed.map { "\($0) MISSED" }
      let notes = missed + (drill.playbookChanged ? ["playbook changed since"] : [])
      return [
        drill.run.description, "\(drill.started.calendarDate) \(drill.started.clockTime)", drill.state.rawValue,
        Duration.milliseconds(drill.milliseconds).spokenText,
        (["\(drill.score) verified"] + notes).joined(separator: ", "),
      ]
    }
    return ["Earlier drills:"] + TextTable(rows, alignedRight: [3]).lines(width: options.width)
  }

  private static let listedDrills = 5
}

extension Int64? {
  fileprivate var asTime: String { map { Duration.milliseconds($0).spokenText } ?? "" }
}

extension DrillTimes? {
  /// `4: 250 ms` and the best.
  fileprivate var cells: [String] { map { ["\($0.count): \($0.median.spokenText)", $0.best.spokenText] } ?? ["", ""] }
}
