import Foundation
import IncidentModel
import TestSupport
import Testing

@Suite("The sandbox on a private PostgreSQL", .inTurn, .needsPostgresServer, .timeLimit(.minutes(40)))
struct PostgresSandboxTests {
  private static let switchQuery = "SELECT value FROM trades_config WHERE key = 'TRADES_ENABLED'"

  private func pull(_ sandbox: PrivatePostgres) async throws -> ProgramResult {
    try await AndonProgram(environment: sandbox.variables).run(["pull", "--drill", "--confirm", "PAUSE"])
  }

  @Test("The kill switch drill turns trading off in the database itself")
  func killSwitch() async throws {
    let folder = try TemporaryFolder()
    let sandbox = try await PrivatePostgres(in: folder)
    #expect(try sandbox.value(Self.switchQuery) == "true")
    let orders = try sandbox.value("SELECT count(*) FROM trades_orders")
    #expect(try await pull(sandbox).code == 4)
    #expect(try sandbox.value(Self.switchQuery) == "false")
    #expect(try sandbox.value("SELECT count(*) FROM trades_orders") == orders, "a probe made an order")
    #expect(try sandbox.value("SELECT count(*) FROM discord_messages") == "1")
  }

  @Test("Where the switch is missing the drill fails, and says that no row fitted")
  func missingSwitch() async throws {
    let folder = try TemporaryFolder()
    let sandbox = try await PrivatePostgres(in: folder)
    try sandbox.database.run("DELETE FROM trades_config WHERE key = 'TRADES_ENABLED'")
    #expect(try await pull(sandbox).code == 1)
    let run = try Record(await AndonProgram(environment: sandbox.variables).run(["show", "RUN-1", "--json"]))
    #expect(run.step("disable-trades").state == "failed", "\(run.step("disable-trades").outcome)")
    #expect(run.step("disable-trades").reason.contains("0 rows"), "\(run.step("disable-trades").reason)")
  }

  @Test("A drill's changes are there for the next one, and --fresh takes them back")
  func keeps() async throws {
    let folder = try TemporaryFolder()
    let andon = AndonProgram(environment: PrivatePostgres.usual(folder))
    let result = try await andon.run(["pull", "--drill", "--confirm", "PAUSE"])
    #expect(result.code == 4)
    #expect(result.stderr.contains("sandbox: PostgreSQL "), "\(result)")
    let kept = try await PrivatePostgres(in: folder)
    #expect(try kept.value(Self.switchQuery) == "false")
    kept.program.kill(SIGTERM)
    #expect(try await kept.program.wait().code == 0)
    let anew = try await PrivatePostgres(in: folder, "--fresh")
    #expect(try anew.value(Self.switchQuery) == "true")
  }

  @Test("Its password is another one at each start, in no argument list, and needed")
  func password() async throws {
    let folder = try TemporaryFolder()
    var passwords: [String] = []
    for _ in 0..<2 {
      let sandbox = try await PrivatePostgres(in: folder)
      let url = try #require(URLComponents(string: sandbox.variables["ANDON_SANDBOX_POSTGRES"] ?? ""))
      let password = try #require(url.password)
      passwords.append(password)
      #expect(url.host == "127.0.0.1")
      #expect(sandbox.family.count > 2)
      #expect(!sandbox.family.flatMap(\.arguments).contains { $0.contains(password) })
      var guess = url
      guess.password = "guess"
      #expect(throws: (any Error).self) { try ScratchDatabase.Session(guess.string ?? "") }
      sandbox.program.kill(SIGTERM)
      _ = try await sandbox.program.wait()
    }
    #expect(passwords[0] != passwords[1] && passwords.allSatisfy { $0.count == 32 })
  }

  @Test("Ended or killed, it leaves no server behind", arguments: [SIGTERM, SIGINT, SIGKILL])
  func leavesNothing(_ signal: Int32) async throws {
    let folder = try TemporaryFolder()
    let sandbox = try await PrivatePostgres(in: folder)
    let family = sandbox.family.map(\.pid)
    #expect(family.count > 3, "the program, its script, the postmaster and what that started")
    sandbox.program.kill(signal)
    try await eventually("all of them are gone", within: .seconds(2)) { family.allSatisfy { !isAlive($0) } }
    let next = try await PrivatePostgres(in: folder)
    #expect(try next.value(Self.switchQuery) == "true")
  }

  @Test("A server whose watcher was killed too is ended by the next start")
  func stray() async throws {
    let folder = try TemporaryFolder()
    let sandbox = try await PrivatePostgres(in: folder)
    let postmaster = try #require(sandbox.family.first { $0.arguments.first?.hasSuffix("/postgres") == true })
    let script = try #require(sandbox.family.first { $0.arguments.contains("andon-sandbox") })
    kill(script.pid, SIGKILL)
    sandbox.program.kill(SIGKILL)
    _ = try await sandbox.program.wait()
    #expect(isAlive(postmaster.pid))
    let next = try await PrivatePostgres(in: folder)
    #expect(!isAlive(postmaster.pid))
    #expect(try next.value(Self.switchQuery) == "true")
  }

  @Test("Two at a time have a server each")
  func two() async throws {
    let folder = try TemporaryFolder()
    let first = try await PrivatePostgres(in: folder)
    try first.database.run("UPDATE trades_config SET value = 'false' WHERE key = 'TRADES_ENABLED'")
    let second = try await PrivatePostgres(in: folder)
    #expect(try second.value(Self.switchQuery) == "true")
    #expect(try first.value(Self.switchQuery) == "false")
  }

  @Test("A dump and its restore really happen, and a restore that differs is caught")
  func backup() async throws {
    let folder = try TemporaryFolder()
    let sandbox = try await PrivatePostgres(in: folder)
    let andon = AndonProgram(environment: sandbox.variables)
    let result = try await andon.run(["run", "backup-verification", "--drill", "--auto", "--yes"])
    #expect(result.code == 0, "\(result)")
    #expect(try sandbox.value("SELECT count(*) FROM pg_database WHERE datname LIKE 'andon_restore%'") == "0")
    let run = try Record(await andon.run(["show", "RUN-1", "--json"]))
    #expect(run.step("compare").outcome == "done verified", "\(run.step("compare").reason)")
    try sandbox.database.run("TRUNCATE trades_config, trades_orders CASCADE")
    let empty = try await andon.run(["run", "backup-verification", "--drill", "--auto", "--yes"])
    #expect(empty.code == 1, "a restore of nothing proves nothing: \(empty)")
  }

  @Test("The monitors look at it: all is well at first, and eleven risky orders are a breach")
  func monitors() async throws {
    let folder = try TemporaryFolder()
    let sandbox = try await PrivatePostgres(in: folder)
    let andon = AndonProgram(environment: sandbox.variables)
    let well = try await andon.run(["monitor", "--once", "--env", "sandbox"])
    #expect(well.code == 0, "\(well)")
    #expect(well.stdout.contains("ok        high-risk-orders") && well.stdout.contains("ok        failed-fills"))
    try sandbox.database.run(
      """
      INSERT INTO trades_orders (maker_address, side, amount, price, risk_score)
      SELECT '0xee', 'sell', '1', '1', 99 FROM generate_series(1, 11)
      """)
    let breach = try await andon.run(["monitor", "--once", "--env", "sandbox"])
    #expect(breach.code == 1 && breach.stdout.lowercased().contains("breach"), "\(breach)")
  }

  /// A process that has ended and was not collected is gone, too.
  private func isAlive(_ process: pid_t) -> Bool {
    guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return false }
    return text.split(separator: ")").last?.split(separator: " ").first != "Z"
  }
}
