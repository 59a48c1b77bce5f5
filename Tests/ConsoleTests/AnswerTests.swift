import Crypto
import Foundation
import IncidentModel
import Playbooks
import TestSupport
import Testing

@testable import Console

@Suite("A typed answer is of its type")
struct AnswerTests {
  private func read(_ line: String, as kind: ManualAction.AnswerKind, choices: [String] = []) -> StepAnswer? {
    try? AnswerReader(kind: kind, choices: choices).read(line).get()
  }

  @Test("yes and no, and nothing else", arguments: [("y", true), ("YES", true), ("n", false), ("no", false)])
  func bool(line: String, value: Bool) {
    #expect(read(line, as: .bool)?.answer == .bool(value))
    #expect(read(line + "x", as: .bool) == nil)
  }

  @Test("one of the choices, by its number or its name; a number beyond them is none")
  func choice() {
    let choices = ["fix", "revert", "3"]
    #expect(read("2", as: .choice, choices: choices)?.answer == .text("revert"))
    #expect(read("fix", as: .choice, choices: choices)?.answer == .text("fix"))
    #expect(read("3", as: .choice, choices: choices)?.answer == .text("3"))
    for line in ["0", "4", "-1", "Fix", "99999999999999999999"] {
      #expect(read(line, as: .choice, choices: choices) == nil, "\(line)")
    }
  }

  @Test("a single letter is no text: it is a choice, or a slip of the finger")
  func text() {
    #expect(read("q", as: .text) == nil)
    #expect(read("ok", as: .text)?.answer == .text("ok"))
  }

  @Test("numbers and addresses are what they look like")
  func shapes() {
    #expect(read("12.5", as: .number)?.answer.displayText == "12.5")
    #expect(read("twelve", as: .number) == nil)
    #expect(read("https://x.com/p/1", as: .url) != nil)
    for line in ["x.com", "ftp://x.com", "https://", "javascript:alert(1)"] { #expect(read(line, as: .url) == nil) }
    #expect(read("0x" + String(repeating: "a", count: 40), as: .address) != nil)
    #expect(read("ops@example.org", as: .address) != nil)
    for line in ["0xabc", "0x" + String(repeating: "g", count: 40), "ops@", "@example.org"] {
      #expect(read(line, as: .address) == nil, "\(line)")
    }
  }

  @Test("a file is kept by hash and size; folders, devices and what is not there are refused")
  func file() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("evidence.txt")
    let content = Data("the contract is paused".utf8)
    try content.write(to: URL(fileURLWithPath: path))
    let answer = try #require(read(path, as: .file))
    #expect(answer.bytes == Int64(content.count))
    #expect(answer.sha256 == SHA256.hash(data: content).map { String(format: "%02x", $0) }.joined())
    for wrong in [folder.path, "/dev/zero", folder.file("missing"), ""] { #expect(read(wrong, as: .file) == nil) }
  }
}
