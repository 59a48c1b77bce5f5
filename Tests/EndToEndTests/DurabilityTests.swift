import Foundation
import TestSupport
import Testing

@Suite(
  "A power cut", .inTurn, .enabled(if: compiler != nil, "no C compiler here: apt-get install gcc"),
  .timeLimit(.minutes(40)))
struct DurabilityTests {
  @Test("No step begins before what it is about to do has been synced to the disk")
  func synced() async throws {
    let folder = try TemporaryFolder()
    let (library, syncs, seen) = (folder.file("sync.so"), folder.file("syncs"), folder.file("seen"))
    let source = Repository.file("Tests/StandIns/sync-stand-in.c")
    let program = try #require(compiler)
    let made = waitForExit(try spawnQuietly([program, "-shared", "-fPIC", "-o", library, source, "-ldl"]))
    try #require(made == 0, "the stand-in does not compile")
    let book = try TestPlaybooks(variables: ["LD_PRELOAD": library, "SYNC_STAND_IN": syncs])
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
}

private let compiler = ["/usr/bin/cc", "/usr/bin/gcc", "/usr/bin/clang"].first {
  FileManager.default.isExecutableFile(atPath: $0)
}
