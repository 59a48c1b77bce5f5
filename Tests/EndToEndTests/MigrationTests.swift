import Foundation
import TestSupport
import Testing

@Suite("A database migration", .inTurn, .needsDatabase, .timeLimit(.minutes(40)))
struct MigrationTests {
  private static let met = ["--var", "backup_made=true", "--var", "tried_on_staging=true"]

  private func platform() throws -> Platform {
    let platform = try Platform()
    try platform.database.query("ALTER TABLE trades_orders OWNER TO \(platform.database.name)")
    return platform
  }

  private func arguments(_ sql: String, _ platform: Platform, _ more: [String]) throws -> [String] {
    let file = try platform.folder.write(sql, to: "migrations/new_migration.sql")
    return ["run", "migration", "--auto", "--confirm", "MIGRATE", "--var", "file=\(file)"] + Self.met + more
  }

  private func migrate(
    _ sql: String, _ platform: Platform, table: String = "trades_orders", column: String = "note", _ more: String...
  ) async throws -> ProgramResult {
    try await AndonProgram(environment: platform.variables).run(
      arguments(sql, platform, ["--var", "table=\(table)", "--var", "column=\(column)"] + more))
  }

  private func hasColumn(_ name: String, _ database: ScratchDatabase) throws -> Bool {
    try database.value(
      "SELECT count(*) FROM information_schema.columns WHERE table_name = 'trades_orders' AND column_name = '\(name)'")
      == "1"
  }

  @Test("It runs whole, and the catalogue shows what it was for, by type")
  func works() async throws {
    let platform = try platform()
    let result = try await migrate(
      """
      ALTER TABLE trades_orders ADD COLUMN note text;
      CREATE TABLE trades_notes (id int PRIMARY KEY);
      DO $$
      BEGIN
        INSERT INTO trades_notes VALUES (1);
      END;
      $$;
      """, platform, "--var", "type=text")
    #expect(result.code == 0, "\(result)")
    #expect(try hasColumn("note", platform.database))
    #expect(try platform.database.value("SELECT count(*) FROM trades_notes") == "1")
    let run = try await platform.run()
    for step in ["one-transaction", "not-yet", "apply", "columns"] {
      #expect(run.step(step).outcome == "done verified", "\(step): \(run.step(step).reason)")
    }
  }

  @Test("A column that is to go is looked for before, and missed afterwards")
  func dropped() async throws {
    let platform = try platform()
    try platform.database.query("ALTER TABLE trades_orders ADD COLUMN note text")
    let sql = "ALTER TABLE trades_orders DROP COLUMN note;"
    let result = try await migrate(sql, platform, "--var", "afterwards=gone")
    #expect(result.code == 0, "\(result)")
    #expect(try !hasColumn("note", platform.database))
  }

  @Test("It fails half way: nothing of it stays, the run fails, and tells what the server said")
  func failsHalfWay() async throws {
    let platform = try platform()
    let result = try await migrate(
      """
      ALTER TABLE trades_orders ADD COLUMN note text;
      UPDATE trades_orders SET note = 'x';
      SELECT 1 / 0;
      CREATE TABLE trades_notes (id int);
      """, platform)
    #expect(result.code == 1, "\(result)")
    #expect(try !hasColumn("note", platform.database))
    #expect(try platform.database.value("SELECT to_regclass('trades_notes')") == nil)
    let step = try await platform.run().step("apply")
    #expect(step.state == "failed")
    #expect(result.output.contains("division by zero"), "\(result)")
  }

  @Test(
    "A file that would end the transaction half way, or leave SQL, is refused before anything",
    arguments: [
      "COMMIT;", "begin;", "SELECT 1; rollback ;", "START TRANSACTION;", "\\! touch gone", "Commit",
      "END;", "/* a /* b; */ ; */ End -- it", "SELECT 'it''s' ;\n\tend\n;", "ABORT WORK;", "SELECT E'\\'' ;abort",
      "prepare\n  transaction 'x';", "SELECT 1 \\gexec", "DO $a$ BEGIN NULL; END $a$; end/**/;",
    ])
  func leavesTheTransaction(_ line: String) async throws {
    let platform = try platform()
    let result = try await migrate("ALTER TABLE trades_orders ADD COLUMN note text;\n\(line)\n", platform)
    #expect(result.code == 1, "\(result)")
    #expect(try !hasColumn("note", platform.database))
    let run = try await platform.run()
    #expect(run.step("one-transaction").state == "failed")
    #expect(run.step("apply").state != "done")
  }

  @Test("Words that only look like the end of a transaction are not taken for it, and the file runs")
  func looksLikeTheEnd() async throws {
    let platform = try platform()
    let result = try await migrate(
      """
      -- COMMIT;
      SAVEPOINT here; ROLLBACK TO here;
      /* END; /* COMMIT; */ ABORT; */
      CREATE FUNCTION twice(n int) RETURNS int LANGUAGE sql
      BEGIN ATOMIC
        SELECT CASE WHEN n > 0 THEN 2 * n END;
      END;
      ALTER TABLE trades_orders ADD COLUMN note text DEFAULT 'the end; COMMIT; it''s over
      END;';
      COMMENT ON COLUMN trades_orders.note IS E'\\'; END; --';
      DO $do$ BEGIN PERFORM 1; END; $do$
      """, platform)
    #expect(result.code == 0, "\(result)")
    #expect(try hasColumn("note", platform.database))
    #expect(try platform.database.value("SELECT twice(4)") == "8")
  }

  @Test("It runs, but what it was for is not there: the run fails")
  func doesSomethingElse() async throws {
    let platform = try platform()
    let result = try await migrate("ALTER TABLE trades_orders ADD COLUMN notes text;", platform)
    #expect(result.code == 1, "\(result)")
    #expect(try await platform.run().step("apply").outcome == "failed failed")
  }

  @Test("What it is for is there already: it does not run, because reading it back would prove nothing")
  func ranBefore() async throws {
    let platform = try platform()
    try platform.database.query("ALTER TABLE trades_orders ADD COLUMN note text")
    let result = try await migrate("CREATE TABLE trades_notes (id int);", platform)
    #expect(result.code == 1, "\(result)")
    #expect(try platform.database.value("SELECT to_regclass('trades_notes')") == nil)
    #expect(try await platform.run().step("not-yet").state == "failed")
  }

  @Test("Without a backup it does not begin")
  func noBackup() async throws {
    let platform = try platform()
    let result = try await migrate(
      "ALTER TABLE trades_orders ADD COLUMN note text;", platform, "--var", "backup_made=false")
    #expect(result.code == 77, "\(result)")
    #expect(result.stderr.contains("backup_made"))
    #expect(try !hasColumn("note", platform.database))
  }

  @Test("Behind a lock it gives up after seconds, and nobody waits behind it any longer")
  func locked() async throws {
    let platform = try platform()
    let other = try platform.database.foreignSession(named: "a console")
    try other.run("BEGIN")
    try other.run("LOCK TABLE trades_orders IN ACCESS SHARE MODE")
    let result = try await migrate("ALTER TABLE trades_orders ADD COLUMN note text;", platform)
    try other.run("ROLLBACK")
    #expect(result.code == 1, "\(result)")
    #expect(result.elapsed < .seconds(30))
    #expect(result.output.contains("lock timeout"), "\(result)")
    #expect(try !hasColumn("note", platform.database))
  }

  @Test("Neither the password nor the address stands on a command line or in what is kept")
  func secretsStayAway() async throws {
    let platform = try platform()
    let program = try AndonProgram(environment: platform.variables).start(
      arguments(
        "SELECT pg_sleep(2);\nALTER TABLE trades_orders ADD COLUMN note text;", platform,
        ["--var", "table=trades_orders", "--var", "column=note"]))
    var seen: [String] = []
    try await eventually("psql runs") {
      seen =
        ProcessTable.family(of: program.pid).first { $0.arguments.first?.hasSuffix("psql") == true }?.arguments ?? []
      return !seen.isEmpty
    }
    let line = seen.joined(separator: " ")
    #expect(!line.contains(platform.database.password) && !line.contains("://"), "\(line)")
    let result = try await program.wait()
    #expect(result.code == 0, "\(result)")
    #expect(!result.output.contains(platform.database.password))
    let shown = try await platform.andon("show", "RUN-1", "--step", "apply", "--json")
    #expect(shown.code == 0 && !shown.stdout.contains(platform.database.password))
  }
}
