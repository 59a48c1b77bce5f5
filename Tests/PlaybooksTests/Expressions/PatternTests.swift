import Testing

@testable import Playbooks

@Suite("A pattern matches whole texts, in time proportional to the text")
struct PatternTests {
  @Test(
    "these match",
    arguments: [
      ("", ""), ("a*", ""), ("a*", "aaa"), ("a+?b??", "aab"), ("(a|bc)+", "abcbca"), ("[a-c]{2,3}", "abc"),
      ("[^a-c]", "d"),
      ("\\d+\\.\\d{2}", "70.10"), ("0x[0-9a-fA-F]{40}", "0x" + String(repeating: "aB", count: 20)), ("(?i)ÀbC", "àBc"),
      ("(?s).+", "a\nb"), ("^ab$", "ab"), (".*\\bword\\b.*", "a word."), ("\\w+@\\w+\\.(com|org)", "me@x.org"),
      ("(?:a|)b", "b"), ("(?<year>\\d{4})-\\d\\d", "2031-05"), ("[\\w.-]+", "a-b.c"), ("[\\]]", "]"),
      ("\\u{1F6A8}\\x41\\u00e9", "🚨Aé"), ("(a{0,3}){0,3}", "aaaaaaaaa"), ("(a*)*", "aa"), ("[-a]+", "a-"),
      ("\\S\\s\\D", "a b"),
      ("a{0}", ""), ("(|a)+", "aa"), ("a\\Bb", "ab"),
    ])
  func matches(pattern: String, text: String) throws {
    #expect(try Pattern(pattern).matchesWhole(text))
  }

  @Test(
    "these do not",
    arguments: [
      ("a", ""), ("a", "aa"), ("a|b", "ab"), ("a.b", "a\nb"), ("[^a]", ""), ("a{2,3}", "aaaa"), ("a{2,}", "a"),
      ("(?i)a", "b"),
      ("\\d", "٣"), ("a$b", "ab"), ("a\\bb", "ab"), ("[a-c]+", "abd"), ("", "a"), ("swap-\\d+", "swap-7\n"),
    ])
  func doesNotMatch(pattern: String, text: String) throws {
    #expect(try !Pattern(pattern).matchesWhole(text))
  }

  @Test(
    "what is not supported is refused in words",
    arguments: [
      ("(?=a)", "look-around is not supported"), ("(a)\\1", "'\\1' is not supported"),
      ("a**", "follows another repetition"),
      ("a++", "follows another repetition"), ("*a", "nothing before it to repeat"), ("(a", "no closing ')'"),
      ("a)", "no '('"),
      ("[a", "no closing ']'"), ("[]", "empty"), ("[z-a]", "backwards"), ("[[:alpha:]]", "stands inside [ ]"),
      ("a{3,1}", "counts down"),
      ("a{1001}", "counts to 1000"), ("(a{1000}){1000}", "too large"), ("(((){1000}){1000}){1000}", "too large"),
      ("a{x}", "{n}"),
      ("\\", "backslash"), ("\\xZ1", "\\xHH"), ("\\p{L}", "'\\p' is not supported"), ("^*", "cannot be repeated"),
      (String(repeating: "(", count: 4000), "32 levels"),
    ])
  func refused(pattern: String, reason: String) {
    let error = #expect(throws: PatternError.self) { try Pattern(pattern) }
    #expect(error?.description.contains(reason) == true)
  }

  @Test("a pattern that would keep a backtracking matcher busy for years answers at once")
  func linear() throws {
    let text = String(repeating: "a", count: 50_000)
    #expect(try !Pattern("(a+)+b").matchesWhole(text))
    #expect(try !Pattern("(a|aa)+$b").matchesWhole(text))
    #expect(try Pattern("(a*)*(a*)*").matchesWhole(text))
  }

  @Test("it agrees with the standard library on short texts")
  func agrees() throws {
    for source in [
      "(a|ab)(c|bcd)(d*)", "a?a?a?aaa", "(a*b|b*a)+", "[ab]{1,3}c?", "(?:ab|a)*b{0,2}", "^a|b$", "a.c?|\\w{2}",
    ] {
      let pattern = try Pattern(source)
      let regex = try Regex(source)
      for length in 0...5 {
        for number in 0..<(1 << (2 * length)) {
          let text = String((0..<length).map { Array("abcd")[(number >> (2 * $0)) & 3] })
          #expect(try pattern.matchesWhole(text) == (regex.wholeMatch(in: text) != nil), "\(source) on \(text)")
        }
      }
    }
  }
}
