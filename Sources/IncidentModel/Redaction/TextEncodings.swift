/// How programs write a text inside JSON, URIs, XML and shell scripts.
enum TextEncodings {
  /// All but JSON, which applies to these forms as well.
  static func all(of text: String) -> Set<String> {
    Set(uri(of: text) + xml(of: text) + shell(of: text) + shown(of: text))
  }

  // MARK: JSON

  /// The inside of a JSON string: as most programs write it, with `\/`, and with nothing but ASCII.
  static func json(of text: String) -> Set<String> {
    var forms: Set<String> = []
    for upper in [false, true] {
      for ascii in [false, true] {
        for slash in [false, true] { forms.insert(jsonEscaped(text, slash: slash, ascii: ascii, upper: upper)) }
      }
    }
    return forms
  }

  private static func jsonEscaped(_ text: String, slash: Bool, ascii: Bool, upper: Bool) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": escaped += "\\\""
      case "\\": escaped += "\\\\"
      case "/" where slash: escaped += "\\/"
      case "\n": escaped += "\\n"
      case "\r": escaped += "\\r"
      case "\t": escaped += "\\t"
      case "\u{8}": escaped += "\\b"
      case "\u{C}": escaped += "\\f"
      case _ where scalar.value < 0x20 || (ascii && scalar.value > 0x7E):
        for unit in UTF16.encode(scalar) ?? .init() { escaped += "\\u" + hex(UInt32(unit), digits: 4, upper: upper) }
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  // MARK: URIs

  /// Characters that programs leave alone: strictly; in a path, as Python and Go do it; in a form, as Java does it;
  /// inside a component, and in a whole address.
  private static let unescapedInURI = [
    "-._~", "-._~/", "-._~$&+:=@", "-._*", "-._~!*'()", "-._~!*'();,/?:@&=+$#",
  ]

  private static func uri(of text: String) -> [String] {
    var forms: [String] = []
    for left in unescapedInURI.map({ Set($0.utf8) }) {
      for upper in [false, true] {
        let escaped = percentEncoded(text, leaving: left, upper: upper)
        forms.append(escaped)
        // As forms are sent.
        forms.append(escaped.replacing("%20", with: "+"))
      }
    }
    return forms
  }

  private static func percentEncoded(_ text: String, leaving left: Set<UInt8>, upper: Bool) -> String {
    var escaped = ""
    for byte in text.utf8 {
      let scalar = Unicode.Scalar(byte)
      if left.contains(byte) || (byte < 0x80 && (scalar.properties.isAlphabetic || isDigit(byte))) {
        escaped.unicodeScalars.append(scalar)
      } else {
        escaped += "%" + hex(UInt32(byte), digits: 2, upper: upper)
      }
    }
    return escaped
  }

  // MARK: XML and HTML

  private static let entities: [[Unicode.Scalar: String]] = [
    ["&": "&amp;", "<": "&lt;", ">": "&gt;"],
    ["&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;"],
    ["&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;", "'": "&apos;"],
    ["&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;", "'": "&#39;"],
    ["&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;", "'": "&#x27;"],
    ["&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&#34;", "'": "&#39;"],
  ]

  private static func xml(of text: String) -> [String] {
    entities.map { entities in
      var escaped = ""
      for scalar in text.unicodeScalars { escaped += entities[scalar] ?? String(scalar) }
      return escaped
    }
  }

  // MARK: Screens

  /// As we show it ourselves: `\u{1B}` for what acts on a terminal or cannot be seen.
  private static func shown(of text: String) -> [String] { [text.visible, text.visible(keepingLineBreaks: true)] }

  // MARK: Shells

  /// Inside `'…'` in both usual ways, inside `"…"`, and with a backslash before everything special.
  private static func shell(of text: String) -> [String] {
    [
      text.replacing("'", with: "'\\''"), text.replacing("'", with: "'\"'\"'"),
      backslashed(text) { "\"\\$`".unicodeScalars.contains($0) },
      backslashed(text) {
        $0.isASCII && !$0.properties.isAlphabetic && !isDigit(UInt8(truncatingIfNeeded: $0.value))
          && !"_-./:=@%+,".unicodeScalars.contains($0)
      },
    ]
  }

  private static func backslashed(_ text: String, where isSpecial: (Unicode.Scalar) -> Bool) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      if isSpecial(scalar) { escaped += "\\" }
      escaped.unicodeScalars.append(scalar)
    }
    return escaped
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  private static func hex(_ number: UInt32, digits: Int, upper: Bool) -> String {
    let text = String(number, radix: 16, uppercase: upper)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }
}
