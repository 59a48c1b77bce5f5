/// A regular expression that a whole text must match.
///
/// Matching takes time in proportion to the text, whatever the pattern: all alternatives are followed at once instead
/// of being tried one after the other, so a text from outside cannot stall a run. The price is a smaller language: no
/// look-around, no references back, and possessive or atomic groups neither.
///
/// `. [a-z] [^a-z] \d \w \s \D \W \S \b \B ^ $ | (…) (?:…) (?<name>…) * + ? {n} {n,} {n,m}`; repetitions may also be
/// lazy, which changes nothing here; `\n \r \t \xHH \u{H…}` and a backslash before a sign; `(?i)` and `(?s)` at the
/// start. `\d`, `\w` and `\s` mean ASCII. `.` is any character but a line end. Characters are Unicode scalars.
struct Pattern: Sendable, Hashable {
  let source: String
  private let program: PatternProgram

  init(_ source: String) throws(PatternError) {
    self.source = source
    var parser = PatternParser(source)
    program = try PatternProgram(try parser.parse())
  }

  func matchesWhole(_ text: String) -> Bool { program.matchesWhole(text) }

  static func == (left: Pattern, right: Pattern) -> Bool { left.source == right.source }

  func hash(into hasher: inout Hasher) { hasher.combine(source) }
}

/// Why a text is not a pattern.
struct PatternError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
