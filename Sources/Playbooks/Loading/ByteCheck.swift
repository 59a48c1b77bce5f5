internal import IncidentModel

/// The first look at a file, before any parser sees it: size, encoding, characters that nobody can see.
enum ByteCheck {
  /// In bytes.
  static let largestFile = 4 * 1024 * 1024

  /// The text with line feeds only and without its byte order mark, or why it is refused.
  static func read(_ raw: [UInt8], file: String) -> (source: SourceText?, diagnostics: [Diagnostic]) {
    guard raw.count <= largestFile else { return (nil, [refusal(file, tooLarge(raw.count))]) }
    let source = SourceText(file: file, bytes: normalised(raw))
    let findings = unseenCharacters(in: source)
    return findings.isEmpty ? (source, []) : (nil, findings)
  }

  static func refusal(_ file: String, _ sentence: (message: String, hint: String?)) -> Diagnostic {
    Diagnostic(
      .error, at: SourceLocation(file: file, line: 1, column: 1), sentence.message, hint: sentence.hint)
  }

  private static func normalised(_ raw: [UInt8]) -> [UInt8] {
    let body = raw.starts(with: [0xEF, 0xBB, 0xBF]) ? raw.dropFirst(3) : raw[...]
    guard body.contains(UInt8(ascii: "\r")) else { return Array(body) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(body.count)
    var offset = body.startIndex
    while offset < body.endIndex {
      let byte = body[offset]
      offset += 1
      if byte == UInt8(ascii: "\r") {
        if offset < body.endIndex, body[offset] == UInt8(ascii: "\n") { offset += 1 }
        bytes.append(UInt8(ascii: "\n"))
      } else {
        bytes.append(byte)
      }
    }
    return bytes
  }

  /// Bad UTF-8, and characters that YAML forbids or counts as line breaks although editors do not.
  private static func unseenCharacters(in source: SourceText) -> [Diagnostic] {
    let bytes = source.bytes
    var findings: [Diagnostic] = []
    var offset = 0
    while offset < bytes.count, findings.count < 20 {
      let byte = bytes[offset]
      if byte >= 0x20, byte < 0x7F || byte == 0x0A || byte == 0x09 {
        offset += 1
        continue
      }
      guard let (scalar, width) = scalar(in: bytes, at: offset) else {
        findings.append(finding(source, offset, badEncoding(byte)))
        break
      }
      if let sentence = objection(to: scalar) { findings.append(finding(source, offset, sentence)) }
      offset += width
    }
    return findings
  }

  private static func finding(
    _ source: SourceText, _ offset: Int, _ sentence: (message: String, hint: String?)
  ) -> Diagnostic {
    let place = source.place(ofByte: offset)
    return Diagnostic(
      .error, at: SourceLocation(file: source.file, line: place.line, column: place.column), sentence.message,
      hint: sentence.hint, sourceLine: source.line(place.line))
  }

  /// The scalar that begins at `offset`, by the table of RFC 3629; `nil` when the bytes are not UTF-8.
  private static func scalar(in bytes: [UInt8], at offset: Int) -> (UInt32, width: Int)? {
    let first = bytes[offset]
    let (width, least): (Int, UInt32)
    var value: UInt32
    switch first {
    case 0..<0x80: return (UInt32(first), 1)
    case 0xC2...0xDF: (width, least, value) = (2, 0x80, UInt32(first & 0x1F))
    case 0xE0...0xEF: (width, least, value) = (3, 0x800, UInt32(first & 0x0F))
    case 0xF0...0xF4: (width, least, value) = (4, 0x10000, UInt32(first & 0x07))
    default: return nil
    }
    guard offset + width <= bytes.count else { return nil }
    for byte in bytes[(offset + 1)..<(offset + width)] {
      guard byte & 0xC0 == 0x80 else { return nil }
      value = value << 6 | UInt32(byte & 0x3F)
    }
    guard value >= least, Unicode.Scalar(value) != nil else { return nil }
    return (value, width)
  }
}

// What is said.
extension ByteCheck {
  private static func tooLarge(_ count: Int) -> (String, String?) {
    ("the file is too large: \(count) bytes, the limit is \(largestFile)", "split it into several playbooks")
  }

  private static func badEncoding(_ byte: UInt8) -> (String, String?) {
    ("this is not UTF-8: byte 0x\(hex(UInt32(byte), 2)) cannot stand here", "save the file as UTF-8")
  }

  private static func objection(to scalar: UInt32) -> (String, String?)? {
    switch scalar {
    case 0x09, 0x0A: nil
    case 0: ("a NUL byte stands here", "this may not be a text file; delete the byte")
    case 0x85, 0x2028, 0x2029:
      ("an invisible line separator (U+\(hex(scalar, 4))) stands here", "delete it and press Enter instead")
    case ..<0x20, 0x7F..<0xA0: ("an invisible control character (U+\(hex(scalar, 4))) stands here", "delete it")
    case 0xFEFF: ("a byte order mark stands in the middle of the file", "delete this invisible character")
    case 0xFFFE, 0xFFFF: ("U+\(hex(scalar, 4)) is not a character", "delete it")
    default: nil
    }
  }

  private static func hex(_ number: UInt32, _ width: Int) -> String {
    let digits = String(number, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
