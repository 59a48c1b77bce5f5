internal import Engine
internal import IncidentModel

/// The figures as one page that stands by itself: no script, nothing from elsewhere, light and dark, fit to print.
struct MetricsPage {
  let report: MetricsReport

  var html: String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Incident figures</title>
    <style>
    \(Self.style)
    </style>
    </head>
    <body>
    <h1>Incident figures</h1>
    <p>\(report.window.asHTML): \(report.countText.asHTML). \(report.conventions.asHTML)</p>
    \((times + [targets, repeats, steps, drills, late]).joined(separator: "\n"))
    </body>
    </html>

    """
  }

  private static let style = """
    :root { color-scheme: light dark; --line: #8888; --dot: #1f5fa8; --median: #b3261e; }
    @media (prefers-color-scheme: dark) { :root { --dot: #8ab4f8; --median: #ff8a80; } }
    body { font: 16px/1.5 system-ui, sans-serif; max-width: 56rem; margin: 2rem auto; padding: 0 1rem; }
    h2 { margin-top: 2rem; font-size: 1.2rem; }
    .wide { overflow-x: auto; }
    table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
    th, td { text-align: left; padding: .2rem .8rem .2rem 0; border-bottom: 1px solid var(--line); }
    td.number, th.number { text-align: right; }
    svg { width: 100%; height: auto; font: 13px system-ui, sans-serif; }
    svg text { fill: currentColor; }
    svg circle { fill: var(--dot); fill-opacity: .6; }
    svg .base { stroke: var(--line); }
    svg .median { stroke: var(--median); stroke-width: 2.5; }
    @media print { body { max-width: none; margin: 0; } section { break-inside: avoid; } }
    """

  // MARK: - Times

  private var times: [String] {
    Measure.allCases.map { measure in
      let groups = report.groups.compactMap { group in
        group.times.first { $0.measure == measure && $0.spread != nil }.map { (group.name, $0) }
      }
      let name = measure == .impact ? "Impact" : measure.rawValue
      let title = "\(name): \(measure.meaning), \(measure.begin(report.request.anchor)) to \(measure.end.rawValue)"
      let plot = DotPlot(
        title: title, rows: groups.map { DotPlot.Row(name: $0, dots: $1.dots, median: $1.spread?.median) })
      let rows = groups.map { name, times in
        [name, "\(times.dots.count)"] + Self.texts([times.spread?.median, times.spread?.p90, times.spread?.mean])
      }
      let missing = report.groups.last?.times.first { $0.measure == measure }?.missing ?? []
      let notes = missing.map { "<p>Left out: \($0.incidents), because \($0.why.asHTML).</p>" }
      let body = plot.svg.map { [$0, table(["", "n", "median", "p90", "mean"], rows, numbers: 1...4)] }
      return section(title, (body ?? ["<p>No incident has it.</p>"]) + notes)
    }
  }

  // MARK: - The rest

  private var targets: String {
    if report.targets.isEmpty { return "" }
    let rows = report.targets.map { target in
      let tally = target.tally
      return [target.playbook, target.name] + [tally.met, tally.missed, tally.notReached].map(String.init)
    }
    return section("Targets", [table(["playbook", "target", "met", "missed", "not reached"], rows, numbers: 2...4)])
  }

  private var repeats: String {
    if report.repeats.isEmpty { return "" }
    let rows = report.repeats.map { line in
      [line.kind, line.name, "\(line.incidents.count)", line.incidents.map(\.description).joined(separator: " ")]
    }
    return section("Repeats", [table(["", "name", "incidents", "which"], rows, numbers: 2...2)])
  }

  private var steps: String {
    if report.steps.isEmpty { return "" }
    let rows = report.steps.map { step -> [String] in
      let playbook = step.playbook + (step.areDrills ? " (drills)" : "")
      let times = Self.texts([step.spread?.median, step.spread?.p90, step.times.last])
      return [playbook, step.step, "\(step.runs)", "\(step.failureRate)%"] + times
    }
    let head = ["playbook", "step", "n", "failed", "median", "p90", "last"]
    return section(
      "Steps, in the last \(EarlierRuns.looksBack) runs of each playbook", [table(head, rows, numbers: 2...6)])
  }

  private var drills: String {
    if report.drills.isEmpty { return "" }
    let rows = report.drills.map { drill in
      [
        drill.started.calendarDate, drill.run.description, drill.playbook, drill.state.rawValue,
        "\(drill.verified)/\(drill.steps)", drill.milliseconds.asTime, drill.missed.joined(separator: " "),
      ]
    }
    let head = ["day", "run", "playbook", "state", "verified", "took", "missed"]
    return section("Drills", [table(head, rows, numbers: 4...5)])
  }

  private var late: String {
    let tally = report.followUps
    let text =
      "<p>Follow-ups: \(tally.done) done (\(tally.doneLate) of them late), \(tally.open) open (\(tally.late) late, "
      + "\(tally.withoutOwner) that nobody has), \(tally.dropped) dropped.</p>"
    let rows = report.late.map { [$0.standing(at: report.now), $0.what] }
    return section("Left to do", [text] + (rows.isEmpty ? [] : [table(["", "what"], rows, numbers: nil)]))
  }

  // MARK: - Elements

  private static func texts(_ times: [Int64?]) -> [String] { times.map { $0?.asTime ?? "–" } }

  private func section(_ title: String, _ parts: [String]) -> String {
    "<section>\n<h2>\(title.asHTML)</h2>\n\(parts.joined(separator: "\n"))\n</section>"
  }

  private func table(_ head: [String], _ rows: [[String]], numbers: ClosedRange<Int>?) -> String {
    func cell(_ tag: String, _ index: Int, _ text: String, _ scope: String = "") -> String {
      let kind = numbers?.contains(index) == true ? " class=\"number\"" : ""
      return "<\(tag)\(scope)\(kind)>\(text.asHTML)</\(tag)>"
    }
    let top = head.enumerated().map { cell("th", $0, $1, " scope=\"col\"") }.joined()
    let body = rows.map { "<tr>\($0.enumerated().map { cell("td", $0, $1) }.joined())</tr>" }
    return """
      <div class="wide"><table>
      <thead><tr>\(top)</tr></thead>
      <tbody>
      \(body.joined(separator: "\n"))
      </tbody>
      </table></div>
      """
  }
}

extension MetricsReport {
  /// A page that stands by itself, with a line break at the end.
  public var html: String { MetricsPage(report: self).html }
}
