internal import Engine
internal import Foundation
internal import IncidentModel
internal import Playbooks
internal import Reporting

/// A playbook as a person reads it before running it.
struct PlaybookDescription {
  private let playbook: Playbook
  /// How its last drill went; `nil` when there was none.
  private let drill: DrillScore?
  /// Whether that drill ran another text of it.
  private let changedSince: Bool

  init(_ playbook: Playbook, drill: DrillScore?, changedSince: Bool) {
    self.playbook = playbook
    self.drill = drill
    self.changedSince = changedSince
  }

  func text(now: Timestamp) -> String {
    var lines = ["\(playbook.id)   \(playbook.severity?.rawValue ?? "no severity")   \(playbook.name.visible)"]
    if let description = playbook.description { lines.append("  \(description.visible)") }
    for use in playbook.whenToUse { lines.append("  when    \(use.visible)") }
    if let word = playbook.confirmationWord { lines.append("  word    \(word)") }
    if let inverse = playbook.inverse { lines.append("  undo    andon run \(inverse)   (of a drill: --drill)") }
    for target in playbook.targets {
      lines.append("  target  \(target.name) within \(target.limit.playbookText) of detection")
    }
    for prerequisite in playbook.prerequisites {
      lines.append("  before  \(prerequisite.id): \(prerequisite.ask.visible)")
    }
    for parameter in playbook.params {
      let standard =
        parameter.defaultValue.map { ", default \($0.displayText)" } ?? (parameter.required ? ", required" : "")
      lines.append("  param   \(parameter.name): \(parameter.kind.rawValue)\(standard)")
    }
    for (index, item) in RunState(playbook: playbook).actingSteps.enumerated() {
      let step = item.step
      lines.append(
        "  \(index + 1). \((step.name?.source ?? step.id.rawValue).visible)   [\(step.id)] \(step.action.keyword) \(step.effect.rawValue)"
      )
    }
    if let drill {
      let change = changedSince ? ", and the playbook was changed since" : ""
      lines.append("  drilled \(PlaybookPast.text(drill.started, now: now)) as \(drill.run)\(change): \(drill.verdict)")
    } else {
      lines.append("  drilled never")
    }
    lines.append("  file    \(playbook.source.file)")
    return lines.joined(separator: "\n")
  }

  func json() throws -> String {
    Value.map([
      "schema_version": .number(1),
      "drill": try drill.map { try Value.json(Data(ReportJSON.text($0).utf8)) } ?? .null,
      "playbook_changed_since_drill": .bool(changedSince),
      "playbook": .map([
        "id": .text(playbook.id), "name": .text(playbook.name),
        "severity": playbook.severity.map { .text($0.rawValue) } ?? .null,
        "description": playbook.description.map(Value.text) ?? .null,
        "kill_switch": .bool(playbook.killSwitch != nil),
        "confirm": playbook.confirmationWord.map(Value.text) ?? .null,
        "inverse": playbook.inverse.map(Value.text) ?? .null,
        "file": .text(playbook.source.file), "sha256": .text(playbook.source.digest),
        "params": .list(playbook.params.map { .map(["name": .text($0.name), "type": .text($0.kind.rawValue)]) }),
        "prerequisites": .list(playbook.prerequisites.map { .map(["id": .text($0.id), "ask": .text($0.ask)]) }),
        "steps": .list(
          RunState(playbook: playbook).actingSteps.map { item in
            .map([
              "id": .text(item.step.id.rawValue), "name": .text(item.step.name?.source ?? item.step.id.rawValue),
              "action": .text(item.step.action.keyword), "effect": .text(item.step.effect.rawValue),
            ])
          }),
      ]),
    ]).jsonText
  }
}
