extension Redactor {
  /// Redacts the string values of a JSON document in place, byte for byte; the result is valid JSON if `body` is.
  ///
  /// Keys stay, and so does a string that is the direct value of one of `structuralKeys`: ids and words of our own, by
  /// which the document is read. Whatever is nested deeper, below such a key too, is redacted. The value of one of
  /// `foreignKeys` is somebody else's, so that nothing in it is structural: numbers are redacted as well, and become
  /// texts, and so are the keys of whatever lies deeper than the value itself.
  public func redactJSON(_ body: [UInt8], structuralKeys: Set<String>, foreignKeys: Set<String> = []) -> [UInt8] {
    guard let matcher else { return body }
    return body.withUnsafeBufferPointer { body in
      var reader = JSONStrings(body, foreignKeys: foreignKeys)
      var redacted: [UInt8] = []
      redacted.reserveCapacity(body.count)
      var position = 0
      while let string = reader.next() {
        if string.isKey, !string.isForeign { continue }
        if let key = string.key, !string.isForeign, structuralKeys.contains(String(decoding: body[key], as: UTF8.self))
        {
          continue
        }
        let regions = JSONLiteral(UnsafeBufferPointer(rebasing: body[string.inside])).regions(matcher)
        if string.isNumber, let first = regions.first {
          redacted += body[position..<string.inside.lowerBound] + [quote] + matcher.labels[first.label] + [quote]
          position = string.inside.upperBound
          continue
        }
        for region in regions {
          redacted += body[position..<(string.inside.lowerBound + region.start)]
          redacted += matcher.labels[region.label]
          position = string.inside.lowerBound + region.end
        }
      }
      return redacted + body[position...]
    }
  }
}

private let quote = UInt8(ascii: "\"")

/// The strings of a JSON document, and the numbers of what came from outside, one after the other.
private struct JSONStrings {
  struct Found {
    /// Between the quotes.
    let inside: Range<Int>
    let isKey: Bool
    var isNumber = false
    /// Of a value that directly follows its key.
    let key: Range<Int>?
    /// Inside a value that came from outside. The names right below it are ours or the playbook's.
    let isForeign: Bool
  }

  private let body: UnsafeBufferPointer<UInt8>
  private var position = 0
  private var pendingKey: Range<Int>?
  private let foreignKeys: Set<String>
  private var depth = 0
  /// The depth of the foreign value that is being read.
  private var foreignDepth: Int?

  init(_ body: UnsafeBufferPointer<UInt8>, foreignKeys: Set<String>) {
    self.body = body
    self.foreignKeys = foreignKeys
  }

  /// An unfinished string at the end is a string too: nothing may be lost to redaction.
  mutating func next() -> Found? {
    while position < body.count {
      let byte = body[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return string()
      case UInt8(ascii: ":"), 0x20, 0x09, 0x0A, 0x0D: break
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        if foreignDepth == nil, hasForeignKey { foreignDepth = depth }
        pendingKey = nil
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if foreignDepth == depth { foreignDepth = nil }
        depth -= 1
        pendingKey = nil
      case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
        let number = number()
        if number.isForeign { return number }
      default: pendingKey = nil
      }
    }
    return nil
  }

  private var hasForeignKey: Bool {
    pendingKey.map { foreignKeys.contains(String(decoding: body[$0], as: UTF8.self)) } ?? false
  }

  private mutating func number() -> Found {
    let start = position - 1
    while position < body.count, Self.isNumberPart(body[position]) { position += 1 }
    defer { pendingKey = nil }
    return Found(
      inside: start..<position, isKey: false, isNumber: true, key: pendingKey,
      isForeign: foreignDepth != nil || hasForeignKey)
  }

  private static func isNumberPart(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "+-.eE".utf8.contains(byte)
  }

  private mutating func string() -> Found {
    let start = position
    while position < body.count, body[position] != UInt8(ascii: "\"") {
      position = min(body.count, position + (body[position] == UInt8(ascii: "\\") ? 2 : 1))
    }
    let inside = start..<position
    position = min(body.count, position + 1)
    let isKey = pendingKey == nil && isFollowedByColon
    defer { pendingKey = isKey ? inside : nil }
    let isForeign = foreignDepth.map { !isKey || depth > $0 } ?? false
    return Found(inside: inside, isKey: isKey, key: pendingKey, isForeign: isForeign)
  }

  private var isFollowedByColon: Bool {
    body[position...].first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) } == UInt8(ascii: ":")
  }
}

/// The inside of one JSON string.
private struct JSONLiteral {
  private let bytes: UnsafeBufferPointer<UInt8>

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  /// What is to be hidden, never cutting an escape or a character in two.
  func regions(_ matcher: ByteMatcher) -> [SecretRegion] {
    var regions = SecretRegions(matcher)
    regions.read(bytes, from: 0, after: nil, isEscaped: isEscapeEnd)
    regions.finish()
    return regions.found.isEmpty ? [] : widened(regions.found)
  }

  /// Whether an escape such as `\n` or `\u000a` ends with the byte at `index`.
  private func isEscapeEnd(_ index: Int) -> Bool {
    for length in [2, 6] where index + 1 >= length && bytes[index + 1 - length] == UInt8(ascii: "\\") {
      let isLong = bytes[index + 2 - length] == UInt8(ascii: "u")
      let backslashes = bytes[..<(index + 2 - length)].reversed().prefix { $0 == UInt8(ascii: "\\") }.count
      if isLong == (length == 6), !backslashes.isMultiple(of: 2) { return true }
    }
    return false
  }

  private func widened(_ regions: [SecretRegion]) -> [SecretRegion] {
    var wide: [SecretRegion] = []
    var unit = 0..<0
    func advance() {
      unit = unit.upperBound..<min(bytes.count, unit.upperBound + unitLength(at: unit.upperBound))
    }
    for region in regions {
      while unit.upperBound <= region.start { advance() }
      let start = unit.lowerBound
      while unit.upperBound < region.end { advance() }
      if let last = wide.last, last.end > start {
        wide[wide.count - 1].end = unit.upperBound
      } else {
        wide.append(SecretRegion(start: start, end: unit.upperBound, label: region.label))
      }
    }
    return wide
  }

  /// Bytes of the escape or character at a place; two halves of a pair belong together.
  private func unitLength(at index: Int) -> Int {
    guard bytes[index] == UInt8(ascii: "\\") else {
      switch bytes[index] {
      case 0xC0...0xDF: return 2
      case 0xE0...0xEF: return 3
      case 0xF0...0xFF: return 4
      default: return 1
      }
    }
    guard index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "u") else { return 2 }
    guard index + 7 < bytes.count, bytes[index + 6] == UInt8(ascii: "\\"), bytes[index + 7] == UInt8(ascii: "u")
    else { return 6 }
    let isHighHalf = "dD".utf8.contains(bytes[index + 2]) && "89abAB".utf8.contains(bytes[index + 3])
    return isHighHalf ? 12 : 6
  }
}
