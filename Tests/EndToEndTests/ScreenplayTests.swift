import Foundation
import TestSupport
import Testing

@Suite("The harness that keeps screens", .inTurn, .timeLimit(.minutes(40)))
struct ScreenplayTests {
  private func shown(_ text: String, columns: Int = 80) throws -> [String] {
    var screen = TerminalScreen(columns: columns)
    try screen.write(text.utf8)
    return screen.lines.map(\.text)
  }

  @Test("What stays is kept: a status line written over itself, erased or restored leaves its last form")
  func redrawing() throws {
    #expect(try shown("one\r\ntwo 1\rtwo 2\r\n") == ["one", "two 2", ""])
    #expect(try shown("long status\r\u{1B}[Kshort\r\n") == ["short", ""])
    #expect(try shown("clock 1\r\nchoice: \u{1B}7\u{1B}[A\rclock 2\u{1B}8r") == ["clock 2", "choice: r"])
    #expect(try shown("\u{1B}]0;andon 03:14\u{7}\u{1B}[31;1mFAILED\u{1B}[0m\r\n") == ["FAILED", ""])
  }

  @Test("A line wider than the terminal is kept whole, and known to have been broken; wide characters count twice")
  func brokenLines() throws {
    var screen = TerminalScreen(columns: 10)
    try screen.write("0123456789\r\n全角全角全角\r\n".utf8)
    #expect(screen.lines.map(\.text) == ["0123456789", "全角全角全角", ""])
    #expect(screen.lines.map(\.isBroken) == [false, true, false])
  }

  @Test(
    "A sequence that andon never sends fails the test that met it",
    arguments: ["\u{1B}[2J", "\u{1B}[?1049h", "\u{1B}[10;4H", "\u{1B}]52;c;aGk=\u{7}", "\u{1B}c", "\u{8}", "\u{7}"])
  func foreign(sequence: String) {
    #expect(throws: TerminalScreen.Foreign.self) { try shown("before\r\n" + sequence) }
  }

  @Test("Moments, durations, hashes, ports, processes and folders have one form; everything else stays")
  func varying() {
    let varying = VaryingParts(folders: ["/tmp/here"])
    let texts = [
      "03:14:22 UTC on 2031-05-14": "<time> UTC on <date>",
      "2031-05-14T03:14:22.123Z": "<date>T<time>Z",
      "contain 5:00 [##--------] 03:48 left": "contain <dur> [<bar>] <dur> left",
      "done     250 ms   verified": "done <dur> verified",
      "took 4.2 s of 5 s, 3 of 8": "took <dur> of 5 s, 3 of 8",
      "/tmp/here/state/journal.db": "<folder>/state/journal.db",
      "head 12:4f9c0d2e8a1b4f9c0d2e8a1b4f9c0d2e8a1b4f9c0d2e8a1b4f9c0d2e8a1b4f9c": "head 12:<hash>",
      "contract 0x51fd0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b": "contract 0x<hex>",
      "http://127.0.0.1:40123/trades, process 4121": "http://127.0.0.1:<port>/trades, process <pid>",
      "RUN-107 INC-42 P0 exit 3, effaced": "RUN-107 INC-42 P0 exit 3, effaced",
    ]
    for (text, settled) in texts { #expect(varying.settled(text) == settled) }
  }

  @Test(
    "A skeleton of command and cues, recorded, is the whole session; kept otherwise, the first line that differs is named"
  )
  func recording() async throws {
    let skeleton = "# 80 columns\n\n$ andon pull pause-trading --drill\nPAUSE to confirm: «pause»\n"
    let played = try await Screenplay(name: "new", text: skeleton).play(on: Stage())
    let beginning = """
      # 80 columns

      $ andon pull pause-trading --drill
      sandbox: SQLite; as ANDON_SANDBOX says
      KILL SWITCH
      """
    #expect(played.hasPrefix(beginning), "\(played)")
    #expect(played.contains("\nPAUSE to confirm: «pause»\n"), "\(played)")
    #expect(played.hasSuffix("\n[exit 2]\n"), "\(played)")

    #expect(Screenplay(name: "same", text: played).difference(from: played) == nil)
    let other = Screenplay(name: "other", text: played.replacing("[exit 2]", with: "[exit 0]"))
    let difference = try #require(other.difference(from: played))
    #expect(difference.contains("kept is '[exit 0]', now it shows '[exit 2]'"), "\(difference)")
  }

  @Test("A cue that does not come ends the wait, and shows the screen so far")
  func missingCue() async throws {
    let stage = try Stage()
    let waiting = "# 80 columns\n$ andon pull pause-trading --drill\nSTOP to confirm: «STOP»\n"
    let stuck = await #expect(throws: Performance.Stuck.self) {
      try await Screenplay(name: "x", text: waiting).play(on: stage, patience: .seconds(3))
    }
    #expect(stuck?.screen.contains("PAUSE to confirm:") == true, "\(String(describing: stuck))")
    let ending = await #expect(throws: Performance.Stuck.self) {
      try await Screenplay(name: "x", text: "# 80 columns\n$ andon status\nchoice: «r»\n").play(on: stage)
    }
    #expect(ending?.why.contains("ended before") == true, "\(String(describing: ending))")
  }
}
