public import Execution
internal import Foundation
internal import IncidentModel

/// Shows what `andon doctor` found: one finding a line, the worst first, each with what to do.
public struct ReadinessView {
  private let screen: Screen
  /// Where a person looks, lines are broken to fit; elsewhere each finding stays one line, so that it can be searched.
  private let isWatched: Bool

  public init(screen: Screen, isWatched: Bool) {
    self.screen = screen
    self.isWatched = isWatched
  }

  public func show(_ report: ReadinessReport, json: Bool) {
    if json { return screen.record(jsonText(report)) }
    for finding in report.findings {
      for line in lines(finding) { screen.record(line) }
    }
    screen.record(summary(report))
  }

  private func lines(_ finding: ReadinessFinding) -> [String] {
    let advice = finding.advice.map { ". To do: \($0)" } ?? ""
    let text = "\(finding.place): \(finding.message)\(advice)".visible
    let lines = isWatched ? Paragraph.lines("      \(text)", width: screen.policy.width, indent: 6) : ["      \(text)"]
    return [word(finding.level) + lines[0].dropFirst(5)] + lines.dropFirst()
  }

  private func word(_ level: ReadinessFinding.Level) -> String {
    switch level {
    case .fail: screen.style.bad("FAIL ")
    case .warn: screen.style.caution("warn ")
    case .note: "note "
    case .ok: screen.style.good("ok   ")
    }
  }

  private func summary(_ report: ReadinessReport) -> String {
    func count(_ level: ReadinessFinding.Level) -> Int { report.findings.count { $0.level == level } }
    let (failures, warnings) = (count(.fail), count(.warn))
    let verdict = failures == 0 ? screen.style.good("READY") : screen.style.bad("NOT READY")
    let numbers = "\(failures) would fail, \(warnings) \(warnings == 1 ? "warning" : "warnings")"
    let playbooks = report.playbooks.count == 1 ? report.playbooks[0] : "\(report.playbooks.count) playbooks"
    return "\(verdict)  \(playbooks.visible) in \(report.environment.visible): \(numbers), "
      + "\(report.elapsed.spokenText); nothing was changed"
  }

  private func jsonText(_ report: ReadinessReport) -> String {
    Value.map([
      "schema_version": .number(1), "environment": .text(report.environment), "ready": .bool(report.isReady),
      "playbooks": .list(report.playbooks.map(Value.text)), "statements": .number(report.statements),
      "milliseconds": .number(Int(report.elapsed.wholeMilliseconds)),
      "findings": .list(
        report.findings.map { finding in
          .map([
            "level": .text(finding.level.rawValue), "area": .text(finding.area.rawValue),
            "playbooks": .list(finding.playbooks.map(Value.text)),
            "step": finding.step.map { .text($0.rawValue) } ?? .null,
            "connection": finding.connection.map(Value.text) ?? .null, "message": .text(finding.message),
            "to_do": finding.advice.map(Value.text) ?? .null,
          ])
        }),
    ]).jsonText
  }
}
