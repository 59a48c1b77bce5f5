/// A generated part as it stands in a file: its two marks and what is between them.
public struct ReportPart: Sendable, Hashable {
  public let name: String
  /// SHA-256 of what andon wrote, in hex, as the first mark has it.
  let digest: String
  let begin: FileLine
  let body: [UInt8]
  let end: FileLine

  /// Of the first mark, from 1.
  public var line: Int { begin.number }

  /// Whether people have changed what andon wrote. A program that only turned each LF of the file into CR LF is no
  /// person.
  public var isEdited: Bool {
    GeneratedBlock.digest(of: body) != digest && GeneratedBlock.digest(of: body.withPlainLineBreaks) != digest
  }

  /// Without the marks, line by line.
  public var bodyLines: [String] { FileLine.all(in: body[...]).map(\.text) }

  var bytes: [UInt8] { begin.bytes + body + end.bytes }

  /// Whether both say the same, however their lines end.
  func saysTheSame(as other: ReportPart) -> Bool { body.withPlainLineBreaks == other.body.withPlainLineBreaks }

  /// The same part with what another one says, in the line breaks of this one.
  func saying(_ other: ReportPart) -> ReportPart {
    ReportPart(
      name: name, digest: other.digest,
      begin: FileLine(
        number: begin.number,
        bytes: Array(MarkLine.begin(name: name, digest: other.digest).text.utf8) + begin.lineBreak),
      body: other.body.broken(by: begin.lineBreak), end: end)
  }
}
