import Foundation
import IncidentModel
import TestSupport
import Testing

@Suite("The backup verification", .inTurn, .needsDatabase, .timeLimit(.minutes(40)))
struct BackupPlaybookTests {
  private func filled() throws -> Platform {
    let platform = try Platform.furnished()
    try platform.addOrders(200, status: "filled")
    try platform.database.query("INSERT INTO trades_fills (order_id, amount) SELECT id, 1.5 FROM trades_orders")
    try platform.database.query("ALTER ROLE \(platform.database.name) CREATEDB")
    return platform
  }

  /// What a run may not leave, whether it went well or not: databases, and copies of everything on the disk.
  private func expectNothingLeft(
    _ platform: Platform, _ location: Testing.SourceLocation = #_sourceLocation
  ) async throws {
    let outputs = try await platform.outputs("folder")["step", "outputs", "stdout"].split(separator: "\n")
    try #require(outputs.count == 2, sourceLocation: location)
    let left = "SELECT count(*) FROM pg_database WHERE datname = '\(outputs[1])'"
    #expect(try platform.database.value(left) == "0", sourceLocation: location)
    #expect(!FileManager.default.fileExists(atPath: String(outputs[0])), sourceLocation: location)
  }

  /// A folder for PATH with one program in front of the real one of that name.
  private func program(_ name: String, _ script: String, _ platform: Platform) throws -> [String: String?] {
    try platform.folder.write("#!/bin/sh\nPATH=/usr/bin:/bin\n\(script)\n", to: "tools/\(name)", mode: 0o700)
    return ["PATH": "\(platform.folder.file("tools")):/usr/bin:/bin"]
  }

  @Test("A real dump is restored into a database of its own and compared; nothing is left of either")
  func works() async throws {
    let platform = try filled()
    let result = try await platform.routine("backup-verification")
    #expect(result.code == 0, "\(result)")
    let run = try await platform.run()
    for step in run.steps { #expect(step.outcome == "done verified", "\(step.id): \(step.reason)") }
    let lines = try await platform.outputs("compare")["step", "outputs", "stdout"].split(separator: "\n")
    #expect(lines.map { $0.split(separator: " ").prefix(2).joined(separator: " ") }.contains("trades_fills 200"))
    #expect(lines.count == 4)
    try await expectNothingLeft(platform)
  }

  @Test("The address and the password stand in no argument, no output and no file")
  func secrets() async throws {
    let platform = try filled()
    let log = platform.folder.file("arguments")
    let tools = try program("pg_dump", "echo \"$@\" >>\(log)\nexec /usr/bin/pg_dump \"$@\"", platform)
    try platform.folder.write(
      "#!/bin/sh\necho \"$@\" >>\(log)\nexec /usr/bin/pg_restore \"$@\"\n", to: "tools/pg_restore", mode: 0o700)
    let result = try await platform.routine("backup-verification", changing: tools)
    #expect(result.code == 0, "\(result)")
    let arguments = try String(contentsOfFile: log, encoding: .utf8)
    #expect(arguments.contains("--snapshot=") && arguments.contains("--exit-on-error"))
    let canaries = [
      Canary("the password", platform.database.password), Canary("the address", platform.database.url),
    ]
    canaries.expectAbsent(from: arguments, "the arguments")
    canaries.expectAbsent(from: result.output, "the output")
    for step in ["dump", "restore", "compare"] {
      canaries.expectAbsent(from: try await platform.andon("show", "RUN-1", "--step", step).output, step)
    }
    try canaries.expectAbsent(below: platform.state)
  }

  @Test("Orders that come in while the dump runs are no difference: the dumped moment is compared")
  func busyDatabase() async throws {
    let platform = try filled()
    let order = "INSERT INTO trades_orders (maker_address, side, amount, price) VALUES ('0x1', 'buy', 1, 1)"
    let tools = try program("pg_dump", "psql -X -q -c \"\(order)\" && exec /usr/bin/pg_dump \"$@\"", platform)
    let result = try await platform.routine("backup-verification", changing: tools)
    #expect(result.code == 0, "\(result)")
    #expect(try platform.count("trades_orders") == 201)
  }

  @Test("A dump without the rows of a table fails the run, and names the table with both numbers")
  func rowsAreMissing() async throws {
    let platform = try filled()
    let tools = try program(
      "pg_dump", "exec /usr/bin/pg_dump --exclude-table-data=trades_fills \"$@\"", platform)
    let result = try await platform.routine("backup-verification", changing: tools)
    #expect(result.code == 1, "\(result)")
    let step = try await platform.run().step("compare")
    #expect(step.state == "failed")
    #expect(step.reason.contains("trades_fills had 200 rows when it was dumped and has 0"), "\(step.reason)")
    try await expectNothingLeft(platform)
  }

  @Test("As many rows with other contents fail the run too")
  func contentsDiffer() async throws {
    let platform = try filled()
    let change = "UPDATE trades_fills SET amount = 2 WHERE id = (SELECT min(id) FROM trades_fills)"
    let tools = try program(
      "pg_restore", "/usr/bin/pg_restore \"$@\" || exit\n[ \"$1\" = --list ] || psql -X -q -c '\(change)'", platform)
    let result = try await platform.routine("backup-verification", changing: tools)
    #expect(result.code == 1, "\(result)")
    let step = try await platform.run().step("compare")
    #expect(step.reason.contains("trades_fills has its 200 rows in the restore, but other contents"), "\(step.reason)")
  }

  @Test("A dump that broke off fails the run before anything is called restored")
  func brokenDump() async throws {
    let platform = try filled()
    let script = """
      for last; do :; done
      /usr/bin/pg_dump "$@" && truncate -s 600 "${last#--file=}"
      """
    let result = try await platform.routine("backup-verification", changing: try program("pg_dump", script, platform))
    #expect(result.code == 1, "\(result)")
    #expect(try await platform.run().step("compare").state == "pending")
    try await expectNothingLeft(platform)
  }

  @Test("A table that does not exist, and tables without one row, prove nothing: both fail")
  func nothingToCompare() async throws {
    let platform = try filled()
    let missing = try await platform.routine("backup-verification", "tables=trades_orders no_such_table")
    #expect(missing.code == 1, "\(missing)")
    #expect(try await platform.run().step("dump").reason.contains("no_such_table"))
    let empty = try await platform.routine("backup-verification", "tables=trades_order_book")
    #expect(empty.code == 1, "\(empty)")
    #expect(try await platform.run("RUN-2").step("compare").reason.contains("proves nothing"))
  }

  @Test("A role that may not create databases fails the run with the server's words, and the dump is removed")
  func mayNotCreate() async throws {
    let platform = try filled()
    try platform.database.query("ALTER ROLE \(platform.database.name) NOCREATEDB")
    let result = try await platform.routine("backup-verification")
    #expect(result.code == 1, "\(result)")
    #expect(try await platform.run().step("create-scratch").reason.contains("permission denied"))
    try await expectNothingLeft(platform)
  }
}
