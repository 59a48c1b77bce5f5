internal import Engine
internal import IncidentModel

extension PostmortemMarkdown {
  /// Who acted, and who had which role from when on.
  var people: String {
    let responders = postmortem.responders.map { line in
      [
        Markdown.cell(line.person), Markdown.cell(line.roles.map(\.rawValue).joined(separator: ", ")),
        moment(line.first), moment(line.last), String(line.entries),
      ]
    }
    let table = Markdown.table(["Who acted", "Role at the end", "First", "Last", "Entries"], responders)
    guard !postmortem.roleHistory.isEmpty else { return table + "\n\nNo roles were given." }
    let history = postmortem.roleHistory.map { line in
      [
        moment(line.at), line.role.rawValue, line.person.isEmpty ? "nobody" : Markdown.cell(line.person),
        Markdown.cell(line.by), Markdown.cell(line.why ?? ""), String(line.entry),
      ]
    }
    return table + "\n\nRoles:\n\n" + Markdown.table(["Time", "Role", "Who", "Given by", "Why", "Entry"], history)
  }

  /// Who was called, and what came of it.
  var escalations: String {
    guard !postmortem.escalations.isEmpty else { return "The record names nobody who was called." }
    let rows = postmortem.escalations.map { line in
      [
        moment(line.at), Markdown.cell(line.title.isEmpty ? line.contact : line.title), Markdown.cell(line.reach),
        line.outcome == .notReached ? "**\(line.word)**" : line.word, Markdown.cell(line.by),
        Markdown.cell(line.why ?? ""), String(line.entry),
      ]
    }
    return Markdown.table(["Time", "Who", "Reach", "Outcome", "By", "Why", "Entry"], rows)
  }

  /// What people set down to do afterwards.
  var actionItemTable: String {
    let rows = postmortem.actionItems.map { line in
      [
        String(line.number), Markdown.cell(line.title), line.owner.isEmpty ? "**nobody**" : Markdown.cell(line.owner),
        moment(line.due), line.status.rawValue, Markdown.cell(line.why ?? ""),
      ]
    }
    return Markdown.table(["No.", "What", "Owner", "Due", "Status", "Remark"], rows, alignedRight: [0])
  }
}
