import Foundation
import Glibc
import TestSupport

/// A file that somebody made to hurt whoever reads it, and a word of the sentence that refuses it.
struct HostileFile: Sendable {
  let name: String
  let says: String
  let bytes: [UInt8]

  init(_ name: String, says: String, _ bytes: [UInt8]) { (self.name, self.says, self.bytes) = (name, says, bytes) }

  init(_ name: String, says: String, _ text: String) { self.init(name, says: says, Array(text.utf8)) }

  /// A playbook that is well but for what follows its head.
  init(_ name: String, says: String, after rest: String) {
    self.init(name, says: says, Self.head + rest)
  }

  /// A playbook that is well but for one step.
  init(_ name: String, says: String, step: String) {
    self.init(name, says: says, after: "steps:\n  - id: one\n    \(step)\n")
  }

  private static let head = "format: 1\nid: hostile\nname: Hostile\nreview: {last: , every: 90d}\n"

  static let all = bombs + deep + large + twice + encodings + tags + elsewhere + language

  private static func times(_ count: Int, _ text: String) -> String { String(repeating: text, count: count) }

  private static func bomb(_ levels: Int, _ level: (Int) -> String) -> String {
    "x0: &x0 [lol, lol]\n" + (1...levels).map(level).joined()
  }

  static let bombs = [
    HostileFile(
      "nine lists of nine aliases", says: "anchors are not used",
      bomb(9) { n in
        "x\(n): &x\(n) [\(times(8, "*x\(n - 1), "))*x\(n - 1)]\n"
      }),
    HostileFile(
      "thirty levels of aliases", says: "anchors are not used",
      bomb(30) { n in
        "x\(n): &x\(n) [\(times(8, "*x\(n - 1), "))*x\(n - 1)]\n"
      }),
    HostileFile(
      "aliases as keys", says: "anchors are not used",
      bomb(30) { n in
        "x\(n): &x\(n) {*x\(n - 1) : 1, b: *x\(n - 1)}\n"
      }),
    HostileFile(
      "aliases merged", says: "anchors are not used",
      bomb(30) { n in
        "x\(n): &x\(n)\n  <<: [*x\(n - 1), *x\(n - 1)]\n"
      }),
    HostileFile("an alias of itself", says: "anchors are not used", "x: &x [*x]\n"),
    HostileFile("an alias of nothing", says: "aliases are not used", "id: *nothing\n"),
    HostileFile("a hundred thousand anchors", says: "anchors are not used", times(100_000, "- &a 1\n")),
  ]

  static let deep = [
    HostileFile("lists 100,000 deep", says: "deeper than 64", "x: " + times(100_000, "[")),
    HostileFile("closed lists 100,000 deep", says: "deeper than 64", "x: " + times(100_000, "[") + times(100_000, "]")),
    HostileFile("braces 100,000 deep", says: "deeper than 64", "x: " + times(100_000, "{a: ")),
    HostileFile("dashes 100,000 deep", says: "deeper than 64", "x:\n" + times(100_000, "- ")),
    HostileFile("question marks 100,000 deep", says: "deeper than 64", "x:\n" + times(100_000, "? ")),
    HostileFile("mixed brackets 100,000 deep", says: "deeper than 64", "x: " + times(50_000, "[{a: ")),
    HostileFile("blocks 1,400 deep", says: "deeper than 64", (0..<1400).map { times($0, " ") + "a:\n" }.joined()),
    HostileFile(
      "steps 200 deep", says: "deeper than 64",
      after: "steps:\n"
        + (0..<200).map {
          times($0 * 4, " ") + "- id: s\($0)\n" + times($0 * 4 + 2, " ") + "parallel:\n"
        }.joined()),
    HostileFile("100,000 closing brackets", says: "", "x: " + times(100_000, "]")),
  ]

  static let large = [
    HostileFile(
      "a text of 100 MB", says: "too large", Array("name: ".utf8) + [UInt8](repeating: 0x78, count: 100_000_000)),
    HostileFile("one byte more than 4 MiB", says: "too large", times(4 * 1024 * 1024 + 1, "#")),
    HostileFile("4 MB in one line", says: "", "name: " + times(4_000_000, "x")),
    HostileFile("a quoted text of 4 MB without an end", says: "does not end", "name: \"" + times(4_000_000, "x")),
    HostileFile("a block of 4 MB", says: "", "name: |\n" + times(400_000, "  xxxxxxx\n")),
    HostileFile("a key of 4 MB", says: "", times(4_000_000, "x") + ": 1\n"),
    HostileFile("4 MB of spaces", says: "", times(4_000_000, " ")),
    HostileFile("4 million empty lines", says: "empty", times(4_000_000, "\n")),
    HostileFile("4 MB of comments", says: "empty", times(400_000, "# nothing\n")),
    HostileFile("a million keys", says: "more than 2000 keys", times(1_000_000, "a:\n")),
    HostileFile("a million keys in braces", says: "more than", "x: {" + times(1_000_000, "a: ,")),
    HostileFile("a million items", says: "more than 20000 items", "x:\n" + times(1_000_000, "- \n")),
    HostileFile("a million items in brackets", says: "more than 20000 items", "x: [" + times(1_000_000, "0,")),
    HostileFile(
      "a hundred thousand steps of nothing", says: "more than 20000 items",
      after: "steps:\n" + times(100_000, "  - {}\n")),
    HostileFile(
      "a hundred thousand unknown keys", says: "more than 2000 keys", (0..<100_000).map { "k\($0): 1\n" }.joined()),
  ]

  static let twice = [
    HostileFile("a key twice", says: "id", after: "steps:\n  - {id: one, wait: {for: 1s}}\nid: other\n"),
    HostileFile("a key twice in a step", says: "id", step: "wait: {for: 1s}\n    id: two"),
    HostileFile("a key twice, once quoted", says: "id", step: "wait: {for: 1s}\n    \"id\": two"),
    HostileFile("a key a hundred thousand times", says: "a", after: times(100_000, "x-a: 1\n")),
    HostileFile(
      "the same step twice", says: "one",
      after: "steps:\n  - {id: one, wait: {for: 1s}}\n  - {id: one, wait: {for: 1s}}\n"),
  ]

  static let encodings = [
    HostileFile("a lone byte of a character", says: "not UTF-8", Array("name: a".utf8) + [0x80]),
    HostileFile("an overlong slash", says: "not UTF-8", Array("name: a".utf8) + [0xC0, 0xAF]),
    HostileFile("half a surrogate", says: "not UTF-8", Array("name: a".utf8) + [0xED, 0xA0, 0x80]),
    HostileFile("a character cut off", says: "not UTF-8", Array("name: a".utf8) + [0xF0, 0x9F, 0x9A]),
    HostileFile("beyond Unicode", says: "not UTF-8", Array("name: a".utf8) + [0xF5, 0x80, 0x80, 0x80]),
    HostileFile("Latin-1", says: "not UTF-8", Array("name: gr".utf8) + [0xFC, 0xDF] + Array("e\n".utf8)),
    HostileFile(
      "UTF-16 with its mark", says: "not UTF-8",
      [0xFF, 0xFE] + "id: a\n".utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }),
    HostileFile(
      "UTF-16 the other way", says: "not UTF-8",
      [0xFE, 0xFF] + "id: a\n".utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }),
    HostileFile("UTF-16 without its mark", says: "NUL", "id: a\n".utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }),
    HostileFile("a NUL", says: "NUL", "name: a\0b\n"),
    HostileFile("4 MB of NULs", says: "NUL", [UInt8](repeating: 0, count: 4_000_000)),
    HostileFile("a control sequence", says: "U+001B", "name: \u{1B}[2J\n"),
    HostileFile("a C1 control", says: "U+009B", "name: \u{9B}2J\n"),
    HostileFile("a line separator", says: "U+2028", "name: a\u{2028}id: b\n"),
    HostileFile("a byte order mark inside", says: "byte order mark", "name: a\u{FEFF}b\n"),
    HostileFile("a compressed file", says: "", [0x1F, 0x8B, 0x08, 0, 0, 0, 0, 0, 0, 3, 0xCB, 0x48]),
    HostileFile("a picture", says: "not UTF-8", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13]),
    HostileFile("every byte there is", says: "", (0...255).map { UInt8($0) }),
  ]

  static let tags = [
    HostileFile(
      "a program as a Python object", says: "tags are not used",
      "x: !!python/object/apply:os.system [\"touch /tmp/x\"]\n"),
    HostileFile("a JavaScript function", says: "tags are not used", "x: !!js/function 'function () {}'\n"),
    HostileFile("a Ruby object", says: "tags are not used", "x: !ruby/object:Gem::Installer {i: x}\n"),
    HostileFile(
      "a Java class", says: "tags are not used",
      "x: !!javax.script.ScriptEngineManager [!!java.net.URL [\"http://x\"]]\n"),
    HostileFile("binary data", says: "tags are not used", "x: !!binary R0lGODlhDAAMAIQAAP\n"),
    HostileFile("a tag in full", says: "tags are not used", "x: !<tag:yaml.org,2002:str> y\n"),
    HostileFile("a directive", says: "directives are not used", "%TAG ! tag:x,2000:\n---\nid: a\n"),
    HostileFile(
      "two documents", says: "second document", after: "steps:\n  - {id: one, wait: {for: 1s}}\n---\nid: b\n"),
    HostileFile("a merge key", says: "merge keys are not used", after: "targets: {<<: 5m}\n"),
  ]

  /// What would lead to another file, were it taken for a path.
  static let elsewhere = [
    HostileFile("a playbook above", says: "small letters", step: "playbook: {id: ../../etc/passwd}"),
    HostileFile("a playbook by its path", says: "small letters", step: "playbook: {id: /etc/passwd}"),
    HostileFile("an inverse above", says: "small letters", after: "inverse: ../x\nsteps: []\n"),
    HostileFile("an undo elsewhere", says: "small letters", step: "wait: {for: 1s}\n    undo: {playbook: ../x}"),
    HostileFile("a message above", says: "", step: "notify: {connection: chat, message: ../../etc/passwd}"),
    HostileFile("a connection above", says: "", after: "connections: [../../etc/passwd]\nsteps: []\n"),
    HostileFile("an include", says: "tags are not used", after: "steps: !include ../../etc/passwd\n"),
    HostileFile("itself", says: "cannot run itself", step: "playbook: {id: hostile}"),
  ]

  static let language = [
    HostileFile("parentheses 100,000 deep", says: "", step: "assert: {that: \"\(times(100_000, "("))\"}"),
    HostileFile("100,000 terms", says: "", step: "assert: {that: \"\(times(100_000, "1 + "))1\"}"),
    HostileFile("a hundred thousand nots", says: "", step: "assert: {that: \"\(times(100_000, "not "))true\"}"),
    HostileFile("templates in templates", says: "", step: "wait: {for: \"\(times(50_000, "${"))\"}"),
    HostileFile("a number of 100,000 digits", says: "", step: "assert: {that: \"\(times(100_000, "9")) > 1\"}"),
    HostileFile(
      "a pattern that explodes", says: "",
      step: "assert: {that: \"'x' matches '\(times(1000, "(a{1,1000}){1,1000}"))'\"}"),
    HostileFile("a wait of for ever", says: "", step: "wait: {for: \(times(50, "9"))d}"),
    HostileFile(
      "a count beyond counting", says: "",
      step: "sql: {connection: db, run: SELECT 1, expect: {rows: 1\(times(400, "0"))}}"),
  ]
}
