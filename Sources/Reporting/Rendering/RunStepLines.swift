internal import Engine
internal import IncidentModel

/// The steps of a run, one line each, and under it what there is to say about it.
struct RunStepLines {
  private let steps: [StepAccount]
  private let width: Int

  private static let indent = 14
  private static let shownSamples = 3
  /// From here on there is room for a word behind a step.
  private static let wide = 72

  init(_ steps: [StepAccount], width: Int) {
    self.steps = steps
    self.width = width
  }

  var lines: [String] { width < Self.wide ? stacked : columns }

  private var columns: [String] {
    let rows = steps.map { [String($0.number), $0.word, $0.title, $0.elapsed?.text ?? "", ""] }
    // The title gives way, so the table never has to.
    let table = TextTable(rows, alignedRight: [0, 3]).lines(width: .max, limits: [2: width - 44])
    let column = (table.map(\.displayWidth).max() ?? 0) + 2
    return zip(steps, table).flatMap { step, line -> [String] in
      let why = step.explanation.onOneLine
      let remarks = remarks(of: step).flatMap(under)
      if why.isEmpty { return [line] + remarks }
      // The sentence behind a step gets lines of its own where it does not fit.
      if column + why.displayWidth <= width { return [line.padded(to: column) + why] + remarks }
      return [line] + under(why) + remarks
    }
  }

  /// Where the line is short, what else there is to say stands under the title.
  private var stacked: [String] {
    let numbers = steps.map { String($0.number).count }.max() ?? 0
    let words = steps.map(\.word.count).max() ?? 0
    return steps.flatMap { step -> [String] in
      let start = "  \(String(step.number).paddedLeft(to: numbers))  \(step.word.padded(to: words))  "
      let title = step.title.onOneLine.wrapped(to: max(16, width - start.count)).enumerated().map { index, part in
        (index == 0 ? start : String(repeating: " ", count: start.count)) + part
      }
      let facts = [step.elapsed?.text ?? "", step.explanation].filter { !$0.isEmpty }.joined(separator: "  ")
      return title + ([facts] + remarks(of: step)).filter { !$0.isEmpty }.flatMap(under)
    }
  }

  private func under(_ text: String) -> [String] {
    TextTable([[text]], indent: min(Self.indent, width / 5)).lines(width: width)
  }

  private func remarks(of step: StepAccount) -> [String] {
    let answer = step.answered.map { "\($0.text(checklist: step.record.question?.checklist ?? [])) (\($0.by))" }
    let samples = step.samples
    let table = samples.suffix(Self.shownSamples).map { $0.cells.joined(separator: "  ") }
    return [answer].compactMap { $0 }
      + (samples.isEmpty ? [] : [SampleLine.heading(samples, shown: Self.shownSamples)] + table)
  }
}
