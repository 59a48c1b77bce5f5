import Foundation
import IncidentModel
import TestSupport
import Testing

@Suite("Killed in the middle", .inTurn, .needsDatabase, .timeLimit(.minutes(40)))
struct CrashTests {
  /// Counts what really happened to the flag, whoever did it.
  private func count(_ platform: Platform) throws {
    try platform.database.query("CREATE TABLE flips (value text, at timestamptz DEFAULT clock_timestamp())")
    try platform.database.query(
      """
      CREATE FUNCTION count_flip() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS
      $$ BEGIN INSERT INTO flips (value) VALUES (NEW.value); RETURN NEW; END $$
      """)
    try platform.database.query(
      "CREATE TRIGGER count_flips AFTER UPDATE ON trades_config FOR EACH ROW EXECUTE FUNCTION count_flip()")
  }

  private func lock(_ platform: Platform) throws -> ScratchDatabase.Session {
    let holder = try platform.database.foreignSession(named: "psql-of-somebody")
    try holder.run("BEGIN")
    try holder.run("SELECT 1 FROM trades_config WHERE key = 'TRADES_ENABLED' FOR UPDATE")
    return holder
  }

  @Test("Killed while the UPDATE waits for a lock: shown as interrupted, resumed, done once", arguments: [true, false])
  func killedDuringTheUpdate(lockIsGoneBeforeResume: Bool) async throws {
    let platform = try Platform()
    try count(platform)
    let holder = try lock(platform)
    let first = try platform.start("pull", "pause-trading", "--confirm", "PAUSE")
    try await platform.untilUpdateWaits()
    first.kill()
    #expect(try await first.wait().ending == .signal(9))

    let status = try await platform.andon("status")
    #expect(status.code == 0)
    #expect(status.stdout.contains("andon resume RUN-1"), "\(status)")
    #expect(status.stdout.lowercased().contains("interrupted"), "\(status)")
    let shown = try await platform.andon("show", "RUN-1")
    #expect(shown.stdout.lowercased().contains("interrupted"), "\(shown)")

    if lockIsGoneBeforeResume { try holder.run("ROLLBACK") }
    let second = try platform.start("resume", "RUN-1")
    if !lockIsGoneBeforeResume {
      // The old statement is fenced off before anybody tries again.
      try await platform.untilUpdateWaits()
      try holder.run("ROLLBACK")
    }
    let result = try await second.wait()
    #expect(result.code == 4, "\(result)")
    #expect(try platform.database.tradesEnabled == "false")
    #expect(try platform.database.value("SELECT count(*) FROM flips") == "1", "\(result)")
    let run = try await platform.run()
    #expect(run.step("disable-trades").outcome == "done verified")
    #expect(run.step("order-creation-refused").outcome == "done verified")
    #expect(platform.discord.messages.count == 1)
    #expect([0, 3].contains(try await platform.andon("journal", "verify").code))
  }

  @Test("Killed while cast sends: the world is asked, and no second transaction is made", .needsChain)
  func killedDuringTheTransaction() async throws {
    try await Chain.borrow { chain in
      let platform = try Platform(chain: chain)
      let nonce = try await chain.ownerNonce
      try await chain.delay(1)
      let first = try platform.start("pull", "pause-trading", "--confirm", "PAUSE", "--var", "contract_pause=true")
      try await eventually("the transaction is made", within: .seconds(40)) { try await chain.ownerNonce > nonce }
      first.kill()
      #expect(try await first.wait().ending == .signal(9))
      try await chain.delay(0)
      let result = try await platform.andon("resume", "RUN-1")
      #expect(result.code == 4, "\(result)")
      #expect(try await chain.isPaused)
      #expect(try await chain.ownerNonce == nonce + 1)
      let run = try await platform.run()
      #expect(run.step("pause-contract").outcome == "done verified", "\(run.step("pause-contract").reason)")
      #expect(run.step("disable-trades").outcome == "done verified")
      #expect(try platform.database.tradesEnabled == "false")
    }
  }

  @Test("Killed while a probe's POST is out: it is not sent again by guess, and the run says that it is unknown")
  func killedDuringAPost() async throws {
    let platform = try Platform()
    platform.api.misbehave(.init(method: "POST", [.hang]))
    let first = try platform.start("pull", "pause-trading", "--confirm", "PAUSE")
    try await eventually("both probes are out") {
      platform.api.requests("POST", "/api/trades/orders") == 1
        && platform.api.requests("POST", "/api/trades/orders/1/fill") == 1
    }
    first.kill()
    _ = try await first.wait()
    platform.api.misbehave(nil)
    let result = try await platform.andon("resume", "RUN-1")
    #expect(result.code == 1, "\(result)")
    #expect(platform.api.requests("POST", "/api/trades/orders") == 1, "sent twice")
    #expect(platform.api.requests("POST", "/api/trades/orders/1/fill") == 1, "sent twice")
    let run = try await platform.run()
    #expect(run.step("order-creation-refused").state == "unknown", "\(run.step("order-creation-refused"))")
    #expect(platform.discord.messages.count == 1)
  }

  @Test(
    "Killed at any moment, and resumed: the journal holds and the flag ends false", arguments: [40, 90, 150, 250, 400])
  func killedAnywhere(milliseconds: Int) async throws {
    let platform = try Platform()
    try count(platform)
    let first = try platform.start("pull", "pause-trading", "--confirm", "PAUSE")
    try await Task.sleep(for: .milliseconds(milliseconds))
    first.kill()
    _ = try await first.wait()
    let began = platform.hasJournal
    let open = began ? try Record(await platform.andon("status", "--json")).json["runs"]?.items ?? [] : []
    let last = open.isEmpty ? try await platform.pull() : try await platform.andon("resume", "RUN-1")
    // 1 when a probe's POST was out at that moment: nobody can know what came of it.
    let unknown = try await platform.run().steps.filter { $0.state == "unknown" }.map(\.id)
    #expect(last.code == (unknown.isEmpty ? 4 : 1), "\(last)")
    #expect(Set(unknown).isSubset(of: ["order-creation-refused", "order-fill-refused"]))
    #expect(try platform.database.tradesEnabled == "false")
    #expect(try platform.database.value("SELECT count(*) FROM flips") == "1")
    #expect(platform.discord.messages.count <= 1 || open.isEmpty, "posted twice by a resume")
    #expect([0, 3].contains(try await platform.andon("journal", "verify").code))
  }

  @Test(
    "A polite kill stops before the next step, and the run stays open",
    arguments: [(SIGTERM, 143), (SIGINT, 130)] as [(Int32, Int32)])
  func politeKill(signal: Int32, code: Int32) async throws {
    let platform = try Platform()
    let holder = try lock(platform)
    let first = try platform.start("pull", "pause-trading", "--confirm", "PAUSE")
    try await platform.untilUpdateWaits()
    first.kill(signal)
    let result = try await first.wait()
    #expect(result.code == code, "\(result)")
    #expect(result.elapsed < .seconds(30))
    try holder.run("ROLLBACK")
    let resumed = try await platform.andon("resume", "RUN-1")
    #expect(resumed.code == 4, "\(resumed)")
    #expect(try platform.database.tradesEnabled == "false")
  }

  @Test("Somebody else's live run is not taken over")
  func noTakeOver() async throws {
    let platform = try Platform()
    let holder = try lock(platform)
    let first = try platform.start("pull", "pause-trading", "--confirm", "PAUSE")
    try await platform.untilUpdateWaits()
    let result = try await platform.andon("resume", "RUN-1")
    #expect(result.code == 75, "\(result)")
    #expect(result.stderr.contains("\(first.pid)"))
    try holder.run("ROLLBACK")
    #expect(try await first.wait().code == 4)
  }
}
