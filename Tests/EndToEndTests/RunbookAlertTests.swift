import Foundation
import IncidentModel
import Synchronization
import TestSupport
import Testing

/// The four alerts of the runbook as they are shipped, against what they watch.
@Suite("The runbook's alerts", .inTurn, .needsDatabase, .timeLimit(.minutes(40)))
struct RunbookAlertTests {
  private func platform() throws -> Platform {
    let platform = try Platform()
    for statement in [
      "ALTER TABLE trades_orders ADD COLUMN IF NOT EXISTS risk_score integer NOT NULL DEFAULT 0",
      "ALTER TABLE trades_fills ADD COLUMN IF NOT EXISTS status text",
      "ALTER TABLE trades_fills ADD COLUMN IF NOT EXISTS created_at timestamptz NOT NULL DEFAULT now()",
    ] { try platform.database.query(statement) }
    return platform
  }

  private func addOrders(_ count: Int, risk: Int, age: String, _ platform: Platform) throws {
    try platform.database.query(
      """
      INSERT INTO trades_orders (maker_address, side, amount, price, risk_score, created_at)
      SELECT '0x1111111111111111111111111111111111111111', 'sell', 1, 1, \(risk), now() - interval '\(age)'
      FROM generate_series(1, \(count))
      """)
  }

  @Test(
    "High-risk orders: up to ten of the last hour are borne, the eleventh is a breach",
    arguments: [(9, 0), (10, 0), (11, 1)])
  func highRisk(count: Int, code: Int32) async throws {
    let platform = try platform()
    try addOrders(count, risk: 71, age: "59 minutes", platform)
    try addOrders(5, risk: 70, age: "1 minute", platform)
    try addOrders(5, risk: 99, age: "61 minutes", platform)
    let look = try await platform.andon("monitor", "--once", "--only", "high-risk-orders")
    #expect(look.code == code, "\(look)")
    #expect(look.stdout.contains("\"high_risk_orders\":\(count)"), "\(look)")
    #expect(platform.hasJournal == (code == 1))
    #expect(look.stdout.contains("andon run high-risk-orders") == (code == 1), "\(look)")
    if code == 1 { #expect(try await platform.incident()["incident", "severity"] == "P1") }
  }

  @Test(
    "Failed fills: up to 5 % of the last hour are borne, more is a breach, and no fill at all is none that failed",
    arguments: [(21, 1, 0), (20, 1, 0), (19, 1, 1), (0, 0, 0), (1, 1, 1)])
  func failedFills(count: Int, failed: Int, code: Int32) async throws {
    let platform = try platform()
    try platform.database.query(
      """
      INSERT INTO trades_fills (order_id, amount, status)
      SELECT 1, 1, CASE WHEN n <= \(failed) THEN 'failed' ELSE 'confirmed' END FROM generate_series(1, \(count)) AS n
      """)
    // Long over, and all of them failed.
    try platform.database.query(
      """
      INSERT INTO trades_fills (order_id, amount, status, created_at)
      SELECT 1, 1, 'failed', now() - interval '2 hours' FROM generate_series(1, 9)
      """)
    let look = try await platform.andon("monitor", "--once", "--only", "failed-fills")
    #expect(look.code == code, "\(look)")
    #expect(look.stdout.contains("NULL") == (count == 0), "\(look)")
  }

  @Test("A table that is gone, or a database that is down, is an alert, not silence")
  func blind() async throws {
    let platform = try platform()
    try platform.database.query("DROP TABLE trades_fills")
    let look = try await platform.andon("monitor", "--once", "--only", "failed-fills")
    #expect(look.code == 69 && look.stdout.contains("trades_fills"), "\(look)")
    #expect(try await platform.incident()["incident", "title"] == "Monitor failed-fills cannot be evaluated")
    let nobody = "postgres://a:b@127.0.0.1:\(unusedPort())/none"
    let down = try await platform.andon(
      "monitor", "--once", "--only", "high-risk-orders", changing: ["SUPABASE_DATABASE_URL": nobody])
    #expect(down.code == 69, "\(down)")
  }

  @Test("A NULL, or no row at all, means what the monitor says it means", arguments: ["breach", "ok", "unknown"])
  func vacancy(meaning: String) async throws {
    let platform = try platform()
    let folder = platform.folder
    try FileManager.default.copyItem(
      atPath: Repository.file("playbooks/environments"), toPath: folder.file("environments"))
    let questions = ["null": "SELECT NULL::int AS n", "empty": "SELECT 7 AS n WHERE false"]
    let monitors = questions.sorted { $0.key < $1.key }.map { id, sql in
      """
        - {id: \(id), name: N, sql: {connection: database, run: "\(sql)"}, every: 1m, breach: "rows[0].n > 5",
           on_null: \(meaning), severity: P2, environment: production}
      """
    }
    try folder.write("format: 1\nmonitors:\n" + monitors.joined(separator: "\n"), to: "monitors.yaml")
    for id in questions.keys {
      let look = try await platform.andon("monitor", "--once", "--only", id, "--playbooks", folder.path)
      #expect(look.code == ["breach": 1, "ok": 0, "unknown": 69][meaning], "\(look)")
    }
  }

  @Test("API time: the average of five requests counts, so one slow answer is borne and steady slowness is not")
  func slowAPI() async throws {
    @Sendable func answer(after delay: Duration) -> [ScriptedHTTPServer.Act] {
      [.trickle(Array("H".utf8), every: delay), .send(Array("TTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}".utf8))]
    }
    let counter = Counter()
    let uneven = try ScriptedHTTPServer { _ in answer(after: counter.next() == 4 ? .seconds(3) : .milliseconds(1)) }
    let slow = try ScriptedHTTPServer { _ in answer(after: .milliseconds(2050)) }
    let platform = try platform()
    func look(_ api: ScriptedHTTPServer) async throws -> ProgramResult {
      try await platform.andon("monitor", "--once", "--only", "slow-api", changing: ["API_URL": api.url])
    }
    let borne = try await look(uneven)
    #expect(borne.code == 0 && borne.stdout.contains("average 0.6"), "\(borne)")
    #expect(uneven.requests.map(\.target) == Array(repeating: "/api/trades/orders", count: 5))
    let breach = try await look(slow)
    #expect(breach.code == 1 && breach.stdout.contains("average 2.0"), "\(breach)")
    #expect(breach.stdout.contains("andon run rate-limits"), "\(breach)")
  }

  private final class Counter: Sendable {
    private let count = Mutex(0)

    func next() -> Int {
      count.withLock { count in
        count += 1
        return count
      }
    }
  }

  @Test("Contract balance: what the contract should hold is borne, one wei more is a breach", .needsChain)
  func balance() async throws {
    try await Chain.borrow { chain in
      let platform = try Platform(chain: chain)
      func balance() async throws -> String {
        try await chain.cast(["balance", chain.contract]).stdout.trimmingCharacters(in: .whitespacesAndNewlines)
      }
      let library = platform.folder.file("playbooks")
      try FileManager.default.copyItem(atPath: Repository.file("playbooks"), toPath: library)
      let production = try String(contentsOfFile: "\(library)/environments/production.yaml", encoding: .utf8)
      #expect(production.contains("balance_limit: \"0\""))
      let limit = try await balance()
      try production.replacing("balance_limit: \"0\"", with: "balance_limit: \"\(limit)\"").write(
        toFile: "\(library)/environments/production.yaml", atomically: true, encoding: .utf8)
      func look(_ changes: [String: String?] = [:]) async throws -> ProgramResult {
        try await platform.andon(
          "monitor", "--once", "--only", "contract-balance", "--playbooks", library, changing: changes)
      }
      #expect(try await look().code == 0)
      let sent = try await chain.cast(["send", chain.contract, "--value", "1"])
      try #require(sent.code == 0, "\(sent)")
      let breach = try await look()
      let held = try await balance()
      #expect(breach.code == 1 && breach.stdout.contains(held), "\(breach)")
      #expect(breach.stdout.contains("andon run contract-anomalies"), "\(breach)")
      #expect(try await look(["RPC_URL": "http://127.0.0.1:\(unusedPort())"]).code == 69)
    }
  }

  @Test(
    "200 monitors of one second over ten seconds: none is late by more than a second, none drifts, hardly one is left out"
  )
  func punctuality() async throws {
    let platform = try platform()
    let folder = platform.folder
    try FileManager.default.copyItem(
      atPath: Repository.file("playbooks/environments"), toPath: folder.file("environments"))
    let monitors = (0..<200).map { number in
      """
        - {id: m-\(number), name: M, sql: {connection: database, run: "SELECT count(*) AS n FROM trades_orders"},
           every: 1s, breach: "rows[0].n > 100", severity: P3, environment: production}
      """
    }
    try folder.write("format: 1\nmonitors:\n" + monitors.joined(separator: "\n"), to: "monitors.yaml")
    let watch = try platform.start("monitor", "--jsonl", "--playbooks", folder.path)
    // The time that is measured.
    try await Task.sleep(for: .seconds(10))
    watch.kill(SIGTERM)
    let result = try await watch.wait()
    #expect(result.code == 143, "\(result.stderr)")
    var dues: [String: [Timestamp]] = [:]
    var (worst, skipped) = (Duration.zero, 0)
    for line in watch.lines {
      let due = try #require(Timestamp(line["due"]?.displayText ?? ""))
      let taken = try #require(Timestamp(line["taken"]?.displayText ?? ""))
      dues[line["monitor"]?.displayText ?? "", default: []].append(due)
      worst = max(worst, taken - due)
      #expect(line["state"]?.displayText == "ok", "\(line)")
      skipped += try #require(Int(line["skipped"]?.displayText ?? ""))
    }
    #expect(worst < .seconds(1), "one was late by \(worst)")
    // Of two thousand: a machine that is busy with other things may stand still for a moment.
    #expect(skipped <= 20)
    #expect(dues.count == 200)
    for (monitor, moments) in dues {
      #expect(moments.count >= 8, "\(monitor) looked \(moments.count) times")
      for (one, next) in zip(moments, moments.dropFirst()) {
        // The wall clock is read beside the one that dues count by: a millisecond is between them.
        let off = ((next - one).wholeMilliseconds + 500) % 1000 - 500
        #expect(abs(off) <= 5 && next > one, "\(monitor) drifts: \(one) \(next)")
      }
    }
  }
}
