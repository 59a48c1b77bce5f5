internal import Engine
internal import IncidentModel

extension MetricsReport {
  /// As plain text, without a line break at the end.
  public func text(_ options: TextOptions = TextOptions()) -> String {
    let width = options.width
    let parts =
      [heading(width)] + (incidents.isEmpty ? [] : timeTables(width)) + [
        targetLines(width), repeatLines(width), stepLines(width),
      ]
    return (parts + [drillLines(width), followUpLines(width)]).filter { !$0.isEmpty }
      .map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
  }

  // MARK: - What is counted

  /// `since 2031-02-13 03:13`, `everything`
  var window: String {
    let bounds = [request.since.map { "since \($0.minuteText)" }, request.until.map { "until \($0.minuteText)" }]
    let text = bounds.compactMap { $0 }.joined(separator: " ")
    return text.isEmpty ? "everything on record" : "detected \(text) UTC"
  }

  /// `12 incidents; 3 drills left out`
  var countText: String {
    let drills = drillsLeftOut == 0 ? "" : "; \(drillsLeftOut) \(drillsLeftOut == 1 ? "drill" : "drills") left out"
    return "\(incidents.count) \(incidents.count == 1 ? "incident" : "incidents")\(drills)"
  }

  /// What a reader has to know to read the figures right.
  var conventions: String {
    "Severity as it was classified last. Times count from \(request.anchor.rawValue), those to detect and of impact from "
      + "started. p90 is the nearest rank. What is not recorded is left out, never zero."
  }

  private func heading(_ width: Int) -> [String] {
    let head = "METRICS  \(window)   \(countText)".wrapped(to: width)
    if incidents.isEmpty { return head + "No incident was detected in that time.".wrapped(to: width) }
    let tally = groups.last?.targets
    let targets = tally.flatMap { $0.judged == 0 ? nil : "Targets met: \($0.met) of \($0.judged)" }
    let legend = "Dots: \(DotStrip.legend)."
    return head + "\(targets.map { "\($0). " } ?? "")\(conventions) \(legend)".wrapped(to: width)
  }

  // MARK: - Times

  private func timeTables(_ width: Int) -> [[String]] {
    Measure.allCases.map { measure in
      let rows = groups.compactMap { group in group.times.first { $0.measure == measure }.map { (group.name, $0) } }
      return TimeTable(measure, rows.filter { $0.1.spread != nil }, from: request.anchor, width: width).lines
        + missingLines(rows.last?.1.missing ?? [], width)
    }
  }

  private func missingLines(_ missing: [MeasureGroup.Missing], _ width: Int) -> [String] {
    missing.flatMap { line in
      TextTable([["left out: \(line.incidents), because \(line.why)"]]).lines(width: width)
    }
  }

  // MARK: - Targets and repeats

  private func targetLines(_ width: Int) -> [String] {
    if targets.isEmpty { return [] }
    let rows = targets.map { target in
      let tally = target.tally
      let rest = [(tally.missed, "missed"), (tally.notReached, "not reached"), (tally.open, "still open")]
        .filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
      let verdict = (["met \(tally.met) of \(tally.judged)"] + rest).joined(separator: ", ")
      return ["\(target.playbook) \(target.name)", ShareBar.text(tally.met, of: tally.judged), verdict]
    }
    return ["TARGETS"] + TextTable(rows).lines(width: width, limits: [0: max(14, width / 2 - 8)])
  }

  private func repeatLines(_ width: Int) -> [String] {
    if repeats.isEmpty { return [] }
    let rows = repeats.prefix(Self.listed).map { line in
      let names = line.incidents.suffix(Self.named).map(\.description).joined(separator: " ")
      let more = line.incidents.count > Self.named ? "… " : ""
      return [line.kind, line.name, "\(line.incidents.count) incidents", "\(more)\(names)"]
    }
    return ["REPEATS"] + TextTable(Array(rows)).lines(width: width, limits: [1: 28])
      + more(repeats.count - rows.count)
  }

  // MARK: - Steps and drills

  /// What failed most often first, then what took longest.
  private func stepLines(_ width: Int) -> [String] {
    if steps.isEmpty { return [] }
    let shown = steps.sorted(by: Self.comesFirst).prefix(Self.listed)
    let head = ["n", "median", "p90", "fail", "course", "last", "step"]
    let title = "STEPS (\(steps.count))  in the last \(EarlierRuns.looksBack) runs of each playbook"
    let table = TextTable([head] + shown.map(Self.row), alignedRight: [0, 1, 2, 3, 5])
    return title.wrapped(to: width) + table.lines(width: width) + more(steps.count - shown.count)
  }

  private static func comesFirst(_ one: StepFigure, _ other: StepFigure) -> Bool {
    if one.failureRate != other.failureRate { return one.failureRate > other.failureRate }
    let (first, second) = (one.spread?.median ?? 0, other.spread?.median ?? 0)
    if first != second { return first > second }
    return (one.playbook, one.step) < (other.playbook, other.step)
  }

  private static func row(_ step: StepFigure) -> [String] {
    let name = "\(step.playbook) \(step.step)" + (step.areDrills ? " (drills)" : "")
    let median: String = step.spread?.median.asTime ?? "–"
    let p90: String = step.spread?.p90.asTime ?? "–"
    let last: String = step.times.last?.asTime ?? "–"
    return [String(step.runs), median, p90, "\(step.failureRate)%", SparkLine.text(step.times), last, name]
  }

  private func drillLines(_ width: Int) -> [String] {
    if drills.isEmpty { return [] }
    let shown = drills.suffix(Self.listed)
    let rows = shown.map { drill in
      let missed = drill.missed.map { ", \($0) MISSED" }.joined()
      return [
        drill.started.calendarDate, drill.run.description, drill.playbook,
        ShareBar.text(drill.verified, of: drill.steps),
        "\(drill.verified)/\(drill.steps) verified, \(drill.milliseconds.asTime)\(missed)",
      ]
    }
    return ["DRILLS (\(drills.count))"] + TextTable(Array(rows)).lines(width: width, limits: [2: 24])
      + more(drills.count - shown.count)
  }

  // MARK: - What is left to do

  private func followUpLines(_ width: Int) -> [String] {
    let tally = followUps
    var parts = ["\(tally.done) done" + (tally.doneLate > 0 ? " (\(tally.doneLate) of them late)" : "")]
    parts.append("\(tally.open) open" + (tally.late > 0 ? " (\(tally.late) LATE)" : ""))
    if tally.withoutOwner > 0 { parts.append("\(tally.withoutOwner) that nobody has") }
    if tally.dropped > 0 { parts.append("\(tally.dropped) dropped") }
    let head = "FOLLOW-UPS  \(parts.joined(separator: ", "))".wrapped(to: width)
    let rows = late.prefix(Self.listed).map { [$0.standing(at: now), $0.what] }
    let list = late.isEmpty ? [] : ["LATE (\(late.count))"] + TextTable(Array(rows)).lines(width: width)
    let isSilent = tally.done + tally.open + tally.dropped == 0
    return (isSilent ? [] : head) + list + more(late.count - rows.count)
  }

  private func more(_ count: Int) -> [String] { count > 0 ? ["  and \(count) more: --json has all"] : [] }

  private static let listed = 12
  private static let named = 5
}

extension Int64 {
  /// Milliseconds as a sentence says them: `4.2 s`, `12:16`, `3 days` where a clock would be of no use.
  var asTime: String { self >= 172_800_000 ? "\(self / 86_400_000) days" : Duration.milliseconds(self).spokenText }
}
