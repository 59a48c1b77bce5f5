internal import IncidentModel

/// Values reach a script through its environment. The shell's own `${NAME}` is the shell's; what names one of our
/// values would be pasted into code.
struct ScriptsHaveNoTemplate: PlaybookRule {
  func check(_ playbook: Playbook, report: RuleReport) {
    for step in report.steps {
      guard case .shell(let action) = step.action, let template = Self.template(in: action.script) else { continue }
      report.error(
        "a value cannot be written into a script", at: step.at("shell", "run").pointing(to: template),
        hint: "add env: {VALUE: \"\(template)\"}, and write \"$VALUE\" in the script")
    }
  }

  private static let roots = ["params", "vars", "steps", "run", "incident", "connections", "prerequisites", "contacts"]

  static func template(in script: String) -> String? {
    var rest = script
    while let place = rest.placeOfTemplate {
      let inside = rest[rest.utf8.index(place, offsetBy: 2)...].drop { $0 == " " }
      if roots.contains(where: { inside.hasPrefix("\($0).") || inside.hasPrefix("\($0)[") }) {
        return String(rest[place...]).firstTemplate
      }
      rest = String(inside)
    }
    return nil
  }
}
