internal import IncidentModel

/// A playbook is found by its file's name and recorded by its id; the two must not part.
struct IDMatchesFile: PlaybookRule {
  func check(_ playbook: Playbook, report: RuleReport) {
    let name = playbook.source.file.split(separator: "/").last.map(String.init) ?? playbook.source.file
    let base = name.hasSuffix(".yaml") ? String(name.dropLast(5)) : name
    guard !playbook.id.isEmpty, base != playbook.id else { return }
    report.error(
      "the id is '\(playbook.id)', but the file is '\(name)'", at: playbook.at("id"),
      hint: Words.isSlug(base) ? "write id: \(base), or rename the file" : "rename the file to \(playbook.id).yaml")
  }
}
