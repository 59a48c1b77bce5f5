/// A text as hexadecimal digits.
enum HexForms {
  /// The bytes of the text, and the text itself when it is hexadecimal, as keys and hashes are: in both cases of
  /// letters, with `0x` and without.
  static func all(of text: String) -> Set<[UInt8]> {
    var forms: Set<String> = [digits(of: text, upper: false), digits(of: text, upper: true)]
    let bare = text.hasPrefix("0x") || text.hasPrefix("0X") ? String(text.dropFirst(2)) : text
    if bare.utf8.count >= 16, bare.unicodeScalars.allSatisfy(\.properties.isASCIIHexDigit) {
      forms.formUnion([bare, bare.lowercased(), bare.uppercased()])
      forms.formUnion(forms.map { "0x" + $0 })
    }
    return Set(forms.map { Array($0.utf8) })
  }

  private static func digits(of text: String, upper: Bool) -> String {
    text.utf8.map { byte in
      let digits = String(byte, radix: 16, uppercase: upper)
      return digits.utf8.count == 1 ? "0" + digits : digits
    }.joined()
  }
}

/// Bytes as base64, in the ordinary alphabet and in the one for URLs.
enum Base64Forms {
  private static let ordinary = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  private static let forURLs = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
  /// Where the usual tools break lines.
  private static let lineLengths = [64, 76]

  /// On their own, with and without padding and broken into lines; and in the middle of something longer, where they
  /// may begin at any of three places of a group and only the letters that depend on nothing else are known.
  static func all(of bytes: [UInt8]) -> Set<[UInt8]> {
    var forms = alone(bytes)
    for alphabet in [ordinary, forURLs] {
      let alone = letters(of: bytes, alphabet)
      let padding = padding(alone)
      for length in lineLengths where alone.count > length { forms.formUnion(lines(of: alone + padding, length)) }
      for shift in 0...2 {
        let shifted = letters(of: [UInt8](repeating: 0, count: shift) + bytes, alphabet)
        let complete = (shift + bytes.count) * 8 / 6
        forms.insert(Array(shifted[min(complete, (shift * 8 + 5) / 6)..<complete]))
      }
    }
    return forms
  }

  /// On their own, with and without padding.
  static func alone(_ bytes: [UInt8]) -> Set<[UInt8]> {
    Set([ordinary, forURLs].map { letters(of: bytes, $0) }.flatMap { [$0, $0 + padding($0)] })
  }

  private static func padding(_ letters: [UInt8]) -> [UInt8] {
    [UInt8](repeating: UInt8(ascii: "="), count: (4 - letters.count % 4) % 4)
  }

  /// Short ends of a line would match by chance.
  private static func lines(of letters: [UInt8], _ length: Int) -> [[UInt8]] {
    stride(from: 0, to: letters.count, by: length).map { Array(letters[$0..<min($0 + length, letters.count)]) }
      .filter { $0.count >= 16 }
  }

  /// Without padding.
  private static func letters(of bytes: [UInt8], _ alphabet: [UInt8]) -> [UInt8] {
    var letters: [UInt8] = []
    var (bits, count) = (0, 0)
    for byte in bytes {
      bits = (bits << 8 | Int(byte)) & 0xFFFF
      count += 8
      while count >= 6 {
        count -= 6
        letters.append(alphabet[bits >> count & 0x3F])
      }
    }
    if count > 0 { letters.append(alphabet[bits << (6 - count) & 0x3F]) }
    return letters
  }
}
