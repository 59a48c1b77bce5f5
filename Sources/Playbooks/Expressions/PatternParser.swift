/// What a pattern says, as a tree.
indirect enum PatternNode: Sendable {
  case scalar(ScalarSet)
  case assertion(Assertion)
  case sequence([PatternNode])
  case choice([PatternNode])
  /// `most` is `nil` for any number of times.
  case repetition(PatternNode, least: Int, most: Int?)

  enum Assertion: Sendable {
    case start, end, wordBoundary, noWordBoundary
  }
}

/// Reads a pattern, nested at most 32 levels deep.
struct PatternParser {
  private static let maximumDepth = 32
  private static let maximumCount = 1000

  private let scalars: [Unicode.Scalar]
  private var position = 0
  private var depth = 0
  private var ignoresCase = false
  private var dotTakesLineEnds = false

  init(_ source: String) { scalars = Array(source.unicodeScalars) }

  mutating func parse() throws(PatternError) -> PatternNode {
    try readFlags()
    let node = try choice()
    guard current == nil else { throw PatternError("a ')' has no '(' before it") }
    return node
  }

  private var current: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

  private mutating func skip(_ text: String) -> Bool {
    guard scalars[position...].starts(with: text.unicodeScalars) else { return false }
    position += text.unicodeScalars.count
    return true
  }

  private mutating func take() -> Unicode.Scalar? {
    guard let scalar = current else { return nil }
    position += 1
    return scalar
  }

  private mutating func readFlags() throws(PatternError) {
    for (flags, ignoresCase, dotTakesLineEnds) in [
      ("(?i)", true, false), ("(?s)", false, true), ("(?is)", true, true), ("(?si)", true, true),
    ] where skip(flags) {
      (self.ignoresCase, self.dotTakesLineEnds) = (ignoresCase, dotTakesLineEnds)
      return
    }
  }

  private func set(_ ranges: [ClosedRange<UInt32>], negated: Bool = false) -> PatternNode {
    .scalar(ScalarSet(ranges, negated: negated, ignoresCase: ignoresCase))
  }
}

// MARK: - Structure

extension PatternParser {
  private mutating func choice() throws(PatternError) -> PatternNode {
    var alternatives = [try sequence()]
    while skip("|") { alternatives.append(try sequence()) }
    return alternatives.count == 1 ? alternatives[0] : .choice(alternatives)
  }

  private mutating func sequence() throws(PatternError) -> PatternNode {
    var nodes: [PatternNode] = []
    while let scalar = current, scalar != "|", scalar != ")" { nodes.append(try repetition()) }
    return nodes.count == 1 ? nodes[0] : .sequence(nodes)
  }

  private mutating func repetition() throws(PatternError) -> PatternNode {
    let node = try atom()
    guard let (least, most) = try quantifier() else { return node }
    if case .assertion = node { throw PatternError("'^', '$' and '\\b' cannot be repeated") }
    _ = skip("?")
    if let next = current, ["*", "+", "?", "{"].contains(next) {
      throw PatternError("'\(next)' follows another repetition; put the first into a group: (?:…)\(next)")
    }
    return .repetition(node, least: least, most: most)
  }

  private mutating func quantifier() throws(PatternError) -> (least: Int, most: Int?)? {
    if skip("*") { return (0, nil) }
    if skip("+") { return (1, nil) }
    if skip("?") { return (0, 1) }
    guard skip("{") else { return nil }
    let least = try count()
    var most: Int? = least
    if skip(",") { most = current == "}" ? nil : try count() }
    guard skip("}") else {
      throw PatternError("a repetition is written {n}, {n,} or {n,m}; for the sign itself, write \\{")
    }
    if let most, most < least { throw PatternError("{\(least),\(most)} counts down") }
    return (least, most)
  }

  private mutating func count() throws(PatternError) -> Int {
    var digits = ""
    while let scalar = current, ("0"..."9").contains(scalar), digits.count < 6 {
      digits.unicodeScalars.append(scalar)
      position += 1
    }
    guard let count = Int(digits) else {
      throw PatternError("a repetition is written {n}, {n,} or {n,m}; for the sign itself, write \\{")
    }
    guard count <= Self.maximumCount else { throw PatternError("a repetition counts to \(Self.maximumCount) at most") }
    return count
  }

  private mutating func group() throws(PatternError) -> PatternNode {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.maximumDepth else {
      throw PatternError("groups nest at most \(Self.maximumDepth) levels deep")
    }
    if skip("?"), !skip(":") { try groupName() }
    let node = try choice()
    guard skip(")") else { throw PatternError("a '(' has no closing ')'") }
    return node
  }

  /// Names are allowed as a help to the reader; nothing can refer to them.
  private mutating func groupName() throws(PatternError) {
    let named = (skip("<") || skip("P<")) && current.map { $0.properties.isAlphabetic || $0 == "_" } == true
    while named, let scalar = take() {
      if scalar == ">" { return }
      guard scalar.properties.isAlphabetic || scalar == "_" || ("0"..."9").contains(scalar) else { break }
    }
    throw PatternError(
      "groups are (…), (?:…) or (?<name>…), and flags (?i) or (?s) at the start; look-around is not supported")
  }
}

// MARK: - Single characters

extension PatternParser {
  private mutating func atom() throws(PatternError) -> PatternNode {
    guard let scalar = take() else { throw PatternError("something is missing at its end") }
    switch scalar {
    case "(": return try group()
    case "[": return try bracketed()
    case ".": return dotTakesLineEnds ? set([], negated: true) : set(ScalarSet.lineEnds, negated: true)
    case "^": return .assertion(.start)
    case "$": return .assertion(.end)
    case "\\":
      if skip("b") { return .assertion(.wordBoundary) }
      if skip("B") { return .assertion(.noWordBoundary) }
      switch try escape() {
      case .one(let scalar): return set([scalar.value...scalar.value])
      case .many(let ranges): return set(ranges)
      }
    case "*", "+", "?", "{":
      throw PatternError("'\(scalar)' has nothing before it to repeat; for the sign, write \\\(scalar)")
    default: return set([scalar.value...scalar.value])
    }
  }

  private enum Escape {
    case one(Unicode.Scalar)
    case many([ClosedRange<UInt32>])
  }

  /// Stands after the backslash.
  private mutating func escape() throws(PatternError) -> Escape {
    guard let scalar = take() else { throw PatternError("it ends with a backslash; for the sign itself, write \\\\") }
    switch scalar {
    case "d": return .many(ScalarSet.digits)
    case "D": return .many(ScalarSet.complement(of: ScalarSet.digits))
    case "w": return .many(ScalarSet.wordParts)
    case "W": return .many(ScalarSet.complement(of: ScalarSet.wordParts))
    case "s": return .many(ScalarSet.spaces)
    case "S": return .many(ScalarSet.complement(of: ScalarSet.spaces))
    case "n": return .one("\n")
    case "r": return .one("\r")
    case "t": return .one("\t")
    case "x": return .one(try hexadecimal(digits: 2))
    case "u":
      guard skip("{") else { return .one(try hexadecimal(digits: 4)) }
      let scalar = try hexadecimal(digits: nil)
      guard skip("}") else { throw PatternError("\\u{ has no closing '}'") }
      return .one(scalar)
    case _ where scalar.isASCII && !scalar.properties.isAlphabetic && !("0"..."9").contains(scalar):
      return .one(scalar)
    default: throw PatternError("'\\\(scalar)' is not supported")
    }
  }

  private mutating func hexadecimal(digits wanted: Int?) throws(PatternError) -> Unicode.Scalar {
    var digits = ""
    while let scalar = current, scalar.properties.isASCIIHexDigit, digits.count < wanted ?? 6 {
      digits.unicodeScalars.append(scalar)
      position += 1
    }
    guard digits.count == wanted ?? digits.count, let value = UInt32(digits, radix: 16),
      let scalar = Unicode.Scalar(value)
    else { throw PatternError("characters by number are written \\xHH, \\uHHHH or \\u{H…}") }
    return scalar
  }

  /// Stands after the `[`.
  private mutating func bracketed() throws(PatternError) -> PatternNode {
    let negated = skip("^")
    var ranges: [ClosedRange<UInt32>] = []
    while let scalar = take() {
      if scalar == "]" {
        guard !ranges.isEmpty else { throw PatternError("[] is empty; for the sign ']' itself, write \\]") }
        return set(ranges, negated: negated)
      }
      switch try bracketItem(scalar) {
      case .many(let more): ranges += more
      case .one(let first): ranges.append(try range(from: first))
      }
    }
    throw PatternError("a '[' has no closing ']'")
  }

  private mutating func bracketItem(_ scalar: Unicode.Scalar) throws(PatternError) -> Escape {
    switch scalar {
    case "\\": return try escape()
    case "[": throw PatternError("a '[' stands inside [ ]; for the sign itself, write \\[")
    default: return .one(scalar)
    }
  }

  /// `first` alone, or up to what follows a minus. A minus at the end is itself.
  private mutating func range(from first: Unicode.Scalar) throws(PatternError) -> ClosedRange<UInt32> {
    guard current == "-", position + 1 < scalars.count, scalars[position + 1] != "]" else {
      return first.value...first.value
    }
    position += 1
    guard let next = take(), case .one(let last) = try bracketItem(next) else {
      throw PatternError("a range inside [ ] needs a single character at both ends")
    }
    guard first <= last else { throw PatternError("the range \(first)-\(last) runs backwards") }
    return first.value...last.value
  }
}
