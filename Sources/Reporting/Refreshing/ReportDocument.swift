public import IncidentModel

/// A report as a file: the line that says what it is about, the generated parts between their marks, and everything
/// else, which belongs to people and is kept byte for byte.
public struct ReportDocument: Sendable, Hashable {
  enum Piece: Sendable, Hashable {
    case mark(FileLine)
    case part(ReportPart)
    case human(FileLine)

    var bytes: [UInt8] {
      switch self {
      case .mark(let line), .human(let line): line.bytes
      case .part(let part): part.bytes
      }
    }
  }

  /// U+FEFF, as some editors begin a file; else nothing.
  private var byteOrderMark: [UInt8]
  var pieces: [Piece]
  /// `nil` where the line is not there.
  public private(set) var mark: ReportMark?
  /// The line of the mark, from 1.
  public private(set) var markLine = 1

  public var bytes: [UInt8] { byteOrderMark + pieces.flatMap(\.bytes) }

  /// In the order of the file.
  public var parts: [ReportPart] {
    pieces.compactMap { if case .part(let part) = $0 { part } else { nil } }
  }

  var human: [FileLine] {
    pieces.compactMap { if case .human(let line) = $0 { line } else { nil } }
  }

  /// - Parameter file: the file's name, for messages.
  /// - Throws: the first mark that is broken, doubled, nested, or without its other one, with its place.
  public init(_ bytes: [UInt8], file: String) throws(Diagnostic) {
    byteOrderMark = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.prefix(3)) : []
    pieces = []
    var open: (line: FileLine, name: String, digest: String, body: [UInt8])?
    func trouble(_ line: FileLine, _ trouble: MarkTrouble) -> Diagnostic {
      Diagnostic(
        .error, at: SourceLocation(file: file, line: line.number, column: trouble.column), trouble.message,
        hint: trouble.hint, sourceLine: line.text)
    }
    for line in FileLine.all(in: bytes.dropFirst(byteOrderMark.count)) {
      do throws(MarkTrouble) {
        switch try MarkLine(line) {
        case nil:
          if open == nil { pieces.append(.human(line)) } else { open?.body += line.bytes }
        case .report(let found)?:
          if let open { throw Self.inside(open.name, open.line) }
          guard mark == nil else { throw MarkTrouble("a second line says what this report is about") }
          (mark, markLine) = (found, line.number)
          pieces.append(.mark(line))
        case .begin(let name, let digest)?:
          if let open { throw Self.inside(open.name, open.line) }
          if let other = parts.first(where: { $0.name == name }) {
            throw MarkTrouble(
              "part '\(name)' is here a second time; the first one begins in line \(other.line)",
              hint: "take one of them out, both its marks and what is between them")
          }
          open = (line, name, digest, [])
        case .end(let name)?:
          guard let begun = open else {
            throw MarkTrouble("part '\(name)' ends here and begins nowhere above", hint: MarkLine.quoting)
          }
          guard begun.name == name else {
            throw MarkTrouble(
              "part '\(begun.name)', which begins in line \(begun.line.number), ends here under the name '\(name)'",
              hint: MarkLine.quoting)
          }
          pieces.append(
            .part(ReportPart(name: name, digest: begun.digest, begin: begun.line, body: begun.body, end: line)))
          open = nil
        }
      } catch { throw trouble(line, error) }
    }
    if let open {
      throw trouble(open.line, MarkTrouble("part '\(open.name)' begins here and ends nowhere", hint: MarkLine.quoting))
    }
    guard let mark, let stray = parts.first(where: { !mark.parts.contains($0.name) }) else { return }
    throw trouble(
      stray.begin,
      MarkTrouble(
        "the report was never made with a part '\(stray.name)': line \(markLine) does not name it",
        hint: MarkLine.quoting))
  }

  private static func inside(_ name: String, _ line: FileLine) -> MarkTrouble {
    MarkTrouble(
      "this mark stands inside part '\(name)', which begins in line \(line.number)",
      hint: "put the end of '\(name)' back above it")
  }

  /// The same with a line that says this; it comes first where there was none.
  mutating func say(_ mark: ReportMark) {
    let text = Array(MarkLine.report(mark).text.utf8)
    if let place = pieces.firstIndex(where: { if case .mark = $0 { true } else { false } }),
      case .mark(let line) = pieces[place]
    {
      // Unchanged, it keeps the spaces that somebody put behind it.
      if self.mark == mark { return }
      pieces[place] = .mark(FileLine(number: line.number, bytes: text + line.lineBreak))
    } else {
      pieces.insert(.mark(FileLine(number: 0, bytes: text + lineBreak)), at: 0)
    }
    self.mark = mark
  }

  /// As the first line ends; a line feed where none does.
  var lineBreak: [UInt8] {
    let first = pieces.lazy.compactMap { piece -> [UInt8]? in
      let line: FileLine =
        switch piece {
        case .mark(let line), .human(let line): line
        case .part(let part): part.begin
        }
      return line.lineBreak.isEmpty ? nil : line.lineBreak
    }.first
    return first ?? [0x0A]
  }
}
