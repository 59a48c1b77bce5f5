import Foundation
import Glibc
import IncidentModel
import Journaling
import Synchronization
import TestSupport
import Testing

/// Every bit in the long tier; in the quick one a bit of each 16 bytes, which the seed picks.
@Suite("Flipped bits", .timeLimit(.minutes(180)))
struct FlippedBitTests {
  private struct Tally {
    var flips = 0
    var named = 0
    var identical = 0
    var wrong: [String] = []
  }

  private struct Flip: Sendable {
    let byte: Int
    let bit: Int
  }

  private static let seed: UInt64 = 41

  private static func flips(of count: Int) -> [Flip] {
    if Figures.isLong { return (0..<count).flatMap { byte in (0..<8).map { Flip(byte: byte, bit: $0) } } }
    var numbers = SeededRandom(seed: seed)
    return stride(from: 0, to: count, by: 24).map { byte in
      Flip(
        byte: min(byte + Int.random(in: 0..<24, using: &numbers), count - 1),
        bit: Int.random(in: 0..<8, using: &numbers))
    }
  }

  @Test("A flipped bit is named, or every entry is byte for byte what it was")
  func everyBit() async throws {
    let journal = try EvidentJournal()
    let flips = Self.flips(of: journal.bytes.count)
    print("flipping \(flips.count) of \(journal.bytes.count * 8) bits, seed \(Self.seed)")
    let workers = ProcessInfo.processInfo.activeProcessorCount
    let tally = try await withThrowingTaskGroup(of: Tally.self) { group in
      for worker in 0..<workers {
        group.addTask {
          try Self.flip(stride(from: worker, to: flips.count, by: workers).map { flips[$0] }, in: journal)
        }
      }
      return try await group.reduce(into: Tally()) { sum, part in
        sum.flips += part.flips
        sum.named += part.named
        sum.identical += part.identical
        sum.wrong += part.wrong
      }
    }
    #expect(tally.wrong.isEmpty, "\(tally.wrong.prefix(20))")
    #expect(tally.flips == flips.count && tally.named + tally.identical == flips.count)
    // Much of the file is empty, or belongs to indexes, which hold nothing of an entry.
    #expect(tally.named > flips.count / 4)
    Figures.record(
      [
        "bits flipped": tally.flips, "of": journal.bytes.count * 8, "named": tally.named,
        "without effect on any entry": tally.identical, "missed": tally.wrong.count,
      ], promise: "What is not as it was written is named", attack: "flip bits of a journal of 200 entries",
      in: "Tamper evidence")
  }

  private static func flip(_ flips: [Flip], in journal: EvidentJournal) throws -> Tally {
    let folder = try TemporaryFolder(beneath: "/dev/shm")
    let path = folder.file("journal.db")
    try Data(journal.bytes).write(to: URL(filePath: path))
    let descriptor = open(path, O_RDWR | O_CLOEXEC)
    defer { close(descriptor) }
    var tally = Tally()
    for flip in flips {
      var byte = journal.bytes[flip.byte] ^ (1 << flip.bit)
      guard pwrite(descriptor, &byte, 1, flip.byte) == 1 else { throw POSIXError(.EIO) }
      tally.flips += 1
      let report = try? JournalVerifier(file: path).verify(anchors: journal.anchors)
      switch report?.verdict {
      // A file that cannot even be opened is named as a whole.
      case nil: tally.named += 1
      case .altered(let sequence, let why)
      where (0...Int64(EvidentJournal.count + 1)).contains(sequence) && !why.isEmpty:
        tally.named += 1
      case .anchored where (try? StoredRow.all(in: path)) == journal.entries: tally.identical += 1
      default: tally.wrong.append("byte \(flip.byte) bit \(flip.bit): \(report.map { "\($0.verdict)" } ?? "")")
      }
      byte = journal.bytes[flip.byte]
      guard pwrite(descriptor, &byte, 1, flip.byte) == 1 else { throw POSIXError(.EIO) }
    }
    return tally
  }

  @Test("The second verifier gives the same verdict on flipped bits", .enabled(if: Repository.python != nil))
  func agreement() async throws {
    let journal = try EvidentJournal()
    let folder = try TemporaryFolder(beneath: "/dev/shm")
    var numbers = SeededRandom(seed: Self.seed + 1)
    var (checked, disagreements) = (0, 0)
    for round in 0..<Figures.tries(quick: 2, long: 50) {
      var files: [(path: String, code: Int32, what: String)] = []
      for number in 0..<100 {
        let byte = Int.random(in: journal.bytes.indices, using: &numbers)
        let bit = Int.random(in: 0..<8, using: &numbers)
        var bytes = journal.bytes
        bytes[byte] ^= 1 << bit
        let path = try folder.write(bytes: bytes, to: "\(round)-\(number)/journal.db")
        let verdict = try? JournalVerifier(file: path).verify(anchors: []).verdict
        files.append((path, verdict.map(SecondVerifier.code(of:)) ?? 1, "byte \(byte) bit \(bit)"))
      }
      let codes = try await SecondVerifier.codes(of: files.map(\.path))
      try #require(codes.count == files.count)
      for (file, code) in zip(files, codes) {
        #expect(file.code == code, "\(file.what): Swift says \(file.code), Python \(code)")
        checked += 1
        if file.code != code { disagreements += 1 }
      }
      for file in files {
        try FileManager.default.removeItem(atPath: (file.path as NSString).deletingLastPathComponent)
      }
    }
    Figures.record(
      ["files": checked, "disagreements": disagreements], promise: "A second, independent verifier says the same",
      attack: "journals with a flipped bit", in: "Tamper evidence")
  }
}
