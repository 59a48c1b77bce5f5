import Foundation
import TestSupport
import Testing

@Suite("Without a terminal", .inTurn, .timeLimit(.minutes(40)))
struct NoTerminalTests {
  struct Line: Sendable, CustomTestStringConvertible {
    let words: [String]
    let code: Int32
    /// When it is called once more.
    let again: Int32
    /// What it says to add; `nil`: it has nothing to ask.
    let flag: String?

    init(_ line: String, _ code: Int32 = 0, again: Int32? = nil, flag: String? = nil) {
      words = line.split(separator: " ").map(String.init)
      self.code = code
      self.again = again ?? code
      self.flag = flag
    }

    var testDescription: String { words.joined(separator: " ") }

    func accepts(_ flags: [String]) -> Bool { flags.isEmpty || words != ["help"] }
  }

  /// Every command that could ask, and every other one, with as few words as it takes.
  static let lines = [
    Line("pull stop-all", 64, flag: "--confirm STOP"), Line("run look", 64, flag: "--auto"),
    Line("run look --auto", 4, flag: "andon resume RUN-"), Line("run asks --auto --yes", 64, flag: "--var count="),
    Line("run gated --auto --yes", 77, flag: "--var calm=true"), Line("run writes --auto", 64, flag: "--yes"),
    Line("run drops --auto --yes", 64, flag: "--confirm DROP"), Line("resume RUN-1", 4, flag: "andon resume RUN-1"),
    Line("incident open", 64, flag: "andon incident open \"what is wrong\""),
    Line("incident open it fails", 64, flag: "--severity"),
    Line("incident classify", 64, flag: "--severity"), Line("escalate"), Line("cancel RUN-1", 2, again: 64),
    Line("status"), Line("note a word"), Line("ack"), Line("mitigate"), Line("resolve"), Line("show RUN-1"),
    Line("history"), Line("metrics"), Line("incident list"), Line("incident edit --title other"),
    Line("incident role lead ana"),
    Line("incident handover RUN-1 --to ana"), Line("incident followup add look at it"),
    Line("incident followup list"), Line("incident followup done 1", 64), Line("incident followup drop 1", 64),
    Line("incident close", 77), Line("playbook list"), Line("playbook show look"), Line("playbook check"),
    Line("playbook schema"), Line("postmortem create INC-1"), Line("postmortem export INC-1"),
    Line("postmortem update none.md", 64), Line("postmortem check none.md", 64),
    Line("postmortem status INC-1 in-review"), Line("postmortem summary"), Line("notify outbox"),
    Line("journal verify"),
    Line("journal anchor", 64, flag: "--env"), Line("journal export"), Line("journal import-spool"), Line("help"),
    Line("journal backup", 64), Line("journal import no-such-file.jsonl", 65),
    Line("doctor"),
    Line("schedule"),
    Line("monitor --once", 78),
    Line("playbook new maintenance cool-down --out -"), Line("playbook disarm look --env production"),
    Line("playbook arm look --env test --why test --until 24h"), Line("timeline show"),
    Line("timeline add a word"),
    Line("timeline star 1"), Line("timeline export --format md"), Line("watch RUN-99", 64),
  ]

  /// It does not ask but serve, until it is told to end.
  private static let others: Set<String> = ["sandbox", "generate-manual"]

  @Test("every command is looked at")
  func completeness() async throws {
    let commands = try await CommandDump.ask().commands.filter(\.children.isEmpty).map { Array($0.words.dropFirst()) }
    #expect(commands.count > 25)
    for words in commands where !Self.others.contains(words.joined(separator: " ")) {
      #expect(
        Self.lines.contains { $0.words.starts(with: words) },
        "say in `lines` what andon \(words.joined(separator: " ")) does when nobody is there")
    }
  }

  enum Input: String, CaseIterable, Sendable {
    /// At its end from the beginning.
    case nothing
    /// Somebody's pipe, open for ever, in which nothing comes.
    case silence
    /// A script that answers every question with yes.
    case answers
  }

  @Test("no command waits for anybody: it ends by itself, with the flag it lacks (64) or parked (4)", arguments: lines)
  func ends(_ line: Line) async throws {
    let desk = try await desk()
    let answers = try desk.playbooks.folder.write(
      String(repeating: "y\nr\n1\nSTOP\nDROP\n", count: 20), to: "answers")
    let pipe = desk.playbooks.folder.file("pipe")
    let scripts = [
      Input.nothing: "exec \"$@\" </dev/null", .silence: "mkfifo \(pipe) 2>/dev/null; exec \"$@\" <>\(pipe)",
      .answers: "cat \(answers) | \"$@\"",
    ]
    let all: [(Input, [String])] = [
      (.silence, []), (.nothing, ["--json"]), (.nothing, []), (.answers, []), (.silence, ["--no-input"]),
    ]
    for (place, (input, flags)) in all.prefix(line.flag == nil ? 2 : 5).enumerated() where line.accepts(flags) {
      let command = ["/bin/sh", "-c", scripts[input] ?? "", "sh", AndonProgram.path] + line.words + flags
      let result = try await RunningProgram(command, environment: desk.variables).wait(within: .seconds(30))
      #expect(result.code == (place == 0 ? line.code : line.again), "\(input) \(flags): \(result)")
      if let flag = line.flag, flags != ["--json"] || line.code != 4 {
        #expect(result.output.contains(flag), "\(input) \(flags) does not name \(flag): \(result)")
      }
      #expect(!result.output.utf8.contains(0x1B), "\(input) \(flags): \(result)")
    }
    #expect(!FileManager.default.fileExists(atPath: desk.playbooks.folder.file("made")))
  }

  @Test(
    "On a terminal, --no-input and --json ask nothing either",
    arguments: [
      ["pull", "stop-all"], ["run", "look"], ["run", "asks"], ["incident", "open"], ["incident", "classify"],
      ["escalate"], ["resume", "RUN-1"],
    ])
  func forbidden(_ words: [String]) async throws {
    let desk = try await desk()
    for flag in ["--no-input", "--json"] {
      let terminal = try Terminal([AndonProgram.path] + words + [flag], environment: desk.variables)
      let result = try await terminal.wait(within: .seconds(30))
      #expect([0, 4, 64].contains(result.code), "\(words) \(flag): \(result)")
    }
  }

  /// An incident that is open, a run that waits, and a playbook for everything that could be asked.
  private func desk() async throws -> OnCall {
    let desk = try await OnCall().opened()
    let make = "- {id: a, shell: {run: touch \(desk.playbooks.folder.file("made"))}}"
    try desk.playbooks.add("gated", top: "prerequisites: [{id: calm, ask: Is it calm?}]", steps: make)
    try desk.playbooks.add(
      "asks", top: "params:\n  count: {type: integer, required: true, ask: How many?}", steps: make)
    try desk.playbooks.add("writes", steps: make)
    try desk.playbooks.add(
      "drops", top: "confirm: DROP", steps: "- {id: a, shell: {run: \"true\"}, effect: destructive}")
    let run = try await desk.andon("run", "look", "--auto")
    try #require(run.code == 4, "\(run)")
    return desk
  }
}
