import IncidentModel
import Testing

@Suite struct DisplayWidthTests {
  @Test(
    "width is what a terminal shows",
    arguments: [
      ("abc", 3), ("日本", 4), ("🚨", 2), ("👩‍💻", 2), ("e\u{301}", 1), ("é", 1), ("…–", 2), ("ｆｕ", 4), ("한국", 4),
      ("❤️", 2), ("🇩🇪", 2), ("", 0),
    ])
  func width(_ text: String, _ columns: Int) { #expect(text.displayWidth == columns) }

  @Test("wide characters align")
  func padding() {
    for text in ["ab", "日本", "🚨", "e\u{301}"] {
      #expect(text.padded(to: 6).displayWidth == 6)
      #expect(text.paddedLeft(to: 6).displayWidth == 6)
    }
    #expect("long".padded(to: 2) == "long")
  }

  @Test("a cut text says that it is cut and never splits a character")
  func truncation() {
    #expect("abcdef".truncated(to: 4) == "abc…")
    #expect("日本語".truncated(to: 4) == "日…")
    #expect("abc".truncated(to: 3) == "abc")
    #expect("abc".truncated(to: 0) == "")
  }
}
