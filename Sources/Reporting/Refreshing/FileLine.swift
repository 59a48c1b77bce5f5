/// One line of a file with the line break that ends it, where one does. Bytes: what people write need not be text.
struct FileLine: Sendable, Hashable {
  /// From 1, in the file that was read; 0 for a line that was made.
  let number: Int
  let bytes: [UInt8]

  private static let blanks: Set<UInt8> = [0x20, 0x09, 0x0D]

  /// Without the line break, and without the spaces before it.
  var content: ArraySlice<UInt8> {
    let line = bytes.last == 0x0A ? bytes.dropLast() : bytes[...]
    return line[..<(line.lastIndex { !Self.blanks.contains($0) }.map { $0 + 1 } ?? line.startIndex)]
  }

  var text: String { String(decoding: content, as: UTF8.self) }

  /// `\n`, `\r\n`, or nothing at the end of a file.
  var lineBreak: [UInt8] {
    guard bytes.last == 0x0A else { return [] }
    return bytes.dropLast().last == 0x0D ? [0x0D, 0x0A] : [0x0A]
  }

  var isBlank: Bool { content.allSatisfy { Self.blanks.contains($0) } }

  /// The lines of a file, none lost: joined again they are the same bytes.
  static func all(in bytes: ArraySlice<UInt8>) -> [FileLine] {
    var lines: [FileLine] = []
    var rest = bytes
    while !rest.isEmpty {
      let end = rest.firstIndex(of: 0x0A).map { $0 + 1 } ?? rest.endIndex
      lines.append(FileLine(number: lines.count + 1, bytes: Array(rest[..<end])))
      rest = rest[end...]
    }
    return lines
  }
}

extension [UInt8] {
  /// Each CR LF as a line feed alone.
  var withPlainLineBreaks: [UInt8] {
    guard contains(0x0D) else { return self }
    return indices.filter { !(self[$0] == 0x0D && $0 + 1 < count && self[$0 + 1] == 0x0A) }.map { self[$0] }
  }

  /// The same text, its line feeds as `lineBreak`.
  func broken(by lineBreak: [UInt8]) -> [UInt8] {
    lineBreak == [0x0D, 0x0A] ? withPlainLineBreaks.flatMap { $0 == 0x0A ? lineBreak : [$0] } : self
  }
}
