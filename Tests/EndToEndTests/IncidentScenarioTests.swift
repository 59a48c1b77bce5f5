import Foundation
import IncidentModel
import TestSupport
import Testing

@Suite("High-risk orders", .inTurn, .needsDatabase, .timeLimit(.minutes(40)))
struct HighRiskOrdersTests {
  private func run(_ platform: Platform, _ more: String...) async throws -> ProgramResult {
    try await AndonProgram(environment: platform.variables).run(["run", "high-risk-orders", "--auto"] + more)
  }

  /// The usual six orders of two hours, each of its own maker, none above 80 on average.
  private func quiet() throws -> (Platform, TradesHistory) {
    let platform = try Platform()
    let history = try TradesHistory(in: platform.database)
    try history.database.query("UPDATE trades_orders SET risk_score = 80 WHERE risk_score > 80")
    return (platform, history)
  }

  @Test("When no maker stands out it ends with 0 and asks nobody")
  func nobody() async throws {
    let (platform, _) = try quiet()
    let result = try await run(platform)
    #expect(result.code == 0, "\(result)")
    #expect(try await platform.rows(of: "makers").isEmpty)
    #expect(try await platform.run().step("next").state == "skipped")
  }

  @Test(
    "Ten orders of one maker stand out to nobody, eleven do",
    arguments: [(9, false), (10, false), (11, true)])
  func count(orders: Int, standsOut: Bool) async throws {
    let (platform, history) = try quiet()
    try history.burst(of: orders, by: "0xbusy", score: 20)
    let result = try await run(platform)
    #expect(result.code == (standsOut ? 4 : 0), "\(result)")
    let rows = try await platform.rows(of: "makers")
    #expect(rows.map { $0.column("maker_address") } == (standsOut ? ["0xbusy"] : []))
    if standsOut {
      #expect(rows[0].column("order_count") == "11" && rows[0].column("avg_risk") == "20")
      #expect(rows[0].column("why") == "many orders")
      let ask = try await platform.andon("status").stdout
      #expect(ask.contains("0xbusy"), "\(ask)")
    }
  }

  @Test(
    "An average of 80 stands out to nobody, one just above does",
    arguments: [(79.99, false), (80, false), (80.01, true)])
  func average(score: Double, standsOut: Bool) async throws {
    let (platform, history) = try quiet()
    try history.burst(of: 2, by: "0xrisky", score: score, status: "filled")
    let result = try await run(platform)
    #expect(result.code == (standsOut ? 4 : 0), "\(result)")
    let rows = try await platform.rows(of: "makers")
    #expect(rows.map { $0.column("why") } == (standsOut ? ["high risk"] : []))
    if standsOut {
      #expect(rows[0].column("filled") == "2")
      #expect(try await platform.rows(of: "orders").count == 2)
    }
  }

  @Test("A maker whose orders were never scored stands out, where the average alone would be NULL and hide it")
  func unscored() async throws {
    let (platform, history) = try quiet()
    try history.burst(of: 1, by: "0xunscored", score: nil)
    let result = try await run(platform)
    #expect(result.code == 4, "\(result)")
    let row = try #require(try await platform.rows(of: "makers").first)
    #expect(row.column("maker_address") == "0xunscored" && row["avg_risk"] == .null)
    #expect(row.column("why") == "no score" && row.column("unscored") == "1")
  }

  @Test("A person's answer ends it, and stands in the record")
  func answered() async throws {
    let (platform, history) = try quiet()
    try history.burst(of: 12, by: "0xbusy", score: 95)
    #expect(try await run(platform).code == 4)
    let terminal = try platform.terminal("resume", "RUN-1")
    #expect(try await terminal.expect("andon pull pause-trading"), "\(terminal.transcript)")
    #expect(try await terminal.expect("answer: "), "\(terminal.transcript)")
    terminal.send("watched")
    #expect(try await terminal.wait().code == 0)
    let step = try Record(await platform.andon("show", "RUN-1", "--step", "next", "--json"))
    #expect(step.json["step", "answer"]?.displayText == "watched")
  }

  @Test("A database without the scores fails the run before anybody is asked")
  func columnMissing() async throws {
    let (platform, history) = try quiet()
    try history.database.query("ALTER TABLE trades_orders DROP COLUMN risk_score")
    let result = try await run(platform)
    #expect(result.code == 1, "\(result)")
    #expect(try await platform.run().step("makers").reason.contains("risk_score"))
  }
}

@Suite("Rate limits", .inTurn, .needsDatabase, .timeLimit(.minutes(40)))
struct RateLimitsTests {
  private let platform: Platform
  private let log: String

  init() throws {
    platform = try Platform()
    _ = try TradesHistory(in: platform.database)
    let violations = (1...60).map { "12:00:\($0 % 60) WARN Rate limit exceeded by 10.0.0.\($0)" }
    let others = (1...60).map { "12:00:\($0 % 60) INFO GET /api/trades/orders 200" }
    let lines = zip(violations, others).flatMap { [$0, $1] }
    log = try platform.folder.write(lines.joined(separator: "\n") + "\n", to: "trades-api.log")
  }

  private func run(_ more: String..., log: String? = nil) async throws -> ProgramResult {
    try await AndonProgram(environment: platform.variables).run(
      ["run", "rate-limits", "--auto", "--yes", "--var", "log=\(log ?? self.log)"] + more)
  }

  private var limit: String? {
    get throws {
      try platform.database.value("SELECT value FROM trades_config WHERE key = 'API_RATE_LIMIT_PER_MINUTE'")
    }
  }

  @Test("It counts every violation, keeps the last fifty, and leaves the limit alone unless told")
  func counts() async throws {
    let result = try await run("--var", "adjust=no")
    #expect(result.code == 0, "\(result)")
    let step = try Record(await platform.andon("show", "RUN-1", "--step", "violations", "--json")).json["step"]
    let lines = step?["outputs", "stdout"]?.displayText.split(separator: "\n").map(String.init) ?? []
    #expect(lines.count == 51 && lines.first == "60")
    #expect(lines.dropFirst().first?.hasSuffix("10.0.0.11") == true && lines.last?.hasSuffix("10.0.0.60") == true)
    #expect(try limit == "100")
    #expect(try await platform.run().step("change-limit").state == "skipped")
  }

  @Test("Only the newest lines are searched, as many as were asked for")
  func bounded() async throws {
    #expect(try await run("--var", "adjust=no", "--var", "lines=20").code == 0)
    let step = try Record(await platform.andon("show", "RUN-1", "--step", "violations", "--json")).json["step"]
    #expect(step?["outputs", "stdout"]?.displayText.split(separator: "\n").first == "10")
  }

  @Test("A log that still grows does not hold it up")
  func growing() async throws {
    let writer = try RunningProgram(
      ["/bin/sh", "-c", "while :; do echo 'rate limit' >> \"$1\"; done", "sh", log],
      environment: ["PATH": "/usr/bin:/bin"])
    defer { writer.kill() }
    let result = try await run("--var", "adjust=no", "--var", "lines=1000")
    #expect(result.code == 0, "\(result)")
    #expect(writer.isRunning)
  }

  @Test("Told to, it sets the limit, reads it back and says since when it holds")
  func changes() async throws {
    try platform.database.query("UPDATE trades_config SET updated_at = now() - interval '9 days'")
    let result = try await run("--var", "adjust=yes", "--var", "limit=175")
    #expect(result.code == 0, "\(result)")
    #expect(try limit == "175")
    #expect(try await platform.run().step("change-limit").outcome == "done verified")
    let fresh = """
      SELECT count(*) FROM trades_config WHERE updated_at > now() - interval '1 hour'
      """
    #expect(try platform.database.value(fresh) == "1", "one row is touched, and it says when")
  }

  @Test("A limit outside of its bounds is refused before anything is touched", arguments: ["9", "1001", "150.5"])
  func bounds(limit given: String) async throws {
    let result = try await run("--var", "adjust=yes", "--var", "limit=\(given)")
    #expect(result.code == 64, "\(result)")
    #expect(try limit == "100")
    #expect(!platform.hasJournal)
  }

  @Test("With nobody there to ask it is parked, and the limit stays")
  func parked() async throws {
    let result = try await run()
    #expect(result.code == 4, "\(result)")
    #expect(try limit == "100")
    let status = try await platform.andon("status").stdout
    #expect(status.contains("60 violations"), "\(status)")
  }

  @Test("A log without a violation asks nobody")
  func noViolations() async throws {
    let calm = try platform.folder.write("12:00:00 INFO all is well\n", to: "calm.log")
    #expect(try await run(log: calm).code == 0)
    #expect(try await platform.run().step("decide").state == "skipped")
  }

  @Test("A log that is not there fails the run: it is not a log without violations")
  func noLog() async throws {
    let result = try await run("--var", "adjust=yes", log: platform.folder.file("gone.log"))
    #expect(result.code == 1, "\(result)")
    let record = try await platform.run()
    #expect(record.step("violations").state == "failed")
    #expect(result.output.contains("gone.log"), "\(result)")
    #expect(try limit == "100")
  }

  @Test("A key that is not there is found before the change, and nothing is written")
  func noKey() async throws {
    try platform.database.query("DELETE FROM trades_config WHERE key = 'API_RATE_LIMIT_PER_MINUTE'")
    let result = try await run("--var", "adjust=yes")
    #expect(result.code == 1, "\(result)")
    #expect(result.output.contains("trades_config has no API_RATE_LIMIT_PER_MINUTE"), "\(result)")
    #expect(try await platform.run().step("change-limit").attempts == 0)
  }

  @Test("The runbook's other spelling of the key can be meant, and only that row is changed")
  func otherSpelling() async throws {
    try platform.database.query(
      "INSERT INTO trades_config (key, value) VALUES ('TRADES_API_RATE_LIMIT_PER_MINUTE', '90')")
    let result = try await run("--var", "adjust=yes", "--var", "key=TRADES_API_RATE_LIMIT_PER_MINUTE")
    #expect(result.code == 0, "\(result)")
    #expect(try limit == "100")
    let other = "SELECT value FROM trades_config WHERE key = 'TRADES_API_RATE_LIMIT_PER_MINUTE'"
    #expect(try platform.database.value(other) == "150")
    #expect(try await platform.run().step("limit-now").outcome == "done unverified", "two spellings went unnoticed")
  }

  @Test("An UPDATE that changes no row is a failure, although the server takes it")
  func updateZero() async throws {
    for statement in [
      """
      CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'
      """,
      "CREATE TRIGGER swallow BEFORE UPDATE ON trades_config FOR EACH ROW EXECUTE FUNCTION swallow()",
    ] { try platform.database.query(statement) }
    let result = try await run("--var", "adjust=yes")
    #expect(result.code == 1, "\(result)")
    #expect(try await platform.run().step("change-limit").state == "failed")
    #expect(try limit == "100")
  }

  /// From now on no limit gets above 120.
  private func cap() throws {
    for statement in [
      """
      CREATE FUNCTION cap() RETURNS trigger LANGUAGE plpgsql
      AS 'BEGIN NEW.value := least(NEW.value::int, 120); RETURN NEW; END'
      """,
      """
      CREATE TRIGGER cap BEFORE UPDATE ON trades_config FOR EACH ROW
      WHEN (NEW.key = 'API_RATE_LIMIT_PER_MINUTE') EXECUTE FUNCTION cap()
      """,
    ] { try platform.database.query(statement) }
  }

  @Test("A limit that the database turns into another one fails the read-back")
  func readBack() async throws {
    try cap()
    let result = try await run("--var", "adjust=yes")
    #expect(result.code == 1, "\(result)")
    let step = try await platform.run().step("change-limit")
    #expect(step.verification == "failed", "\(step.reason)")
    #expect(try limit == "120")
  }

  @Test("What did not come out as meant can be taken back: the limit is what it was before")
  func rolledBack() async throws {
    try cap()
    let terminal = try platform.terminal("run", "rate-limits", "--var", "log=\(log)", "--var", "adjust=yes")
    #expect(try await terminal.expect("choice: "), "\(terminal.transcript)")
    #expect(try limit == "100", "changed before anybody agreed")
    terminal.send("r")
    #expect(try await terminal.expect("CHECK FAILED"), "\(terminal.transcript)")
    #expect(try await terminal.expect("choice: "), "\(terminal.transcript)")
    #expect(try limit == "120")
    terminal.send("b")
    #expect(try await terminal.expect("Set the limit back"), "\(terminal.transcript)")
    #expect(try await terminal.expect("anything else goes back: "), "\(terminal.transcript)")
    terminal.send("4")
    #expect(try await terminal.expect("TAKE BACK"), "\(terminal.transcript)")
    #expect(try await terminal.expect("choice: "), "\(terminal.transcript)")
    terminal.send("r")
    #expect(try await terminal.expect("choice: "), "\(terminal.transcript)")
    #expect(try limit == "100", "\(terminal.transcript)")
    terminal.send("a")
    _ = try await terminal.wait()
    let record = try await platform.run()
    #expect(record.step("limit-back").outcome == "done verified")
  }
}
