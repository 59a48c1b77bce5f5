/// A report as a plain reader sees it, without the product: what stands between its marks, and everything else.
public struct ReportAnatomy: Sendable, Hashable {
  /// The bytes outside, in order, with a word in place of each part and of the line that says what the report is about.
  public let outside: [UInt8]
  /// The bytes between the marks, by the parts' names.
  public let parts: [String: [UInt8]]
  /// The names, in the order of the file.
  public let names: [String]

  public init(_ bytes: [UInt8]) {
    var (outside, parts, names) = ([UInt8](), [String: [UInt8]](), [String]())
    var open: String?
    for line in Self.lines(bytes) {
      switch (Self.mark(line), open) {
      case ("begin", _):
        let name = Self.words(line)[2]
        open = name
        names.append(name)
        parts[name] = []
        outside += Array("\u{0}\(name)\u{0}".utf8)
      case ("end", _): open = nil
      case ("report", _): outside += Array("\u{0}report\u{0}".utf8)
      case (_, let name?): parts[name, default: []] += line
      default: outside += line
      }
    }
    (self.outside, self.parts, self.names) = (outside, parts, names)
  }

  /// With their line breaks.
  public static func lines(_ bytes: [UInt8]) -> [[UInt8]] {
    var (lines, line) = ([[UInt8]](), [UInt8]())
    for byte in bytes {
      line.append(byte)
      if byte == 10 {
        lines.append(line)
        line = []
      }
    }
    return line.isEmpty ? lines : lines + [line]
  }

  /// `report`, `begin`, `end`; `nil` for any other line.
  static func mark(_ line: [UInt8]) -> String? {
    let text = line.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(line.dropFirst(3)) : line
    guard text.starts(with: "<!-- andon:".utf8) else { return nil }
    return words(text)[1].split(separator: ":").last.map(String.init)
  }

  private static func words(_ line: [UInt8]) -> [String] {
    String(decoding: line, as: UTF8.self).split(whereSeparator: { $0 == " " || $0.isNewline }).map(String.init)
  }
}
