import Foundation
import IncidentModel
import TestSupport
import Testing

@Suite("Bad playbooks", .inTurn, .timeLimit(.minutes(40)))
struct PlaybookCheckTests {
  struct Mistake: Sendable, CustomTestStringConvertible {
    let name: String
    let steps: String
    var top = ""
    /// Where it is said to be, relative to the file's first line, and what is said.
    let line: Int
    let says: [String]

    var testDescription: String { name }
  }

  // The first step stands in line 6.
  static let mistakes: [Mistake] = [
    Mistake(name: "malformed YAML", steps: "- id: a\n  shell: {run: \"true\"\n  timeout: 5s", line: 7, says: []),
    Mistake(name: "a tab", steps: "- id: a\n\tshell: {run: \"true\"}", line: 7, says: ["tab"]),
    Mistake(
      name: "an unknown key", steps: "- id: a\n  shell: {run: \"true\"}\n  timeuot: 5s", line: 8,
      says: ["timeuot", "timeout"]),
    Mistake(
      name: "a wrong type", steps: "- id: a\n  shell: {run: \"true\"}\n  timeout: soon", line: 8,
      says: ["soon", "duration"]),
    Mistake(
      name: "yes for a bool", steps: "- id: a\n  shell: {run: \"true\"}\n  timeout: 5s\n  sensitive: yes", line: 9,
      says: ["yes", "true"]),
    Mistake(
      name: "a duplicate key", steps: "- id: a\n  shell: {run: \"true\"}\n  id: b\n  timeout: 5s", line: 8, says: ["id"]
    ),
    Mistake(
      name: "an alias", steps: "- &x\n  id: a\n  shell: {run: \"true\"}\n  timeout: 5s\n- *x", line: 6, says: ["anchor"]
    ),
    Mistake(name: "a tag", steps: "- id: a\n  shell: {run: !!str true}\n  timeout: 5s", line: 7, says: ["tag"]),
    Mistake(
      name: "a template in SQL",
      steps: "- id: a\n  sql: {connection: db, run: \"SELECT * FROM t WHERE k = '${params.k}'\"}",
      top: "params: {k: {type: text}}", line: 7, says: ["$1", "bind"]),
    Mistake(
      name: "a template in a script", steps: "- id: a\n  shell: {run: \"echo ${params.k}\"}\n  timeout: 5s",
      top: "params: {k: {type: text}}", line: 7, says: ["env"]),
    Mistake(
      name: "an unknown variable", steps: "- id: a\n  command: {run: [echo, \"${params.amuont}\"]}\n  timeout: 5s",
      top: "params: {amount: {type: text}}", line: 7, says: ["amuont", "amount"]),
    Mistake(
      name: "a secret in an argument",
      steps: "- id: a\n  command: {run: [curl, -H, \"${connections.api.bearer}\"]}\n  timeout: 5s",
      top: "connections: [api]", line: 7,
      says: ["command line"]),
    Mistake(name: "no action", steps: "- id: a\n  timeout: 5s", line: 6, says: []),
    Mistake(name: "two actions", steps: "- id: a\n  shell: {run: \"true\"}\n  wait: {for: 1s}", line: 8, says: []),
    Mistake(
      name: "the same id twice", steps: "- id: a\n  wait: {for: 1s}\n- id: a\n  wait: {for: 1s}", line: 8, says: ["a"]),
    Mistake(name: "a broken expression", steps: "- id: a\n  assert: {that: \"1 +\"}", line: 7, says: []),
    Mistake(
      name: "retry of a step that may not be repeated",
      steps: "- id: a\n  shell: {run: \"true\"}\n  timeout: 5s\n  retry: {max: 3, every: 1s}",
      line: 9, says: ["idempotent"]),
    Mistake(
      name: "a change without a row count", steps: "- id: a\n  sql: {connection: db, run: \"DELETE FROM t\"}", line: 7,
      says: ["rows"]),
  ]

  private func book() throws -> TestPlaybooks {
    try TestPlaybooks(connections: "{db: {postgres: \"env:DB\"}, api: {http: \"env:API\", bearer: \"env:TOKEN\"}}")
  }

  @Test(
    "Each mistake gets 65, its place as file:line:column, the line with a caret, and what to write instead",
    arguments: mistakes)
  func mistake(_ mistake: Mistake) async throws {
    let book = try book()
    let top = mistake.top.isEmpty ? "# nothing here" : mistake.top
    let path = try book.add("wrong", top: top, steps: mistake.steps)
    let check = try await book.andon("playbook", "check", path)
    #expect(check.code == 65, "\(check)")
    #expect(check.stdout.contains("\(path):\(mistake.line):"), "not at line \(mistake.line): \(check)")
    #expect(check.stdout.contains("error:"), "\(check)")
    #expect(
      check.stdout.split(separator: "\n").contains { $0.contains("| ") && $0.contains("^") }, "no caret: \(check)")
    for word in mistake.says { #expect(check.stdout.contains(word), "does not say '\(word)': \(check)") }

    let run = try await book.run("wrong")
    #expect(run.code == 65, "\(run)")
    #expect(run.stderr.contains("andon playbook check"), "\(run)")
    #expect(!FileManager.default.fileExists(atPath: "\(book.state)/journal.db"))
  }

  @Test("All mistakes of a file are reported at once, under --json too")
  func allAtOnce() async throws {
    let book = try book()
    let path = try book.add(
      "many", top: "severity: P9\ntgas: [x]",
      steps:
        """
        - id: a
          shell: {run: "true"}
          timeuot: 5s
        - id: a
          wait: {for: later}
        - id: b
          assert: {that: "vars.nothing =="}
        """
    )
    let check = try await book.andon("playbook", "check", path)
    #expect(check.code == 65)
    for line in [4, 5, 9, 11, 13] {
      #expect(check.stdout.contains("\(path):\(line):"), "line \(line) is missing: \(check)")
    }
    let json = try await book.andon("playbook", "check", path, "--json")
    #expect(json.code == 65)
    #expect(try Value.json(Data(json.stdout.utf8))["findings"]?.items.count ?? 0 >= 5, "\(json)")
  }

  @Test("A bad playbook among good ones stops neither a pull nor the list")
  func badNeighbour() async throws {
    let folder = try TemporaryFolder()
    try FileManager.default.copyItem(atPath: Repository.file("playbooks"), toPath: folder.file("playbooks"))
    try folder.write("format: 1\nid: broken\nkill_switch: {word\n", to: "playbooks/emergency/broken.yaml")
    let andon = AndonProgram(environment: [
      "PATH": "/usr/bin:/bin", "HOME": folder.path, "USER": "u", "ANDON_STATE": folder.file("state"),
      "ANDON_PLAYBOOKS": folder.file("playbooks"),
    ])
    let pull = try await andon.run(["pull", "--drill", "--confirm", "PAUSE"])
    #expect(pull.code == 4, "\(pull)")
    let list = try await andon.run(["playbook", "list"])
    #expect(list.stdout.contains("pause-trading") && list.stdout.contains("broken.yaml"), "\(list)")
    #expect(try await andon.run(["playbook", "check"]).code == 65)
  }

  @Test("Every shipped playbook passes the check")
  func shipped() async throws {
    let result = try await AndonProgram(environment: ["PATH": "/usr/bin:/bin"]).run(["playbook", "check"])
    #expect(result.code == 0, "\(result)")
  }

  @Test("Every shipped playbook validates against the printed schema, and bad ones do not", .needsPython)
  func schema() async throws {
    let schema = try await AndonProgram(environment: [:]).run(["playbook", "schema"])
    #expect(schema.code == 0, "\(schema)")
    let folder = try TemporaryFolder()
    let path = try folder.write(schema.stdout, to: "schema.json")
    let bad = try folder.write(
      "format: 1\nid: a\nname: a\nsteps:\n  - id: b\n    shell: {run: \"true\", nonsense: 1}\n    timeuot: 5s\n",
      to: "bad.yaml")
    let result = try await RunningProgram(
      [
        Repository.python ?? "", Repository.file("Tests/validate_playbooks.py"), path, Repository.file("playbooks"),
        bad,
      ],
      environment: ["PATH": "/usr/bin:/bin"]
    ).wait()
    #expect(result.code == 0, "\(result)")
    #expect(
      result.stdout.contains("pause-trading.yaml: valid") && result.stdout.contains("resume-trading.yaml: valid"),
      "\(result)")
    #expect(result.stdout.contains("bad.yaml: invalid"), "\(result)")
  }

  @Test("Every shipped playbook starts with the editor's modeline, and the schema is where it points")
  func modeline() throws {
    let files =
      FileManager.default.enumerator(atPath: Repository.file("playbooks/emergency"))?.compactMap { $0 as? String } ?? []
    #expect(!files.isEmpty)
    for name in files where name.hasSuffix(".yaml") {
      let path = Repository.file("playbooks/emergency/\(name)")
      let first = try #require(try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").first)
      let pointer = try #require(first.wholeMatch(of: /# yaml-language-server: \$schema=(.+)/)?.1, "\(name): \(first)")
      let target = URL(filePath: path).deletingLastPathComponent().appending(path: String(pointer)).standardizedFileURL
        .path
      #expect(FileManager.default.fileExists(atPath: target), "\(name) points to \(target), which is not there")
    }
  }
}
