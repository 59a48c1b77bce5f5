public import IncidentModel
public import Journaling

/// The report of an incident as the journal gives it now, as the file that andon writes: a first line that says what it
/// is about, then the Markdown.
public struct FreshReport: Sendable {
  public let text: String
  let mark: ReportMark
  /// The entries of the incident, in order. Never empty.
  let entries: [Entry]

  /// - Throws: `Problem` when there is no such incident; `JournalError` when the journal cannot be read.
  public init(_ id: IncidentID, reader: JournalReader) throws {
    // In this order: what is recorded in between makes the report behind, never ahead of what it says it tells.
    let entries = try reader.entries(of: id)
    self.init(try Postmortem(id, reader: reader), entries)
  }

  public init(_ file: IncidentFile) { self.init(Postmortem(file), file.entries) }

  private init(_ postmortem: Postmortem, _ entries: [Entry]) {
    let markdown = PostmortemMarkdown(postmortem).text
    let parts = (try? ReportDocument(Array(markdown.utf8), file: "the new report"))?.parts ?? []
    mark = ReportMark(
      incident: postmortem.incident.id, first: EntryMark(entries[0]), head: EntryMark(entries[entries.count - 1]),
      parts: parts.map(\.name))
    text = "\(MarkLine.report(mark).text)\n\n\(markdown)"
    self.entries = entries
  }

  /// As a file is read.
  func document() throws(Diagnostic) -> ReportDocument {
    try ReportDocument(Array(text.utf8), file: "the new report")
  }

  /// - Throws: `Problem` when a report with this mark cannot have been made from this incident of this journal.
  public func refuse(_ mark: ReportMark) throws(Problem) {
    if let problem = mark.mismatch(with: entries) { throw problem }
  }
}
