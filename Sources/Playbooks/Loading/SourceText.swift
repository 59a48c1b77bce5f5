internal import IncidentModel

/// A place in a text: line and column count from 1, columns in Unicode scalars.
struct Place: Hashable, Comparable, Sendable {
  var line: Int
  var column: Int

  static let start = Place(line: 1, column: 1)

  static func < (left: Place, right: Place) -> Bool { (left.line, left.column) < (right.line, right.column) }
}

/// A text that came through the byte check: valid UTF-8, line feeds only, no byte order mark.
final class SourceText {
  let file: String
  /// What the YAML parser reads.
  let text: String
  /// The same as bytes.
  let bytes: [UInt8]
  /// Byte offsets at which lines begin. Needed only to point at mistakes.
  private lazy var lineStarts: [Int] = {
    var starts = [0]
    for (offset, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") { starts.append(offset + 1) }
    return starts
  }()

  /// How much of a line is shown, in scalars.
  private static let longestLine = 500

  init(file: String, bytes: [UInt8]) {
    self.file = file
    self.bytes = bytes
    text = String(decoding: bytes, as: UTF8.self)
  }

  var lineCount: Int { lineStarts.count }

  /// The bytes of a line without its break; `nil` for a line that is not there.
  func lineBytes(_ line: Int) -> ArraySlice<UInt8>? {
    guard line >= 1, line <= lineStarts.count else { return nil }
    let end = line < lineStarts.count ? lineStarts[line] - 1 : bytes.count
    return bytes[lineStarts[line - 1]..<end]
  }

  /// The line as people see it, cut when it is very long.
  func line(_ line: Int) -> String? {
    guard let slice = lineBytes(line) else { return nil }
    // A line may be megabytes long, and each of many diagnostics asks for its own: no more is read than is shown.
    let text = String(decoding: slice.prefix(4 * (Self.longestLine + 1)), as: UTF8.self)
    let scalars = text.unicodeScalars
    return scalars.count <= Self.longestLine
      ? text : String(String.UnicodeScalarView(scalars.prefix(Self.longestLine))) + "…"
  }

  /// The byte offset of a place, within the text.
  func offset(of place: Place) -> Int {
    guard let slice = lineBytes(place.line) else { return bytes.count }
    var offset = slice.startIndex
    var column = 1
    while offset < slice.endIndex, column < place.column {
      offset += 1
      while offset < slice.endIndex, bytes[offset] & 0xC0 == 0x80 { offset += 1 }
      column += 1
    }
    return offset
  }

  /// The place of a byte offset.
  func place(ofByte offset: Int) -> Place {
    var (low, high) = (0, lineStarts.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    let column = bytes[lineStarts[low]..<min(offset, bytes.count)].count { $0 & 0xC0 != 0x80 }
    return Place(line: low + 1, column: column + 1)
  }

  /// A place that is certainly inside the text: errors at the end of the input point past it.
  func clamped(_ place: Place) -> Place {
    let line = min(max(place.line, 1), lineCount)
    let width = lineBytes(line)?.count { $0 & 0xC0 != 0x80 } ?? 0
    return Place(line: line, column: place.line > lineCount ? width + 1 : min(max(place.column, 1), width + 1))
  }
}
