public import Execution
internal import Foundation
public import IncidentModel
internal import Playbooks

/// Shows what a dry run found, step by step.
public struct DryRunView {
  private let screen: Screen

  public init(screen: Screen) { self.screen = screen }

  public func show(_ findings: [DryRun.Finding], _ request: RunRequest, json: Bool) {
    if json { return screen.record(jsonText(findings, request)) }
    screen.record(
      "DRY RUN \(request.playbook.id) in \(request.environment.name): nothing is changed, nothing is recorded")
    for finding in findings {
      screen.record(
        "  \(word(finding))\(finding.title.visible)\(finding.effect == .read ? "" : "   \(finding.effect.rawValue)")")
      for line in finding.lines { screen.record("             \(line.visible)") }
      if let now = finding.now { screen.record("             now: \(now.visible)") }
    }
  }

  private func word(_ finding: DryRun.Finding) -> String {
    switch finding.word {
    case .read: "read       "
    case .would: "would do   "
    case .skip: "skip       "
    case .ask: "would ask  "
    case .problem: screen.style.bad("PROBLEM    ")
    case .depends: "depends    "
    }
  }

  private func jsonText(_ findings: [DryRun.Finding], _ request: RunRequest) -> String {
    Value.map([
      "schema_version": .number(1), "dry_run": .bool(true), "playbook": .text(request.playbook.id),
      "environment": .text(request.environment.name),
      "steps": .list(
        findings.map { finding in
          .map([
            "id": .text(finding.step.rawValue), "title": .text(finding.title), "effect": .text(finding.effect.rawValue),
            "finding": .text(finding.word.rawValue), "lines": .list(finding.lines.map(Value.text)),
            "now": finding.now.map(Value.text) ?? .null,
          ])
        }),
    ]).jsonText
  }
}
