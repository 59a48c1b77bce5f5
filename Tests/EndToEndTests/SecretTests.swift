import Foundation
import IncidentModel
import Synchronization
import TestSupport
import Testing

@Suite("Secrets", .inTurn, .needsDatabase, .timeLimit(.minutes(40)))
struct SecretTests {
  private func canaries(_ platform: Platform, _ chain: Chain? = nil) throws -> [Canary] {
    var canaries = [
      Canary("the database password", platform.database.password), Canary("the admin token", platform.adminToken),
      Canary("the webhook token", platform.discord.token),
    ]
    if let chain { canaries.append(Canary("the keystore password", try chain.password)) }
    return canaries
  }

  /// Everything that shows or writes what was recorded.
  private func readEverything(_ platform: Platform, _ canaries: [Canary], runs: Int) async throws {
    var commands = [
      ["status"], ["history"], ["history", "--json"], ["show", "INC-1"], ["show", "INC-1", "--json"],
      ["notify", "outbox"],
      ["notify", "outbox", "--json"], ["journal", "export"], ["postmortem", "create", "INC-1"],
      ["postmortem", "create", "INC-1", "--out", "-"], ["pull", "-n", "--var", "contract_pause=true"],
      ["pull", "-n", "--json"],
    ]
    for run in 1...runs {
      commands += [["show", "RUN-\(run)"], ["show", "RUN-\(run)", "--json"]]
      for step in 1...8 { commands.append(["show", "RUN-\(run)", "--step", "\(step)", "--json"]) }
    }
    for command in commands {
      let result = try await AndonProgram(environment: platform.variables).run(command)
      canaries.expectAbsent(from: result.stdout, "stdout of \(command)")
      canaries.expectAbsent(from: result.stderr, "stderr of \(command)")
    }
  }

  @Test("A note that holds a secret is recorded without it")
  func noteWithASecret() async throws {
    let platform = try Platform()
    _ = try await platform.pull()
    let noted = try await platform.andon("note", "INC-1", "the token is \(platform.adminToken), do not tell")
    #expect(noted.code == 0, "\(noted)")
    let shown = try await platform.andon("show", "INC-1")
    #expect(shown.stdout.contains("[secret:ADMIN_TOKEN]"), "\(shown)")
    #expect(!shown.output.contains(platform.adminToken))
  }

  @Test("A pull that works: in no file, no output and no argument of any process", .needsChain)
  func success() async throws {
    try await Chain.borrow { chain in
      let platform = try Platform(chain: chain)
      let canaries = try canaries(platform, chain)
      let pull = try platform.start("pull", "pause-trading", "--confirm", "PAUSE", "--var", "contract_pause=true")
      let seen = Mutex<Set<String>>([])
      let pid = pull.pid
      let watching = Mutex(true)
      let watcher = Thread {
        while watching.withLock({ $0 }) {
          for process in ProcessTable.family(of: pid) {
            seen.withLock { _ = $0.insert(process.arguments.joined(separator: " ")) }
          }
        }
      }
      watcher.start()
      let result = try await pull.wait()
      watching.withLock { $0 = false }
      #expect(result.code == 4, "\(result)")
      let lines = seen.withLock { $0 }
      #expect(lines.contains { $0.contains("cast send") || $0.contains("setPaused(bool)") }, "cast was never seen")
      for line in lines { canaries.expectAbsent(from: line, "the arguments of a process") }
      canaries.expectAbsent(from: result.output, "the output of pull")
      try await readEverything(platform, canaries, runs: 1)
      try canaries.expectAbsent(below: platform.state)
    }
  }

  @Test("A pull where everything fails and every service says its secret back")
  func failure() async throws {
    let platform = try Platform()
    let canaries = try canaries(platform)
    let echo = #"{"error":"bad token \#(platform.adminToken)","dsn":"\#(platform.database.url)"}"#
    platform.api.misbehave(.status("500 Internal Server Error", body: echo))
    platform.discord.misbehave([.answer("404 Not Found", body: "no webhook at \(platform.discord.url)")])
    try platform.database.query("DELETE FROM trades_config")
    let first = try await platform.pull("--var", "contract_pause=true")
    #expect(first.code == 1, "\(first)")
    let wrong = platform.database.url.replacing("/\(platform.database.name)", with: "/no_such_database")
    let second = try await platform.pull(changing: ["SUPABASE_DATABASE_URL": wrong])
    #expect(second.code == 1, "\(second)")
    for result in [first, second] { canaries.expectAbsent(from: result.output, "the output of pull") }
    try await readEverything(platform, canaries, runs: 2)
    let sent = try await platform.andon("notify", "outbox", "--send")
    canaries.expectAbsent(from: sent.output, "notify outbox --send")
    try canaries.expectAbsent(below: platform.state)
  }

  @Test("A server that answers with the secret encoded", arguments: ["base64", "hex", "basic", "url"])
  func encodedEcho(form: String) async throws {
    let platform = try Platform()
    let canaries = try canaries(platform)
    let token = platform.adminToken
    let text =
      switch form {
      case "base64": Data(token.utf8).base64EncodedString()
      case "basic": Data("admin:\(token)".utf8).base64EncodedString()
      case "hex": token.utf8.map { String(format: "%02X", $0) }.joined()
      default: platform.database.password.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
      }
    platform.api.misbehave(.status("500 Internal Server Error", body: "you sent \(text)"))
    // The database's secret is known once its step is prepared, which is before the API is asked.
    let result = try await platform.pull()
    #expect(result.code == 1, "\(result)")
    canaries.expectAbsent(from: result.output, "the output of pull")
    try canaries.expectAbsent(below: platform.state)
  }

  private static let connections = "{api: {http: \"env:API_URL\", bearer: \"env:THE_TOKEN\"}}"

  @Test("A program that prints a secret: [secret:NAME] stands in its place, raw and encoded, split over writes too")
  func programPrintsIt() async throws {
    let token = "tok_\(UUID().uuidString)"
    let api = try ScriptedHTTPServer(always: [.answer(body: "{}")])
    let book = try TestPlaybooks(connections: Self.connections, variables: ["THE_TOKEN": token, "API_URL": api.url])
    let half = token.prefix(12)
    let rest = token.dropFirst(12)
    let path = try book.folder.write(token, to: "spill.txt")
    let halves = try book.folder.write(
      "#!/bin/sh\nprintf '%s' '\(half)'; sleep 0.2; printf '%s\\n' '\(rest)'\n", to: "halves", mode: 0o700)
    try book.add(
      "prints", top: "connections: [api]",
      steps: """
        - id: uses
          http: {connection: api, get: /}
        - id: prints
          effect: read
          shell:
            run: |
              cat $FILE; echo; base64 -w0 $FILE; echo; $HALVES
              od -An -tx1 $FILE | tr -d ' \\n'
              cat $FILE >&2
            env: {FILE: "\(path)", HALVES: "\(halves)"}
          timeout: 10s
          register: {kept: stdout}
        - id: fails
          shell: {run: "cat $FILE >&2; exit 1", env: {FILE: "\(path)"}}
          timeout: 5s
        """)
    let result = try await book.run("prints", "--on-failure", "continue")
    #expect(result.code == 1, "\(result)")
    let canaries = [Canary("the token", token)]
    canaries.expectAbsent(from: result.output, "the output of run")
    let shown = try await book.andon("show", "RUN-1", "--step", "prints")
    canaries.expectAbsent(from: shown.output, "show")
    #expect(shown.stdout.contains("[secret:THE_TOKEN]"), "\(shown)")
    #expect(!result.output.contains(half) && !shown.output.contains(half), "half of it got out: \(shown)")
    try canaries.expectAbsent(below: book.state)
  }

  @Test("A secret param is hidden wherever it turns up")
  func secretParam() async throws {
    let value = "param_\(UUID().uuidString)"
    let book = try TestPlaybooks(variables: ["THE_CODE": value])
    try book.add(
      "secret-param", top: "params: {code: {type: text, required: true, secret: true}}",
      steps: """
        - id: prints
          effect: read
          command: {run: [env], env: {CODE: "${params.code}"}}
          timeout: 5s
        """)
    let result = try await book.run("secret-param", "--var", "code=env:THE_CODE")
    #expect(result.code == 0, "\(result)")
    let canaries = [Canary("the param", value)]
    canaries.expectAbsent(from: result.output, "the output of run")
    try canaries.expectAbsent(below: book.state)
  }

  @Test(
    "A secret file that others can read is refused, with its path and the command that mends it",
    arguments: [0o644, 0o640, 0o604])
  func readableByOthers(mode: Int) async throws {
    let api = try ScriptedHTTPServer(always: [.answer(body: "{}")])
    let folder = try TemporaryFolder()
    let path = try folder.write("tok_\(UUID().uuidString)", to: "token", mode: mode)
    let book = try TestPlaybooks(
      connections: "{api: {http: \"env:API_URL\", bearer: \"file:\(path)\"}}", variables: ["API_URL": api.url])
    try book.add("uses", top: "connections: [api]", steps: "- id: uses\n  http: {connection: api, get: /}")
    let result = try await book.run("uses")
    #expect(result.code == 1, "\(result)")
    #expect(result.output.contains(path) && result.output.contains("chmod 600"), "\(result)")
    #expect(api.requests.count == 0)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    #expect(try await book.run("uses").code == 0)
    #expect(api.requests.first?.header("Authorization")?.hasPrefix("Bearer tok_") == true)
  }

  @Test("A secret file that is missing fails the step that needs it, with its path")
  func missingFile() async throws {
    let book = try TestPlaybooks(connections: "{api: {http: \"http://127.0.0.1:9\", bearer: \"file:/nowhere/token\"}}")
    try book.add("uses", top: "connections: [api]", steps: "- id: uses\n  http: {connection: api, get: /}")
    let result = try await book.run("uses")
    #expect(result.code == 1, "\(result)")
    #expect(result.output.contains("/nowhere/token"), "\(result)")
  }

  @Test("The journal and its folder are for their owner only")
  func permissions() async throws {
    let platform = try Platform()
    #expect(try await platform.pull().code == 4)
    for path in [platform.state, "\(platform.state)/journal.db", "\(platform.state)/anchors.txt"] {
      let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int ?? 0o777
      #expect(mode & 0o077 == 0, "\(path) has mode \(String(mode, radix: 8))")
    }
  }
}
