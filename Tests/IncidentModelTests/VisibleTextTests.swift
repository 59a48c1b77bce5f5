import IncidentModel
import Testing

@Suite struct VisibleTextTests {
  @Test(
    "what acts on a terminal or hides from a reader is shown",
    arguments: [
      ("\u{1B}[31m", "\\u{1B}[31m"), ("a\u{7F}b", "a\\u{7F}b"), ("\u{9B}0m", "\\u{9B}0m"), ("\0", "\\u{00}"),
      ("\u{202E}x", "\\u{202E}x"), ("\u{2066}x\u{2069}", "\\u{2066}x\\u{2069}"), ("a\u{200B}b", "a\\u{200B}b"),
      ("a\u{200F}", "a\\u{200F}"), ("\u{FEFF}a", "\\u{FEFF}a"), ("a\u{2028}b", "a\\u{2028}b"),
      ("a\nb\t", "a\\u{0A}b\\u{09}"),
      ("\u{E0041}", "\\u{E0041}"), ("a\u{200D}b", "a\\u{200D}b"),
    ])
  func shown(_ text: String, _ expected: String) { #expect(text.visible == expected) }

  @Test("everything else stays as it is", arguments: ["plain", "größe", "日本語", "👩‍💻 🏳️‍🌈", "a\u{301}", "\\u{1B}"])
  func kept(_ text: String) { #expect(text.visible == text) }

  @Test("line breaks stay where they are wanted, and CR LF is one of them")
  func lineBreaks() {
    #expect("a\r\nb\tc\n".visible(keepingLineBreaks: true) == "a\nb\tc\n")
    #expect("50%\r100%".visible(keepingLineBreaks: true) == "50%\\u{0D}100%")
  }
}
