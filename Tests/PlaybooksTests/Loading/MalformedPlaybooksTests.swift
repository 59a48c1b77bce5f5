import Foundation
import IncidentModel
import Synchronization
import TestSupport
import Testing

@testable import Playbooks

/// The playbooks that are shipped, broken in every way that a slip, a bad merge or a bad disk breaks them.
@Suite("Shipped playbooks, broken", .timeLimit(.minutes(30)))
struct MalformedPlaybooksTests {
  private static let seed: UInt64 = 2023
  private static let workers = 4

  private struct Original: Sendable {
    /// The file's name; under another one, each would be refused for that alone.
    let name: String
    let bytes: [UInt8]
  }

  private struct Tally {
    var refused = 0
    var read = 0
    var slowest = Duration.zero
  }

  @Test("Each is read, or refused with line and column; none ends the program")
  func broken() async throws {
    let library = PlaybookLibrary(directory: Repository.file("playbooks"))
    let originals = try library.paths().map { path in
      Original(name: URL(filePath: path).lastPathComponent, bytes: Array(try Data(contentsOf: URL(filePath: path))))
    }
    try #require(originals.count > 20)
    let count = Figures.tries(quick: 10_000, long: 200_000)
    print("breaking \(originals.count) playbooks \(count) times, seed \(Self.seed)")
    let tally = await withTaskGroup(of: Tally.self) { group in
      for worker in 0..<Self.workers {
        group.addTask { Self.breakThem(originals, count / Self.workers, seed: Self.seed + UInt64(worker)) }
      }
      return await group.reduce(into: Tally()) { sum, part in
        sum.refused += part.refused
        sum.read += part.read
        sum.slowest = max(sum.slowest, part.slowest)
      }
    }
    #expect(tally.refused + tally.read == count && tally.refused > count / 2)
    Figures.record(
      [
        "malformed playbooks": count, "refused with line and column": tally.refused, "still valid": tally.read,
        "slowest, ms": Int(tally.slowest / .milliseconds(1)),
      ], promise: "No playbook, however broken, does more than be refused",
      attack: "flipped bytes, shuffled lines, cut ends, splices of the shipped playbooks", in: "Hostile playbooks")
  }

  private static func breakThem(_ originals: [Original], _ count: Int, seed: UInt64) -> Tally {
    var numbers = SeededRandom(seed: seed)
    let loader = PlaybookLoader(library: nil, today: "2031-06-01")
    var tally = Tally()
    for number in 0..<count {
      guard let original = originals.randomElement(using: &numbers) else { return tally }
      let bytes = broken(original.bytes, originals, &numbers)
      var result = LoadResult(playbook: nil, diagnostics: [])
      let time = ContinuousClock().measure { result = loader.load(bytes: bytes, file: original.name) }
      tally.slowest = max(tally.slowest, time)
      if result.playbook == nil { tally.refused += 1 } else { tally.read += 1 }
      let lines = 2 + bytes.count { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
      let isPlaced = result.diagnostics.allSatisfy { (1...lines).contains($0.location.line) && $0.location.column >= 1 }
      if !isPlaced || (result.playbook == nil && result.errors.isEmpty) {
        Issue.record("number \(number) of seed \(seed): \(result.diagnostics.map(\.text))")
      }
    }
    return tally
  }

  private static func broken(
    _ original: [UInt8], _ originals: [Original], _ numbers: inout SeededRandom
  ) -> [UInt8] {
    var bytes = original
    for _ in 0..<Int.random(in: 1...3, using: &numbers) where !bytes.isEmpty {
      switch Int.random(in: 0..<6, using: &numbers) {
      case 0: bytes[Int.random(in: bytes.indices, using: &numbers)] = UInt8.random(in: 0...255, using: &numbers)
      case 1: bytes[Int.random(in: bytes.indices, using: &numbers)] ^= 1 << UInt8.random(in: 0..<8, using: &numbers)
      case 2: bytes.removeSubrange(Int.random(in: bytes.indices, using: &numbers)...)
      case 3: bytes = shuffled(bytes, &numbers)
      case 4: bytes = spliced(bytes, originals.randomElement(using: &numbers)?.bytes ?? [], &numbers)
      default:
        let start = Int.random(in: bytes.indices, using: &numbers)
        bytes.removeSubrange(start..<min(bytes.count, start + Int.random(in: 1...40, using: &numbers)))
      }
    }
    return bytes
  }

  /// A few lines that follow one another, in another order.
  private static func shuffled(_ bytes: [UInt8], _ numbers: inout SeededRandom) -> [UInt8] {
    var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let start = Int.random(in: lines.indices, using: &numbers)
    lines[start..<min(lines.count, start + 6)].shuffle(using: &numbers)
    return Array(lines.joined(separator: [UInt8(ascii: "\n")]))
  }

  /// The beginning of one and the end of another.
  private static func spliced(_ one: [UInt8], _ other: [UInt8], _ numbers: inout SeededRandom) -> [UInt8] {
    guard !other.isEmpty else { return one }
    return Array(one[..<Int.random(in: one.indices, using: &numbers)])
      + other[Int.random(in: other.indices, using: &numbers)...]
  }
}
