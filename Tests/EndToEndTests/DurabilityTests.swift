import Foundation
import TestSupport
import Testing

@Suite("A power cut", .inTurn, .needsCompiler, .timeLimit(.minutes(40)))
struct DurabilityTests {
  @Test("No step begins before what it is about to do has been synced to the disk")
  func synced() async throws {
    let folder = try TemporaryFolder()
    let (syncs, seen) = (folder.file("syncs"), folder.file("seen"))
    let preload = try Preload("sync-stand-in", in: folder)
    let book = try TestPlaybooks(variables: preload.variables.merging(["SYNC_STAND_IN": syncs]) { old, _ in old })
    let names = ["one", "two", "three", "four", "five"]
    try book.add(
      "counts",
      steps: names.map { name in
        "- {id: \(name), effect: write, shell: {run: 'wc -c < \"$SYNCS\" >> \"$SEEN\"', "
          + "env: {SYNCS: \(syncs), SEEN: \(seen)}}}"
      }.joined(separator: "\n"))
    let result = try await book.run("counts")
    #expect(result.code == 0, "\(result)")
    let counts = try String(contentsOfFile: seen, encoding: .utf8).split(separator: "\n").compactMap { Int($0) }
    #expect(counts.count == names.count && zip(counts, counts.dropFirst()).allSatisfy { $0 < $1 }, "\(counts)")
    #expect(counts.first ?? 0 > 0)
  }

  @Test("What a step came to and the next one's intent are one commit, and so are the last outcome and the run's end")
  func flushes() async throws {
    let folder = try TemporaryFolder()
    let syncs = folder.file("syncs")
    let preload = try Preload("sync-stand-in", in: folder)
    let book = try TestPlaybooks(variables: preload.variables.merging(["SYNC_STAND_IN": syncs]) { old, _ in old })
    var counts: [Int] = []
    // The first one makes the journal.
    for length in [1, 1, 6] {
      try book.add(
        "steps-\(length)", steps: (1...length).map { "- {id: s\($0), set: {it: '1'}}" }.joined(separator: "\n"))
      try Data().write(to: URL(filePath: syncs))
      let result = try await book.run("steps-\(length)")
      #expect(result.code == 0, "\(result)")
      counts.append(try Data(contentsOf: URL(filePath: syncs)).count)
    }
    #expect(counts[2] - counts[1] == 5, "more than one for a step: \(counts)")
    // Besides the step's: the new log, the start, the end, and the log put back into the one file in two.
    #expect(counts[1] == 6, "\(counts)")
  }
}
