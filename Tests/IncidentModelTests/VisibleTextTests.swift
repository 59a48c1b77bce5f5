import IncidentModel
import TestSupport
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

  @Test("nothing that Unicode calls ignorable stays unseen, but for what draws and joins pictures")
  func ignorable() {
    for value in UInt32(0)...0x10FFFF {
      guard let scalar = Unicode.Scalar(value), scalar.properties.isDefaultIgnorableCodePoint,
        !["\u{FE0E}", "\u{FE0F}"].contains(scalar)
      else { continue }
      #expect("a\(scalar)b".visible != "a\(scalar)b", "U+\(String(value, radix: 16))")
    }
  }

  @Test("line breaks stay where they are wanted, and CR LF is one of them")
  func lineBreaks() {
    #expect("a\r\nb\tc\n".visible(keepingLineBreaks: true) == "a\nb\tc\n")
    #expect("50%\r100%".visible(keepingLineBreaks: true) == "50%\\u{0D}100%")
  }

  @Test("random characters of every kind: nothing acts, nothing is hidden, and what is shown is shown once")
  func randomTexts() {
    var numbers = SeededNumbers(seed: 31)
    let more: [Unicode.Scalar] = ["a", "é", "🚨", "\u{200D}", "\u{FE0F}", "\n", "\t"]
    let pieces = HostileTexts.terminal.flatMap { Array($0.unicodeScalars) } + more
    let count = Figures.tries(quick: 20_000, long: 1_000_000)
    for _ in 0..<count {
      var text = String.UnicodeScalarView()
      for _ in 0..<Int.random(in: 0...12, using: &numbers) {
        let any = Unicode.Scalar(UInt32.random(in: 0...0x10FFFF, using: &numbers))
        if let scalar = Bool.random(using: &numbers) ? pieces.randomElement(using: &numbers) : any {
          text.append(scalar)
        }
      }
      let shown = String(text).visible
      let acts = shown.unicodeScalars.contains { scalar in
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        case .format: scalar != "\u{200D}" && scalar.properties.isDefaultIgnorableCodePoint
        default: false
        }
      }
      guard !acts, shown.visible == shown else {
        Issue.record("\(String(text).debugDescription) is shown as \(shown.debugDescription)")
        return
      }
    }
    Figures.record(
      ["texts": count], promise: "Foreign text moves no cursor",
      attack: "random characters of every kind", in: "Injection")
  }
}
