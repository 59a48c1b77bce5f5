import IncidentModel
import Testing

@testable import Playbooks

@Suite("The bytes of a file are looked at before any parser sees them")
struct ByteCheckTests {
  private func refusal(of bytes: [UInt8]) throws -> Diagnostic {
    let result = PlaybookLoader(library: nil).load(bytes: bytes, file: "test.yaml")
    #expect(result.playbook == nil)
    return try #require(result.errors.first)
  }

  @Test("a NUL byte is pointed at")
  func nul() throws {
    let error = try refusal(of: Array("format: 1\nid: te".utf8) + [0] + Array("st\n".utf8))
    #expect(error.message == "a NUL byte stands here")
    #expect((error.location.line, error.location.column) == (2, 7))
  }

  @Test(
    "bytes that are not UTF-8 are pointed at",
    arguments: [[0xFF], [0xC3, 0x28], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82]]
      as [[UInt8]])
  func badEncoding(_ bytes: [UInt8]) throws {
    let error = try refusal(of: Array("name: ä".utf8) + bytes)
    #expect(error.message.hasPrefix("this is not UTF-8: byte 0x"))
    #expect((error.location.line, error.location.column) == (1, 8))
    #expect(error.hint == "save the file as UTF-8")
  }

  @Test(
    "invisible characters are pointed at",
    arguments: ["\u{1B}", "\u{7F}", "\u{85}", "\u{2028}", "\u{FEFF}", "\u{FFFE}"])
  func invisible(_ character: String) throws {
    let error = try refusal(of: Array("name: a\(character)b".utf8))
    #expect((error.location.line, error.location.column) == (1, 8))
  }

  @Test("a file of more than 4 MiB is refused unread")
  func tooLarge() throws {
    let error = try refusal(of: Array(repeating: UInt8(ascii: "#"), count: 4 * 1024 * 1024 + 1))
    #expect(error.message == "the file is too large: 4194305 bytes, the limit is 4194304")
  }

  @Test("a byte order mark and Windows line ends change nothing, not even places")
  func windows() throws {
    let text = completed("steps:\n  - id: one\n    shell: {run: \"echo a\"}\n    nmae: x")
    let plain = PlaybookLoader(library: nil).load(text: text, file: "test.yaml")
    let windows = PlaybookLoader(library: nil).load(
      text: "\u{FEFF}" + text.replacing("\n", with: "\r\n"), file: "test.yaml")
    #expect(windows.diagnostics == plain.diagnostics)
    #expect(windows.errors.map(\.message) == ["a step has no key 'nmae'"])
  }

  @Test("a script of several lines holds no carriage returns")
  func scriptLines() throws {
    let text = completed("steps:\n  - id: one\n    shell:\n      run: |\n        echo a\n        echo b\n")
    let result = PlaybookLoader(library: nil).load(text: text.replacing("\n", with: "\r\n"), file: "test.yaml")
    guard case .shell(let action)? = result.playbook?.steps.first?.action else {
      Issue.record("not a shell action: \(result.diagnostics)")
      return
    }
    #expect(action.script == "echo a\necho b\n")
  }

  @Test("the playbook keeps its text as it was, and the SHA-256 of its bytes")
  func source() throws {
    let text = completed("tags: [a]").replacing("\n", with: "\r\n")
    let playbook = try #require(PlaybookLoader(library: nil).load(text: text, file: "x/test.yaml").playbook)
    #expect(playbook.source.text == text)
    #expect(playbook.source.file == "x/test.yaml")
    #expect(
      PlaybookLoader.digest(of: Array("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )
  }

  @Test(
    "a missing file, a folder and a device are refused with advice",
    arguments: ["/nowhere/x.yaml", "/tmp", "/dev/zero"])
  func notAFile(_ path: String) {
    let result = PlaybookLoader(library: nil).load(path: path)
    #expect(result.playbook == nil)
    #expect(result.errors.count == 1)
    #expect(result.errors.first?.hint != nil)
  }
}
