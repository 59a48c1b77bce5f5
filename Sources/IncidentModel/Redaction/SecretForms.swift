/// The byte strings in which a secret may turn up in text that we write down.
///
/// A program that hashes, splits, compresses or encrypts a secret makes forms that nobody can know.
struct SecretForms {
  /// Hidden wherever they occur.
  private(set) var anywhere: Set<[UInt8]> = []
  /// Too short for that: hidden where no letter, digit or `_` is next to them.
  private(set) var wholeTokens: Set<[UInt8]> = []
  /// What could not be hidden well, for people. Never holds the value.
  private(set) var warnings: [String] = []

  private static let shortest = 4
  private static let shortestAnywhere = 8
  /// A value beyond this many bytes is hidden in its plain forms only; every form costs memory per byte.
  private static let longestEncoded = 8 * 1024
  /// Of a value beyond this only the beginning is hidden.
  private static let longest = 1024 * 1024
  /// What PostgreSQL shows of a value in `Failing row contains (…)`, in bytes.
  private static let clipped = 64

  init(of secret: Secret) {
    secret.reveal { value in
      addValue(value, name: secret.name)
      if secret.kind == .url {
        let confidential = URLSecrets(in: value.trimmedOfSpace)
        for part in confidential.parts { addPart(part) }
        for pair in confidential.pairs { addBase64(Array(pair.utf8)) }
      }
    }
  }

  private mutating func addValue(_ value: String, name: String) {
    let trimmed = value.trimmedOfSpace
    let count = trimmed.utf8.count
    if count < Self.shortest {
      warnings.append("'\(name)' is only \(count) bytes long and is not hidden; use a longer secret")
      return
    }
    if count < Self.shortestAnywhere {
      warnings.append(
        "'\(name)' is only \(count) bytes long and is hidden only where it stands alone; use a longer secret")
    }
    if count > Self.longestEncoded {
      warnings.append("'\(name)' is \(count) bytes long; its encoded forms are not hidden")
    }
    if count > Self.longest {
      warnings.append("'\(name)' is hidden only in its first \(Self.longest) bytes and line by line")
    }
    addPart(value)
    addPart(trimmed)
    addLines(of: trimmed)
  }

  /// The lines of a key file may be shown one by one. The lines that frame it are no secret.
  private mutating func addLines(of value: String) {
    let lines = value.utf8.split(whereSeparator: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") })
    guard lines.count > 1 else { return }
    for line in lines {
      let text = String(Substring(line)).trimmedOfSpace
      if text.utf8.count >= Self.shortestAnywhere, !text.hasPrefix("-----") { addPart(text) }
    }
  }

  /// Adds everything a confidential text may look like.
  private mutating func addPart(_ text: String) {
    let bytes = Array(text.utf8.prefix(Self.longest))
    if bytes.count < Self.shortestAnywhere { return addShort(text.trimmedOfSpace) }
    addText(text)
    // What a service answers is JSON as a rule, and gets into JSON as a text.
    if bytes.count <= Self.longestEncoded {
      for form in TextEncodings.json(of: text) where form != text { addText(form) }
    }
    if let clip = text.clipped(to: Self.clipped) { addText(clip) }
    guard bytes.count <= Self.longestEncoded else { return }
    for form in TextEncodings.all(of: text) { addText(form) }
    for digits in HexForms.all(of: text) { add(digits) }
    addBase64(bytes)
    let wide = text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
    add(wide)
    // Of most alphabets these bytes are UTF-8 too, and then get into JSON as `s\u0000e\u0000`.
    if let text = String(validating: wide, as: UTF8.self) { addText(text) }
  }

  /// Hidden in the same forms as a longer one, but each only where it stands alone.
  private mutating func addShort(_ token: String) {
    guard token.utf8.count >= Self.shortest else { return }
    for form in TextEncodings.all(of: token).union([token]) {
      for written in TextEncodings.json(of: form).union([form]) { wholeTokens.insert(Array(written.utf8)) }
    }
    for form in HexForms.all(of: token).union(Base64Forms.alone(Array(token.utf8))) { wholeTokens.insert(form) }
  }

  /// A text, as it is and as it stands inside a JSON document.
  private mutating func addText(_ text: String) {
    add(Array(text.utf8.prefix(Self.longest)))
    for form in TextEncodings.json(of: text) { add(Array(form.utf8.prefix(Self.longest))) }
  }

  private mutating func addBase64(_ bytes: [UInt8]) {
    for form in Base64Forms.all(of: bytes) { add(form) }
  }

  private mutating func add(_ form: [UInt8]) {
    if form.count >= Self.shortestAnywhere { anywhere.insert(form) }
  }
}

extension String {
  /// The beginning of a text that has more bytes than that, in whole characters; `nil` for any other.
  fileprivate func clipped(to limit: Int) -> String? {
    guard utf8.count > limit else { return nil }
    var end = utf8.index(utf8.startIndex, offsetBy: limit)
    while end.samePosition(in: unicodeScalars) == nil { end = utf8.index(before: end) }
    return String(self[..<end])
  }

  /// Without spaces, tabs and line ends around it.
  var trimmedOfSpace: String {
    func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
    guard let first = utf8.firstIndex(where: { !isSpace($0) }), let last = utf8.lastIndex(where: { !isSpace($0) })
    else { return "" }
    return String(self[first..<utf8.index(after: last)])
  }
}
