internal import IncidentModel

/// The evidence, and how to check it.
extension PostmortemMarkdown {
  var appendixSections: [Section] {
    [
      Section(
        "## Supporting data",
        [block("supporting", supporting), .prompt("graphs, links, excerpts of logs, and what each of them shows.")]),
      Section("## Appendix: Full timeline", [block("timeline-full", fullTimeline)]),
      Section("## Appendix: Commands and output", [block("evidence", StepEvidenceSections(postmortem).text)]),
      Section("## Appendix: How to check this report", [block("record", record)]),
    ]
  }

  private var supporting: String {
    let links = postmortem.links.map { "\(Markdown.inline($0.address)) (entry \($0.entry))" }
    var parts = [links.isEmpty ? "The record names no link." : "Links in the record: \(links.joined(separator: ", "))"]
    if !postmortem.files.isEmpty {
      let rows = postmortem.files.map { file in
        [
          Markdown.cell(file.name), Markdown.cell(file.step), "`\(file.sha256)`", file.bytes.map(String.init) ?? "–",
          Markdown.cell(file.by), moment(file.at), String(file.entry),
        ]
      }
      parts.append(
        Markdown.table(["File", "Evidence for", "SHA-256", "Bytes", "By", "At", "Entry"], rows, alignedRight: [3]))
    }
    return parts.joined(separator: "\n\n")
  }

  private var fullTimeline: String {
    guard postmortem.timeline.count > TimelineMarkdown.mostInBody else { return "The timeline above is the whole." }
    return TimelineMarkdown.table(postmortem.timeline)
  }

  private var record: String {
    let head = postmortem.head
    return """
      This report was made from \(postmortem.entryCount) journal entries between number \(postmortem.firstEntry) and \
      number \(head.sequence), the recorded texts of the playbooks, what the journal knew of related incidents by \
      then, and nothing else. The last entry of \(postmortem.incident.id) is number \(head.sequence), and its hash is

      \(Markdown.fenced(head.hash))

      The hash covers that entry and every entry before it. To check that the journal still holds them as they were:

      \(Markdown.fenced("andon journal verify --anchor \(head.text)", "sh"))

      The record does not protect against:

      \(Markdown.list(postmortem.limits))
      """
  }
}
