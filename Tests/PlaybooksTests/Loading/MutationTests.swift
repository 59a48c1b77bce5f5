import Foundation
import IncidentModel
import Testing

@testable import Playbooks

@Suite("No text, however broken, ends in anything but a playbook or places")
struct MutationTests {
  /// SplitMix64: the same numbers for the same seed, everywhere.
  struct SeededNumbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
  }

  private static let fragments: [String] = [
    "&a", "*a", "!!x", "%", "---\n", "\t", ": ", "- ", "? ", "|", ">", "'", "\"", "{", "}", "[", "]", ",", "#", "${",
    "$1",
    "\n", "\n  ", "\r\n", "\u{FEFF}", "🚨", "e\u{301}", "x-", "steps:", "id: one", "<<", "~", "\\", "\\x", "\\u12", "@",
    "`",
  ]

  @Test("every mutation has its places inside the file", arguments: 0..<8)
  func mutations(_ seed: Int) {
    var numbers = SeededNumbers(state: UInt64(seed))
    let original = Array(wholePlaybook.utf8)
    let loader = PlaybookLoader(library: nil, today: "2031-06-01")
    for _ in 0..<150 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...4, using: &numbers) { Self.mutate(&bytes, &numbers) }
      let result = loader.load(bytes: bytes, file: "test.yaml")
      #expect(result.playbook != nil || !result.errors.isEmpty)
      let lines = String(decoding: bytes, as: UTF8.self).split(omittingEmptySubsequences: false) { $0.isNewline }
      for diagnostic in result.diagnostics {
        #expect(diagnostic.location.line >= 1 && diagnostic.location.line <= lines.count + 1)
        #expect(diagnostic.location.column >= 1)
        #expect(!diagnostic.message.isEmpty && !diagnostic.message.hasSuffix("."))
        #expect(!diagnostic.text.isEmpty)
        // What only the parser finds has slipped past the scanner that guards it.
        #expect(diagnostic.message != "anchors and aliases are not used in playbooks")
      }
    }
  }

  private static func mutate(_ bytes: inout [UInt8], _ numbers: inout SeededNumbers) {
    guard !bytes.isEmpty else { return }
    let place = Int.random(in: 0..<bytes.count, using: &numbers)
    let end = min(bytes.count, place + Int.random(in: 1...30, using: &numbers))
    switch Int.random(in: 0..<6, using: &numbers) {
    case 0: bytes[place] = UInt8.random(in: 0...255, using: &numbers)
    case 1: bytes.removeSubrange(place..<end)
    case 2: bytes.insert(contentsOf: fragments[Int.random(in: 0..<fragments.count, using: &numbers)].utf8, at: place)
    case 3: bytes.insert(contentsOf: Array(bytes[place..<end]), at: Int.random(in: 0..<bytes.count, using: &numbers))
    case 4: bytes.removeSubrange(place...)
    default: bytes.swapAt(place, Int.random(in: 0..<bytes.count, using: &numbers))
    }
  }
}
