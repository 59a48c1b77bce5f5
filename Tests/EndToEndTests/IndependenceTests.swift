import Foundation
import IncidentModel
import TestSupport
import Testing

@Suite("One failing step stops no other", .inTurn, .needsDatabase, .timeLimit(.minutes(40)))
struct IndependenceTests {
  // MARK: - The database

  @Test(
    "UPDATE 0: rolled back and FAILED; the contract is paused all the same, and the message says what failed",
    .needsChain)
  func updateZero() async throws {
    try await Chain.borrow { chain in
      let platform = try Platform(chain: chain)
      try platform.database.query("UPDATE trades_config SET key = 'TRADES_ENABLED_V2' WHERE key = 'TRADES_ENABLED'")
      let result = try await platform.pull("--var", "contract_pause=true")
      #expect(result.code == 1, "\(result)")
      #expect(try await chain.isPaused)
      #expect(try platform.database.value("SELECT value FROM trades_config WHERE key = 'TRADES_ENABLED_V2'") == "true")
      let run = try await platform.run()
      #expect(run.step("disable-trades").state == "failed")
      #expect(run.step("disable-trades").reason.contains("0 rows"), "\(run.step("disable-trades").reason)")
      #expect(run.step("pause-contract").outcome == "done verified")
      #expect(run.target("contain") != "met", "a clock was met by a containment that failed")
      #expect(try await platform.incident()["incident", "status"] == "open")
      #expect(platform.api.requests("GET", "/trades") >= 1)
      #expect(platform.api.requests("POST", "/api/trades/orders") == 1)
      let message = try #require(platform.discord.messages.first)
      #expect(message.contains("not confirmed") && message.contains("Disable trading in the database"), "\(message)")
      #expect(result.output.contains("0 rows"))
    }
  }

  @Test("UPDATE 2: a table without its primary key holds the row twice; neither is changed")
  func updateTwo() async throws {
    let platform = try Platform()
    try platform.database.query("ALTER TABLE trades_config DROP CONSTRAINT trades_config_pkey")
    try platform.database.query("INSERT INTO trades_config (key, value) VALUES ('TRADES_ENABLED', 'true')")
    let result = try await platform.pull()
    #expect(result.code == 1, "\(result)")
    let values = try platform.database.query("SELECT value FROM trades_config WHERE key = 'TRADES_ENABLED'")
    #expect(values == [["true"], ["true"]])
    let reason = try await platform.run().step("disable-trades").reason
    #expect(reason.contains("2 rows") && reason.contains("rolled back"), "\(reason)")
  }

  @Test("Database unreachable: FAILED naming the address; the contract is paused all the same", .needsChain)
  func databaseUnreachable() async throws {
    try await Chain.borrow { chain in
      let platform = try Platform(chain: chain)
      let port = unusedPort()
      let result = try await platform.pull(
        "--var", "contract_pause=true",
        changing: ["SUPABASE_DATABASE_URL": "postgres://someone:pw-canary@127.0.0.1:\(port)/postgres"])
      #expect(result.code == 1, "\(result)")
      #expect(try await chain.isPaused)
      #expect(platform.discord.messages.count == 1)
      let step = try await platform.run().step("disable-trades")
      #expect(step.state == "failed")
      #expect(step.reason.contains("\(port)"), "\(step.reason)")
      #expect(!result.output.contains("pw-canary"))
    }
  }

  @Test("Wrong password: FAILED, says so, and does not show the password")
  func wrongPassword() async throws {
    let platform = try Platform()
    let url = platform.database.url.replacing("@127", with: "xx@127")
    let result = try await platform.pull(changing: ["SUPABASE_DATABASE_URL": url])
    #expect(result.code == 1, "\(result)")
    let step = try await platform.run().step("disable-trades")
    #expect(step.state == "failed")
    #expect(step.reason.contains("password"), "\(step.reason)")
    #expect(try platform.database.tradesEnabled == "true")
    #expect(!result.output.contains(platform.database.password))
  }

  @Test("Unknown table: FAILED with the server's words")
  func unknownTable() async throws {
    let platform = try Platform()
    try platform.database.query("ALTER TABLE trades_config RENAME TO trades_settings")
    let result = try await platform.pull()
    #expect(result.code == 1, "\(result)")
    let step = try await platform.run().step("disable-trades")
    #expect(step.state == "failed")
    #expect(step.reason.contains("trades_config") && step.reason.contains("does not exist"), "\(step.reason)")
    #expect(result.stdout.contains("trades_config"))
  }

  // MARK: - The contract

  @Test("A key that is not the owner's: FAILED with cast's own words; the database is off all the same", .needsChain)
  func strangersKey() async throws {
    try await Chain.borrow { chain in
      let platform = try Platform(chain: chain)
      let result = try await platform.pull(
        "--var", "contract_pause=true", changing: ["ETH_KEYSTORE_ACCOUNT": Chain.strangerAccount])
      #expect(result.code == 1, "\(result)")
      #expect(try await !chain.isPaused)
      #expect(try platform.database.tradesEnabled == "false")
      let run = try await platform.run()
      #expect(run.step("pause-contract").state == "failed")
      #expect(
        run.step("pause-contract").reason.contains("Ownable: caller is not the owner"),
        "\(run.step("pause-contract").reason)")
      #expect(run.step("disable-trades").outcome == "done verified")
      #expect(result.stdout.contains("Ownable: caller is not the owner"), "\(result)")
      #expect(platform.discord.messages.first?.contains("Pause the SwapEscrow contract") == true)
    }
  }

  @Test("Chain unreachable: FAILED naming its address; the database is off all the same", .needsChain)
  func chainUnreachable() async throws {
    try await Chain.borrow { chain in
      let platform = try Platform(chain: chain)
      let rpc = "http://127.0.0.1:\(unusedPort())"
      let result = try await platform.pull("--var", "contract_pause=true", changing: ["RPC_URL": rpc])
      #expect(result.code == 1, "\(result)")
      #expect(try platform.database.tradesEnabled == "false")
      let step = try await platform.run().step("pause-contract")
      #expect(step.state == "failed")
      #expect(step.reason.contains(rpc), "\(step.reason)")
    }
  }

  @Test("cast is not on PATH: FAILED naming the tool and where it was looked for")
  func toolMissing() async throws {
    let platform = try Platform()
    let result = try await platform.pull("--var", "contract_pause=true")
    #expect(result.code == 1, "\(result)")
    #expect(try platform.database.tradesEnabled == "false")
    let step = try await platform.run().step("pause-contract")
    #expect(step.state == "failed")
    #expect(step.reason.contains("'cast'") && step.reason.contains("/usr/bin"), "\(step.reason)")
    #expect(result.stdout.contains("PATH"), "no next thing to do in \(result)")
  }

  // MARK: - The API

  enum Trouble: String, CaseIterable, CustomTestStringConvertible {
    case refused, serverError, notJSON, noTLS, hangs

    var testDescription: String { rawValue }
    var word: String {
      switch self {
      case .refused: "refused"
      case .serverError: "500"
      case .notJSON: "JSON"
      case .noTLS: "no secure connection"
      case .hangs: "timed_out"
      }
    }
  }

  @Test(
    "The API in trouble: its probe fails and says why, containment stands, the message goes out",
    arguments: Trouble.allCases)
  func apiInTrouble(_ trouble: Trouble) async throws {
    let platform = try Platform()
    var changes: [String: String?] = [:]
    switch trouble {
    case .refused: changes["API_URL"] = "http://127.0.0.1:\(unusedPort())"
    case .serverError: platform.api.misbehave(.status("500 Internal Server Error"))
    case .notJSON: platform.api.misbehave(.init([.answer("200 OK", body: "<html>maintenance</html>")]))
    case .noTLS: changes["API_URL"] = platform.api.url.replacing("http://", with: "https://")
    case .hangs: platform.api.misbehave(.init([.hang]))
    }
    let result = try await platform.pull(changing: changes, within: .seconds(120))
    #expect(result.code == 1, "\(result)")
    #expect(result.elapsed < .seconds(100))
    #expect(try platform.database.tradesEnabled == "false")
    #expect(platform.discord.messages.count == 1)
    #expect(platform.discord.messages.first?.contains("/trades reports the disabled state") == true)
    let run = try await platform.run()
    #expect(run.step("disable-trades").outcome == "done verified")
    let probe = run.step("site-says-disabled")
    #expect(probe.state == "failed")
    #expect(probe.reason.contains(trouble.word), "\(probe.reason)")
    #expect(run.step("tell-discord").state == "done")
    #expect(run.target("contain") == "met")
  }

  @Test(
    "An answer that is no refusal proves nothing: done, but unverified",
    arguments: ["400 Bad Request", "401 Unauthorized", "404 Not Found", "405 Method Not Allowed"])
  func inconclusive(status: String) async throws {
    let platform = try Platform()
    platform.api.misbehave(.status(status, method: "POST"))
    let result = try await platform.pull()
    let run = try await platform.run()
    for step in ["order-creation-refused", "order-fill-refused"] {
      #expect(run.step(step).outcome == "done unverified", "\(run.step(step))")
      #expect(run.step(step).reason.contains(status.prefix(3)), "\(run.step(step).reason)")
    }
    #expect(result.code == 4, "\(result)")
    #expect(result.stdout.contains("unverified"))
  }

  @Test(
    "Every status that refuses is a proof",
    arguments: ["403 Forbidden", "409 Conflict", "423 Locked", "503 Service Unavailable"])
  func refusals(status: String) async throws {
    let platform = try Platform()
    platform.api.misbehave(.status(status, method: "POST"))
    #expect(try await platform.pull().code == 4)
    let run = try await platform.run()
    for step in ["order-creation-refused", "order-fill-refused"] {
      #expect(run.step(step).outcome == "done verified", "\(run.step(step))")
    }
  }

  @Test("201 to the probe: trading still works, FAILED, and the message does not claim a pause of it")
  func probeGetsThrough() async throws {
    let platform = try Platform()
    platform.api.misbehave(.status("201 Created", method: "POST"))
    let result = try await platform.pull()
    #expect(result.code == 1, "\(result)")
    let run = try await platform.run()
    #expect(run.step("order-creation-refused").state == "failed")
    #expect(run.step("order-creation-refused").reason.contains("201"), "\(run.step("order-creation-refused").reason)")
    #expect(platform.discord.messages.first?.contains("No new order can be created") == true)
  }

  // MARK: - Variables

  static let needed: [(variable: String, steps: Set<String>)] = [
    ("SUPABASE_DATABASE_URL", ["disable-trades"]),
    ("API_URL", ["site-says-disabled", "order-creation-refused", "order-fill-refused"]),
    ("ADMIN_TOKEN", ["site-says-disabled", "order-creation-refused", "order-fill-refused"]),
    ("SWAP_ESCROW_ADDRESS", ["pause-contract"]), ("RPC_URL", ["pause-contract"]),
    ("ETH_KEYSTORE_ACCOUNT", ["pause-contract"]), ("ETH_PASSWORD", ["pause-contract"]),
    ("DISCORD_WEBHOOK_URL", ["tell-discord"]),
  ]

  @Test("A missing variable fails the steps that need it, which name it, and no other", arguments: needed)
  func missingVariable(variable: String, steps: Set<String>) async throws {
    let platform = try Platform()
    // Off already, so that what follows does not hang on the step that cannot be made.
    try platform.database.query("UPDATE trades_config SET value = 'false' WHERE key = 'TRADES_ENABLED'")
    let contract = steps == ["pause-contract"]
    let result = try await platform.pull(
      "--var", "contract_pause=\(contract)", changing: [variable: nil])
    #expect(result.code == (variable == "DISCORD_WEBHOOK_URL" ? 4 : 1), "\(result)")
    let run = try await platform.run()
    let acting = [
      "disable-trades", "pause-contract", "site-says-disabled", "order-creation-refused", "order-fill-refused",
      "tell-discord",
    ]
    for step in acting {
      if steps.contains(step) {
        #expect(run.step(step).state == "failed")
        #expect(run.step(step).reason.contains(variable), "\(step): \(run.step(step).reason)")
      } else {
        #expect(["done", "skipped"].contains(run.step(step).state), "\(step): \(run.step(step).reason)")
      }
    }
    #expect(result.output.contains("export \(variable)="), "no next thing to do in \(result)")
  }

  @Test("An empty variable is as good as none")
  func emptyVariable() async throws {
    let platform = try Platform()
    let result = try await platform.pull(changing: ["SUPABASE_DATABASE_URL": ""])
    #expect(result.code == 1, "\(result)")
    let step = try await platform.run().step("disable-trades")
    #expect(step.reason.contains("SUPABASE_DATABASE_URL"), "\(step.reason)")
  }
}
