internal import IncidentModel
internal import Yams

extension Reading {
  /// The text of a scalar, whatever YAML would make of it. Reports anything that is not text, and nothing at all.
  func text(_ input: Input) -> Node.Scalar? {
    guard case .scalar(let scalar) = input.node else {
      error(
        at: input.place, "\(input.label) must be text, but is \(input.node.form)",
        hint: input.node.form == "a list" ? nil : "quote it if it is text")
      return nil
    }
    guard !scalar.isEmpty else {
      error(at: input.place, "\(input.label) has no value", hint: "write one, or take the key out")
      return nil
    }
    return isPrintable(scalar, input) ? scalar : nil
  }

  /// As `text`, where nothing at all means that nobody knows yet.
  func optionalText(_ input: Input) -> Node.Scalar? {
    if case .scalar(let scalar) = input.node, scalar.isNull { return nil }
    return text(input)
  }

  /// NUL has no place in anything that is handed to a database or a process; `"\0"` would bring it in.
  private func isPrintable(_ scalar: Node.Scalar, _ input: Input) -> Bool {
    guard scalar.style == .doubleQuoted, scalar.string.utf8.contains(0) else { return true }
    error(at: input.place, "\(input.label) holds a NUL byte", hint: "take the '\\0' out")
    return false
  }

  /// Reads a text that has to be of one form, and names the safe way where a template was written instead.
  func word(_ input: Input, _ form: String, fits: (String) -> Bool) -> String? {
    guard let scalar = text(input) else { return nil }
    if scalar.string.holdsTemplate {
      error(at: input.place, "\(input.label) cannot hold a template", hint: "it must be \(form)")
      return nil
    }
    guard fits(scalar.string) else {
      error(at: input.place, "\(input.label) must be \(form), but is '\(scalar.string.excerpt)'")
      return nil
    }
    return scalar.string
  }

  func warnOfTemplate(_ scalar: Node.Scalar, _ input: Input) {
    guard scalar.string.holdsTemplate else { return }
    warning(at: input.place, "\(input.label) is plain text: '${…}' stays as it is written")
  }
}

extension Kind where Value == String {
  /// Text for people, without templates.
  static let plainText = Kind(.text) { input, reading in
    guard let scalar = reading.text(input) else { return nil }
    reading.warnOfTemplate(scalar, input)
    return scalar.string
  }

  /// The same, and may be left empty when nobody knows it yet.
  static let optionalText = Kind(.optionalText) { input, reading in
    guard let scalar = reading.optionalText(input) else { return nil }
    reading.warnOfTemplate(scalar, input)
    return scalar.string
  }

  /// Text that is taken as it is, templates or not.
  static let literal = Kind(.text) { input, reading in reading.text(input)?.string }

  /// A path, taken as it is.
  static let path = Kind(.text) { input, reading in
    reading.word(input, "a path without a template") { !$0.isEmpty }
  }

  /// `disable-trades`
  static let slug = Kind(.word("^[a-z0-9][a-z0-9-]*$")) { input, reading in
    reading.word(input, Words.slug, fits: Words.isSlug)
  }

  /// A name that expressions can say: `contract_pause`.
  static let identifier = Kind(.word("^[A-Za-z_][A-Za-z0-9_]*$")) { input, reading in
    reading.word(input, Words.identifier, fits: Words.isIdentifier)
  }

  /// A name that is typed on the command line and said in expressions: `audit_complete`, `all-clear`.
  static let name = Kind(.word("^[A-Za-z0-9_][A-Za-z0-9_-]*$")) { input, reading in
    reading.word(input, Words.name, fits: Words.isName)
  }

  /// What has to be typed before something destructive happens: `PAUSE`.
  static let confirmationWord = Kind(.word("^[A-Za-z0-9][A-Za-z0-9_-]*$")) { input, reading in
    reading.word(input, "one word of letters and digits, such as PAUSE") {
      Words.isName($0) && $0.first != "_" && $0.count <= 40
    }
  }

  /// `2031-05-14`
  static let date = Kind(.either([.pattern("^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), .null])) { input, reading in
    guard reading.optionalText(input) != nil else { return nil }
    return reading.word(input, "a date such as 2031-05-14", fits: Words.isDate)
  }
}

extension Kind where Value == Bool {
  /// `true` or `false`, and no other word.
  static let bool = Kind(.bool) { input, reading in
    reading.word(input, "true or false") { $0 == "true" || $0 == "false" }.map { $0 == "true" }
  }
}

extension Kind where Value: RawRepresentable & CaseIterable & Sendable, Value.RawValue == String {
  /// One of the words of an enumeration.
  static func choice(_ type: Value.Type) -> Kind {
    let words = Value.allCases.map(\.rawValue)
    return Kind(.choice(words)) { input, reading in
      guard let text = reading.text(input)?.string else { return nil }
      if let value = Value(rawValue: text) { return value }
      let meant = nearMiss(to: text, among: words)
      reading.error(
        at: input.place, "\(input.label) cannot be '\(text.excerpt)'",
        hint: meant.map { "did you mean '\($0)'?" } ?? "one of: \(words.joined(separator: ", "))")
      return nil
    }
  }
}

/// The forms of words. Looked at character by character: a compiled pattern costs more than a whole playbook.
enum Words {
  static let slug = "small letters, digits and '-', such as disable-trades"
  static let identifier = "a name of letters, digits and '_', such as contract_pause"
  static let name = "a name of letters, digits, '_' and '-'"

  static func isSlug(_ text: String) -> Bool {
    guard let first = text.utf8.first, first != UInt8(ascii: "-"), text.utf8.count <= 100 else { return false }
    return text.utf8.allSatisfy { isDigit($0) || isSmall($0) || $0 == UInt8(ascii: "-") }
  }

  static func isIdentifier(_ text: String) -> Bool {
    guard let first = text.utf8.first, !isDigit(first), text.utf8.count <= 100 else { return false }
    return text.utf8.allSatisfy { isDigit($0) || isLetter($0) || $0 == UInt8(ascii: "_") }
  }

  static func isName(_ text: String) -> Bool {
    guard let first = text.utf8.first, first != UInt8(ascii: "-"), text.utf8.count <= 100 else { return false }
    return text.utf8.allSatisfy {
      isDigit($0) || isLetter($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-")
    }
  }

  /// `YYYY-MM-DD`, and a day that the month has.
  static func isDate(_ text: String) -> Bool {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.map(\.utf8.count) == [4, 2, 2], parts.allSatisfy({ $0.utf8.allSatisfy(isDigit) }),
      let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]), (1...12).contains(month)
    else { return false }
    let leap = year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
    let days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return (1...days[month - 1]).contains(day)
  }

  static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
  static func isSmall(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
  static func isLetter(_ byte: UInt8) -> Bool { isSmall(byte | 0x20) }
}

extension String {
  /// True when a `${` stands in it.
  var holdsTemplate: Bool { placeOfTemplate != nil }

  /// Where the first `${` stands. Looked for in bytes: every text of a file comes by here.
  var placeOfTemplate: String.Index? {
    var rest = utf8[...]
    while let dollar = rest.firstIndex(of: UInt8(ascii: "$")) {
      rest = rest[utf8.index(after: dollar)...]
      if rest.first == UInt8(ascii: "{") { return dollar }
    }
    return nil
  }

  /// Short enough for a message, on one line.
  var excerpt: String {
    // Of a text of megabytes no more is read than is shown.
    let line = prefix(61).prefix { !$0.isNewline }
    return line.count <= 60 && line.endIndex == endIndex ? self : "\(line.prefix(60))…"
  }
}
