import Foundation
import Glibc
import IncidentModel
import TestSupport
import Testing

@Suite("A kill switch whose journal is in a bad state", .alone, .needsDatabase, .timeLimit(.minutes(40)))
struct SpoolTests {
  /// The kill switch stops what it is to stop, says so loudly, and does nothing else; an ordinary run refuses. Then, with
  /// the place mended, its record comes into the journal whole.
  private func expectDegraded(
    _ brake: Brake, mend: () throws -> Void, sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) async throws {
    let ordinary = try await brake.runOrdinary()
    #expect(ordinary.code == 73, "\(ordinary)", sourceLocation: sourceLocation)
    #expect(try !brake.isTold, "an effect without a record", sourceLocation: sourceLocation)
    let before = Date()
    let result = try await brake.pull()
    #expect(result.code == 3, "\(result)", sourceLocation: sourceLocation)
    #expect(result.elapsed < .seconds(5), "\(result)", sourceLocation: sourceLocation)
    #expect(try brake.isStopped, "\(result)", sourceLocation: sourceLocation)
    #expect(try !brake.isTold, "a step that is no emergency ran: \(result)", sourceLocation: sourceLocation)
    for text in ["DEGRADED", "import-spool", "exit 3"] {
      #expect(result.output.contains(text), "no '\(text)' in \(result)", sourceLocation: sourceLocation)
    }

    try mend()
    let status = try await brake.andon("status")
    #expect(status.output.contains("import-spool"), "\(status)", sourceLocation: sourceLocation)
    let imported = try await brake.andon("journal", "import-spool")
    #expect(imported.code == 0, "\(imported)", sourceLocation: sourceLocation)
    #expect([0, 3].contains(try await brake.andon("journal", "verify").code), sourceLocation: sourceLocation)
    let run = try await brake.lastRun()
    #expect(run.step("stop").outcome == "done verified", sourceLocation: sourceLocation)
    #expect(run.step("tell").state == "pending", sourceLocation: sourceLocation)
    #expect(!run["run", "degraded"].isEmpty && run["run", "degraded"] != "null", sourceLocation: sourceLocation)
    // From the program's start to the durable intent.
    let intended = try #require(try brake.moment(of: "step.intended"), sourceLocation: sourceLocation)
    let took = Int((intended.timeIntervalSince(before) * 1000).rounded())
    print("figures: kill switch starts after \(took) ms")
    #expect(took <= 2500, sourceLocation: sourceLocation)
  }

  @Test("The state folder cannot be made: it goes on")
  func noFolder() async throws {
    let brake = try Brake(state: nil)
    let file = try brake.book.folder.write("a file, not a folder", to: "state")
    try await expectDegraded(brake) { try FileManager.default.removeItem(atPath: file) }
  }

  @Test("Some other file stands in the journal's place: it goes on, and the file stays as it was")
  func otherFile() async throws {
    let brake = try Brake()
    let path = try brake.book.folder.write("somebody's precious text", to: "state/journal.db")
    try await expectDegraded(brake) {
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "somebody's precious text")
      try FileManager.default.removeItem(atPath: path)
    }
  }

  @Test("The journal is damaged: it goes on")
  func damaged() async throws {
    let brake = try Brake()
    #expect(try await brake.andon("incident", "open", "x", "--severity", "P3").code == 0)
    let path = "\(brake.book.state)/journal.db"
    let good = try Data(contentsOf: URL(filePath: path))
    var bad = good
    for index in 20..<bad.count { bad[index] = 0xA5 }
    try bad.write(to: URL(filePath: path))
    try await expectDegraded(brake) { try good.write(to: URL(filePath: path)) }
  }

  @Test("The disk is full and nothing was set aside: it goes on from a second file system", .needsSmallDisk)
  func fullDisk() async throws {
    let disk = try SmallDisk()
    try FileManager.default.createDirectory(atPath: "\(disk.path)/state", withIntermediateDirectories: true)
    let brake = try Brake(state: "\(disk.path)/state")
    try disk.fill(leaving: 0)
    try await expectDegraded(brake) {
      #expect(brake.spools().allSatisfy { $0.hasPrefix(brake.second) })
      disk.empty()
    }
  }

  @Test("The disk is full and a blank spool was set aside: it goes on beside the journal", .needsSmallDisk)
  func blankSpool() async throws {
    let disk = try SmallDisk(mebibytes: 16)
    let brake = try Brake(state: "\(disk.path)/state")
    #expect(try await brake.andon("incident", "open", "x", "--severity", "P3").code == 0)
    try FileManager.default.removeItem(atPath: "\(disk.path)/state/spool/ballast")
    try disk.fill(leaving: 0)
    try await expectDegraded(brake) {
      #expect(brake.spools().allSatisfy { $0.hasPrefix(disk.path) })
      disk.empty()
    }
  }

  @Test("The disk is full and ballast was set aside: the journal takes everything after all", .needsSmallDisk)
  func ballast() async throws {
    let disk = try SmallDisk(mebibytes: 16)
    let brake = try Brake(state: "\(disk.path)/state")
    #expect(try await brake.andon("incident", "open", "x", "--severity", "P3").code == 0)
    try disk.fill(leaving: 0)
    #expect(try await brake.runOrdinary().code == 73)
    let result = try await brake.pull()
    #expect(result.code == 0, "\(result)")
    #expect(try brake.isStopped && brake.isTold)
    #expect(brake.spools().isEmpty)
    #expect([0, 3].contains(try await brake.andon("journal", "verify").code))
  }

  @Test("The file system is read-only: it goes on from a second one", .needsSmallDisk)
  func readOnly() async throws {
    let disk = try SmallDisk(mebibytes: 16)
    let brake = try Brake(state: "\(disk.path)/state")
    #expect(try await brake.andon("incident", "open", "x", "--severity", "P3").code == 0)
    try disk.setReadOnly(true)
    try await expectDegraded(brake) { try disk.setReadOnly(false) }
  }

  @Test("A stopped process holds the journal's lock: it does not wait for it")
  func lockIsHeld() async throws {
    let brake = try Brake()
    #expect(try await brake.andon("incident", "open", "x", "--severity", "P3").code == 0)
    let script = """
      import fcntl, os, signal, struct, sys
      file = os.open(sys.argv[1], os.O_RDWR)
      fcntl.fcntl(file, 37, struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 0, 0, 0))  # F_OFD_SETLK
      open(sys.argv[2], "w").close()
      os.kill(os.getpid(), signal.SIGSTOP)
      """
    let mark = brake.book.folder.file("held")
    let holder = try RunningProgram(
      ["/usr/bin/python3", "-c", script, "\(brake.book.state)/journal.lock", mark], environment: [:])
    try await eventually("the lock is held") { FileManager.default.fileExists(atPath: mark) }
    try await expectDegraded(brake) { holder.kill() }
  }

  @Test("The disk hangs: it goes on, and what hung does not come back twice", .needsFreezing)
  func frozen() async throws {
    let disk = try SmallDisk(.ext4, mebibytes: 24)
    let brake = try Brake(state: "\(disk.path)/state")
    #expect(try await brake.andon("incident", "open", "x", "--severity", "P3").code == 0)
    try disk.freeze()
    let program = try brake.startPull()
    let began = ContinuousClock.now
    // The process itself cannot leave before its hanging thread does: what counts is what it did and said.
    do {
      try await eventually("trading is stopped", within: .seconds(10)) { try brake.isStopped }
      #expect(ContinuousClock.now - began < .seconds(5))
      try await eventually("it says how it ended") { program.stdout.contains("exit 3") }
    } catch {
      try disk.thaw()
      throw error
    }
    try disk.thaw()
    let result = try await program.wait()
    #expect(result.code == 3, "\(result)")
    #expect(try !brake.isTold)
    let imported = try await brake.andon("journal", "import-spool")
    #expect(imported.code == 0, "\(imported)")
    #expect([0, 3].contains(try await brake.andon("journal", "verify").code))
    let starts = try JournalFile(path: "\(disk.path)/state/journal.db").entries.filter {
      $0.body.contains("run.started")
    }
    #expect(starts.count == 1)
  }

  @Test("Somebody is there: what is left is not asked for, and they are told how to go on")
  func attended() async throws {
    let brake = try Brake()
    try brake.book.folder.write("somebody's precious text", to: "state/journal.db")
    let terminal = try Terminal([AndonProgram.path, "pull", "stop-all"], environment: brake.variables())
    #expect(try await terminal.expect("STOP to confirm"), "\(terminal.transcript)")
    terminal.send("STOP")
    let result = try await terminal.wait()
    #expect(result.code == 3, "\(terminal.transcript)")
    #expect(terminal.transcript.contains("DEGRADED") && terminal.transcript.contains("import-spool"))
    #expect(try brake.isStopped && !brake.isTold)
  }

  enum Loss: String, CaseIterable { case deleted, replaced, full, movedAway }

  @Test(
    "The journal is lost while a step runs: its outcome is kept, and no other step begins", .needsSmallDisk,
    arguments: Loss.allCases)
  func lostInTheMiddle(_ loss: Loss) async throws {
    let disk = try SmallDisk(mebibytes: 16)
    let brake = try Brake(state: "\(disk.path)/state")
    let path = "\(disk.path)/state/journal.db"
    let holder = try brake.database.foreignSession(named: "psql-of-somebody")
    try holder.run("BEGIN")
    try holder.run("SELECT 1 FROM trades_config WHERE key = 'TRADES_ENABLED' FOR UPDATE")
    let program = try brake.startPull()
    try await eventually("the UPDATE waits") {
      try brake.database.value(
        """
        SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
        """) != "0"
    }
    switch loss {
    case .deleted: try FileManager.default.removeItem(atPath: path)
    case .replaced:
      try FileManager.default.copyItem(atPath: path, toPath: "\(path).new")
      _ = Glibc.rename("\(path).new", path)
    case .full:
      try FileManager.default.removeItem(atPath: "\(disk.path)/state/spool/ballast")
      try disk.fill(leaving: 0)
    case .movedAway:
      try FileManager.default.moveItem(atPath: path, toPath: "\(path).away")
    }
    try holder.run("ROLLBACK")
    let result = try await program.wait()
    #expect(result.code == 3, "\(result)")
    #expect(try brake.isStopped && !brake.isTold, "\(result)")
    #expect(result.output.contains("DEGRADED"), "\(result)")

    disk.empty()
    if loss == .movedAway { try FileManager.default.moveItem(atPath: "\(path).away", toPath: path) }
    if loss == .full || loss == .movedAway {
      let resumed = try await brake.andon("resume", "RUN-1")
      #expect(resumed.code == 77 && resumed.output.contains("import-spool"), "\(resumed)")
    }
    let imported = try await brake.andon("journal", "import-spool")
    #expect(imported.code == 0 || imported.code == 3 && imported.stdout.contains("NOT LINKED"), "\(imported)")
    let run = try await brake.lastRun()
    #expect(run.step("stop").outcome == "done verified", "\(run.step("stop").reason)")
    let resumed = try await brake.andon("resume", run["run", "id"], "--yes")
    #expect(resumed.code == 3, "\(resumed)")
    #expect(try brake.isTold)
    let after = try await brake.lastRun()
    #expect(after["run", "state"] == "done" && after["run", "degraded"] != "null")
  }

  @Test("No place takes a record: nothing is done, 73, and the commands to type are printed")
  func noSink() async throws {
    let brake = try Brake()
    let script = "(ulimit -f 0; exec \"$@\") 2>&1 | cat; exit ${PIPESTATUS[0]}"
    let result = try await RunningProgram(
      ["/bin/bash", "-c", script, "bash", AndonProgram.path, "pull", "stop-all", "--confirm", "STOP"],
      environment: brake.variables()
    ).wait()
    #expect(result.code == 73, "\(result)")
    #expect(try !brake.isStopped, "an effect without a record: \(result)")
    #expect(
      result.stdout.contains(
        "psql \"$DB\" -v ON_ERROR_STOP=1 -c 'UPDATE trades_config SET value = '\\''false'\\'' "
          + "WHERE key = '\\''TRADES_ENABLED'\\'''"), "\(result)")
    #expect(!result.output.contains(brake.database.password))
  }
}

extension Brake {
  func lastRun() async throws -> Record {
    let history = try Record(await andon("history", "--json"))
    let last = history.json["runs"]?.items.last?["id"]?.displayText ?? "RUN-1"
    return try Record(await andon("show", last, "--json"))
  }

  /// When the last entry of this kind was recorded.
  func moment(of kind: String) throws -> Date? {
    let entries = try JournalFile(path: "\(variables()["ANDON_STATE"] ?? "")/journal.db").entries
    let body = try entries.map { try Value.json(Data($0.body.utf8)) }.last { $0["kind"]?.displayText == kind }
    let formatter = ISO8601DateFormatter()
    formatter.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
    return body?["at"].flatMap { formatter.date(from: $0.displayText) }
  }
}

extension Trait where Self == ConditionTrait {
  static var needsSmallDisk: Self { .enabled(if: SmallDisk.isThere, Comment(rawValue: SmallDisk.absence)) }
  static var needsFreezing: Self { .enabled(if: SmallDisk.canFreeze, Comment(rawValue: SmallDisk.absence)) }
}
