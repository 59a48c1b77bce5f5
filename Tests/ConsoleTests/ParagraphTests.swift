import IncidentModel
import Testing

@testable import Console

@Suite("Text is broken to fit the terminal")
struct ParagraphTests {
  private static let texts = [
    "", "one", "  indented words that go on and on and on until there is no room for them any more",
    "https://example.org/a/very/long/address/without/any/space/in/it/at/all/that/nobody/can/break/between/words",
    "取引を停止しています。注文は作成できません。取引を停止しています。注文は作成できません。", "a 👩‍👩‍👧‍👦 family 🚨🚨🚨🚨🚨🚨🚨🚨🚨🚨🚨🚨🚨🚨🚨🚨🚨🚨🚨🚨🚨🚨🚨",
    "two  spaces   and    more     stay      as       they        are",
  ]

  @Test("no line is wider than the width, and no character is lost", arguments: texts, [20, 40, 80])
  func fits(text: String, width: Int) {
    for indent in [0, 4, 9] {
      let lines = Paragraph.lines(text, width: width, indent: indent)
      #expect(lines.allSatisfy { $0.displayWidth <= width }, "\(lines)")
      let kept = lines.joined().filter { $0 != " " }
      #expect(kept == text.filter { $0 != " " })
      #expect(lines.dropFirst().allSatisfy { $0.hasPrefix(String(repeating: " ", count: indent)) })
    }
  }

  @Test("what fits on one line stays as it is, the spaces in front of it too")
  func untouched() {
    #expect(Paragraph.lines("  run    echo  x", width: 40, indent: 9) == ["  run    echo  x"])
  }

  @Test("pieces share lines as long as they fit, and none is cut")
  func pieces() {
    let pieces = ["RUN-107 pause-trading", "INC-42 P0", "*** PRODUCTION ***", "you: dana", "03:14:22 UTC"]
    #expect(Paragraph.joined(pieces, by: " | ", width: 100) == [pieces.joined(separator: " | ")])
    let narrow = Paragraph.joined(pieces, by: " | ", width: 40)
    #expect(narrow.allSatisfy { $0.displayWidth <= 40 })
    #expect(pieces.allSatisfy { piece in narrow.contains { $0.contains(piece) } })
  }
}
