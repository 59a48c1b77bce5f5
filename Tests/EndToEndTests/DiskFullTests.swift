import Foundation
import TestSupport
import Testing

@Suite("A disk that is full at any byte", .inTurn, .needsDatabase, .needsSmallDisk, .timeLimit(.minutes(60)))
struct DiskFullTests {
  /// What may lie on the disk before it is full.
  enum Before: String, CaseIterable, Sendable {
    /// An empty folder: the journal has to be made.
    case nothing
    /// A journal, and nothing set aside.
    case journal
    /// A journal, and a blank spool.
    case blank
    /// Everything that is set aside while there is space.
    case reserve
  }

  private struct Tally {
    var tries = 0
    var spooled = 0
    var slowest = Duration.zero
  }

  @Test(
    "Wherever it is full, the journal stays whole, the emergency step is done and recorded, and nothing else acts unrecorded",
    arguments: Before.allCases)
  func everyOffset(_ before: Before) async throws {
    let disk = try SmallDisk(mebibytes: 12)
    let brake = try Brake(state: "\(disk.path)/state")
    // What the journal holds already shifts where in its writes the disk is full.
    let shapes = Figures.isLong ? Array(0..<10) : [0, 2]
    var tally = Tally()
    for shape in shapes {
      let prepared = try await prepare(before, notes: shape, brake)
      for pages in stride(from: 0, through: 100, by: 4) {
        try await fill(disk, leaving: (pages + shape % 4) * 4096, prepared, brake, &tally)
      }
    }
    Figures.record(
      [
        "tries": tally.tries, "went on with a spool": tally.spooled,
        "slowest, ms": Int(tally.slowest / .milliseconds(1)),
      ],
      promise: "A kill switch stops what it is to stop although the disk is full, and the record stays whole",
      attack: "a disk that is full after 0 to 400 KiB more (\(before.rawValue) set aside)",
      in: "The journal on bad disks")
  }

  /// A state folder to begin from, beside the disk.
  private func prepare(_ before: Before, notes: Int, _ brake: Brake) async throws -> String {
    let state = brake.book.folder.file("prepared-\(notes)")
    try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
    if before == .nothing { return state }
    let opened = try await brake.andon("incident", "open", "x", "--severity", "P3", changing: ["ANDON_STATE": state])
    #expect(opened.code == 0, "\(opened)")
    for note in 0..<notes {
      let text = String(repeating: "n", count: 700 * (note + 1))
      #expect(try await brake.andon("note", text, changing: ["ANDON_STATE": state]).code == 0)
    }
    if before == .journal { try FileManager.default.removeItem(atPath: "\(state)/spool") }
    if before == .blank { try FileManager.default.removeItem(atPath: "\(state)/spool/ballast") }
    return state
  }

  private func fill(
    _ disk: SmallDisk, leaving bytes: Int, _ prepared: String, _ brake: Brake, _ tally: inout Tally
  ) async throws {
    let state = "\(disk.path)/state"
    try? FileManager.default.removeItem(atPath: state)
    try? FileManager.default.removeItem(atPath: brake.second)
    try FileManager.default.copyItem(atPath: prepared, toPath: state)
    for file in FileManager.default.enumerator(atPath: state)?.compactMap({ $0 as? String }) ?? [] {
      let isFolder = file == "spool" || file == "locks" || file == "reports"
      try FileManager.default.setAttributes(
        [.posixPermissions: isFolder ? 0o700 : 0o600], ofItemAtPath: "\(state)/\(file)")
    }
    try brake.reset()
    try disk.fill(leaving: bytes)

    let result = try await brake.pull()
    tally.tries += 1
    tally.slowest = max(tally.slowest, result.elapsed)
    if try await brake.expectKept(result, "\(bytes) bytes left", mend: disk.empty) { tally.spooled += 1 }
  }
}
