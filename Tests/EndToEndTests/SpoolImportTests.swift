import Foundation
import TestSupport
import Testing

@Suite("andon journal import-spool", .inTurn, .needsDatabase, .timeLimit(.minutes(40)))
struct SpoolImportTests {
  /// A run that is in a spool beside its journal's place, which is mended already.
  private func spooled() async throws -> (Brake, spool: String) {
    let brake = try Brake()
    let path = try brake.book.folder.write("not a journal", to: "state/journal.db")
    let result = try await brake.pull()
    try #require(result.code == 3, "\(result)")
    try FileManager.default.removeItem(atPath: path)
    return (brake, try #require(brake.spools().first))
  }

  @Test("Twice adds nothing, from the same file under any name")
  func twice() async throws {
    let (brake, spool) = try await spooled()
    let copy = brake.book.folder.file("copy.spool")
    try FileManager.default.copyItem(atPath: spool, toPath: copy)
    #expect(try await brake.andon("journal", "import-spool").code == 0)
    let journal = JournalFile(path: "\(brake.book.state)/journal.db")
    let count = try journal.entries.count
    let again = try await brake.andon("journal", "import-spool", copy)
    #expect(again.code == 0 && again.stdout.contains("nothing new"), "\(again)")
    let none = try await brake.andon("journal", "import-spool")
    #expect(none.code == 0 && none.stdout.contains("No spool"), "\(none)")
    #expect(try journal.entries.count == count)
    #expect(try !(await brake.andon("status")).output.contains("import-spool"))
  }

  @Test("The run gets the next number of the journal, and its incident too")
  func numbers() async throws {
    let (brake, _) = try await spooled()
    #expect(try await brake.runOrdinary().code == 0)
    #expect(try await brake.andon("incident", "open", "x", "--severity", "P3").code == 0)
    let imported = try await brake.andon("journal", "import-spool")
    #expect(imported.stdout.contains("RUN-2 of INC-2"), "\(imported)")
    let verified = try await brake.andon("journal", "verify")
    #expect(verified.code == 0, "\(verified)")
    // The second implementation says the same.
    let second = try await RunningProgram(
      ["/usr/bin/python3", Repository.file("Tests/verify_journal.py"), "\(brake.book.state)/journal.db"],
      environment: [:]
    ).wait()
    #expect(second.code == verified.code, "\(second)")
    let run = try Record(await brake.andon("show", "RUN-2", "--json"))
    #expect(run["run", "playbook"] == "stop-all" && run["run", "incident"] == "INC-2")
  }

  @Test("A spool that is damaged where it begins is told from none: 65, and the file stays", arguments: [0, 60])
  func noHeading(byte: Int) async throws {
    let (brake, spool) = try await spooled()
    var bytes = try Data(contentsOf: URL(filePath: spool))
    bytes[byte] ^= 1
    try bytes.write(to: URL(filePath: spool))
    for result in [
      try await brake.andon("journal", "import-spool"), try await brake.andon("journal", "import-spool", spool),
    ] {
      #expect(result.code == 65 && result.stderr.contains(spool), "\(result)")
    }
    #expect(try Data(contentsOf: URL(filePath: spool)) == bytes)
  }

  @Test("A record that was changed is refused, and nothing is imported")
  func changed() async throws {
    let (brake, spool) = try await spooled()
    let bytes = try Data(contentsOf: URL(filePath: spool))
    // The checksum is made to fit, as somebody would who means it: only the chain tells.
    let script = """
      import struct, sys, zlib
      data = bytearray(open(sys.argv[1], "rb").read())
      place, seen = 0, 0
      while data[place:place + 4] == b"ASPL":
          length = struct.unpack(">I", data[place + 4:place + 8])[0]
          end = place + 52 + length
          body = data[place + 52:end]
          if b"step.finished" in body:
              data[place + 52:end] = body.replace(b"verified", b"verifled")
              data[place + 8:place + 12] = struct.pack(">I", zlib.crc32(bytes(data[place + 12:end])))
              seen += 1
          place = end
      open(sys.argv[1], "wb").write(data)
      sys.exit(0 if seen else 1)
      """
    #expect(
      try await RunningProgram(["/usr/bin/python3", "-c", script, spool], environment: [:]).wait().code == 0)
    #expect(try Data(contentsOf: URL(filePath: spool)) != bytes)
    let result = try await brake.andon("journal", "import-spool")
    #expect(result.code == 65 && result.stderr.contains("changed"), "\(result)")
    #expect(try JournalFile(path: "\(brake.book.state)/journal.db").entries.isEmpty)
  }

  @Test("A record that rotted is missing, and named by its number")
  func rotten() async throws {
    let (brake, spool) = try await spooled()
    var bytes = try Data(contentsOf: URL(filePath: spool))
    let place = try #require(bytes.range(of: Data("step.checked".utf8))).lowerBound
    bytes[place] ^= 0x40
    try bytes.write(to: URL(filePath: spool))
    let result = try await brake.andon("journal", "import-spool")
    #expect(result.code == 3, "\(result)")
    #expect(result.stdout.contains("MISSING: records ") && result.stdout.contains("DAMAGED"), "\(result)")
    let timeline = try await brake.andon("timeline", "show", "INC-1")
    #expect(timeline.stdout.contains("MISSING"), "\(timeline)")
    #expect([0, 3].contains(try await brake.andon("journal", "verify").code))
  }

  @Test("Only its owner can read a spool, and no secret is in it")
  func privacy() async throws {
    let (brake, spool) = try await spooled()
    let attributes = try FileManager.default.attributesOfItem(atPath: spool)
    #expect(attributes[.posixPermissions] as? Int == 0o600)
    let folder = (spool as NSString).deletingLastPathComponent
    #expect(try FileManager.default.attributesOfItem(atPath: folder)[.posixPermissions] as? Int == 0o700)
    let bytes = try Data(contentsOf: URL(filePath: spool))
    #expect(bytes.range(of: Data("step.intended".utf8)) != nil)
    #expect(bytes.range(of: Data(brake.database.password.utf8)) == nil)
  }

  @Test("--json tells the record although no journal has it")
  func json() async throws {
    let brake = try Brake()
    try brake.book.folder.write("not a journal", to: "state/journal.db")
    let result = try await brake.andon("pull", "stop-all", "--confirm", "STOP", "--json")
    #expect(result.code == 3, "\(result)")
    #expect(result.stdout.contains("\"degraded\"") && result.stdout.contains("RUN-?"), "\(result)")
    #expect(result.stderr.contains("DEGRADED"), "\(result)")
  }
}
