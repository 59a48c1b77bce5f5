import Foundation
import IncidentModel
import TestSupport
import Testing

/// Fifty secrets, the services that say them back, and everything that came out, kept in files to be searched.
struct Cage {
  let folder: TemporaryFolder
  let canaries: Canaries
  let database: ScratchDatabase
  let echo: ScriptedHTTPServer
  let hook: WebhookReceiver
  let variables: [String: String]

  init() throws {
    folder = try TemporaryFolder()
    canaries = try Canaries(in: folder)
    database = try ScratchDatabase()
    try database.query("CREATE TABLE vault (id int, secret text, CHECK (id > 100))")
    try database.query("GRANT ALL ON vault TO \(database.name)")
    hook = try WebhookReceiver()
    echo = try ScriptedHTTPServer { Cage.answer($0) }
    var variables = canaries.variables
    variables["DATABASE_URL"] = database.url
    variables["HOOK_URL"] = hook.url
    variables["ECHO_URL"] = echo.url
    variables["BEARER"] = canaries.birds[5].value
    try FileManager.default.createDirectory(atPath: folder.file("tmp"), withIntermediateDirectories: true)
    self.variables = variables.merging([
      "PATH": "/usr/bin:/bin", "HOME": folder.path, "USER": "tester", "ANDON_STATE": folder.file("state"),
      "ANDON_PLAYBOOKS": folder.file("playbooks"), "ANDON_ENV": "test", "LANG": "C.UTF-8",
      "TMPDIR": folder.file("tmp"),
    ]) { first, _ in first }
    let more = [
      "db: {postgres: \"env:DATABASE_URL\"}", "hook: {webhook: \"env:HOOK_URL\"}",
      "echo: {http: \"env:ECHO_URL\", bearer: \"env:BEARER\"}",
    ]
    try folder.write(
      "format: 1\nenvironment: test\nproduction: false\nconnections:\n"
        + (canaries.connections + more).map { "  \($0)\n" }.joined(), to: "playbooks/environments/test.yaml")
    try folder.write(
      """
      It went so:
      {{#failed}}- {{title}}: {{reason}}
      {{/failed}}
      It said ${steps.utter-c5.stdout}
      """, to: "playbooks/templates/told.md")
    try folder.write(
      "format: 1\nid: child\nname: A child\nparams: {heard: {type: text, required: true}}\n"
        + "steps:\n  - {id: repeats, effect: read, command: {run: [env], env: {HEARD: \"${params.heard}\"}}}\n",
      to: "playbooks/child.yaml")
  }

  var state: String { folder.file("state") }

  func add(_ playbook: (id: String, text: String)) throws {
    try folder.write(playbook.text, to: "playbooks/\(playbook.id).yaml")
  }

  func start(_ arguments: String...) throws -> RunningProgram { try start(arguments) }

  func start(_ arguments: [String]) throws -> RunningProgram {
    try RunningProgram([AndonProgram.path] + arguments, environment: variables, directory: folder.path)
  }

  func andon(_ arguments: String...) async throws -> ProgramResult { try await andon(arguments) }

  func andon(_ arguments: [String]) async throws -> ProgramResult {
    try await start(arguments).wait(within: .seconds(120))
  }

  // MARK: - What is searched

  func keep(_ text: String, as name: String) throws { try folder.write(text, to: "kept/\(name)") }

  func keep(_ result: ProgramResult, of name: some StringProtocol) throws {
    let name = String(name.map { $0.isLetter || $0.isNumber ? $0 : "-" })
    try keep(result.stdout, as: "\(name).stdout")
    try keep(result.stderr, as: "\(name).stderr")
  }

  func keep(_ seen: ProcessWatch.Seen, environments: Bool = false) throws {
    #expect(seen.samples > 0)
    let items = Array(seen.arguments) + (environments ? Array(seen.environments) : [])
    let bytes = items.map { $0 + [10] }.joined()
    try FileManager.default.createDirectory(atPath: folder.file("kept"), withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(filePath: folder.file("kept/processes-\(UUID().uuidString)")))
  }

  func copyState(to name: String) throws {
    try FileManager.default.createDirectory(atPath: folder.file("kept"), withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: state, toPath: folder.file("kept/\(name)"))
  }

  /// Everything that shows or writes what was recorded.
  func readEverything(runs: Int) async throws {
    var commands = [
      ["status"], ["status", "--json"], ["history"], ["history", "--json"], ["show", "INC-1"],
      ["show", "INC-1", "--json"], ["notify", "outbox"], ["notify", "outbox", "--json"], ["journal", "export"],
      ["journal", "verify"], ["postmortem", "create", "INC-1", "--out", folder.file("kept/postmortem.md")],
      ["postmortem", "create", "INC-1", "--out", "-"], ["doctor"], ["doctor", "--json"], ["incident", "list", "--all"],
    ]
    for format in ["md", "csv", "json", "mermaid"] {
      commands.append(["timeline", "export", "INC-1", "--format", format])
    }
    for run in 1...runs {
      let id = "RUN-\(run)"
      let shown = try await andon("show", id, "--json")
      commands += [["show", id], ["show", id, "--json"]]
      guard shown.code == 0 else { continue }
      for step in try Record(shown).steps {
        commands += [["show", id, "--step", step.id, "--json"]]
        if step.id == "rows" {
          commands += [["show", id, "--step", step.id], ["show", id, "--step", step.id, "--csv"]]
        }
      }
    }
    for (number, command) in commands.enumerated() { try keep(await andon(command), of: "reading-\(number)") }
  }

  /// The state folder, temporary files and all that was kept.
  func search(also more: [String: String] = [:]) async throws -> Canaries.Findings {
    var others = more
    others["the database password"] = database.password
    others["the webhook token"] = hook.token
    let paths = [state, folder.file("tmp"), folder.file("kept")].filter { FileManager.default.fileExists(atPath: $0) }
    return try await canaries.search(paths, also: others)
  }

  // MARK: - A service that says back what it hears

  private static func answer(_ request: ScriptedHTTPServer.Request) -> [ScriptedHTTPServer.Act] {
    let body = String(decoding: request.body, as: UTF8.self)
    let spoken =
      "\(request.target) \(request.header("Authorization") ?? "") \(request.header("X-Secret") ?? "") \(body)"
    switch request.target.prefix(5) {
    case "/keys":
      let texts = (try? Value.json(Data(request.body)))?["list"]?.items.map(\.displayText) ?? []
      var members = Dictionary(texts.map { ($0, Value.text($0)) }) { first, _ in first }
      members["number"] = texts.first { $0.hasPrefix("73") }.flatMap { Number($0) }.map(Value.number) ?? .null
      let wide = texts.joined(separator: "|").utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
      members["wide"] = .text(String(decoding: wide, as: UTF8.self))
      return [
        .answer(
          headers: ["Content-Type: application/json", "X-Echo: \(request.header("X-Secret") ?? "")"],
          body: Value.map(["by_name": .map(members)]).jsonText)
      ]
    case "/deny":
      let reason = request.header("X-Secret") ?? "No"
      // Just before the place where a message about it ends.
      return [.answer("500 \(reason)", body: String(repeating: "x", count: 150) + " " + spoken)]
    case "/hang":
      let head = "HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n\(spoken)"
      return [.send(Array(head.utf8)), .hang]
    default: return [.answer(body: spoken)]
    }
  }
}
