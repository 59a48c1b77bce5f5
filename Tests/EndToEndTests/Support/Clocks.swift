import Foundation
import TestSupport
import Testing

/// The clocks of a machine as a test sets them: `Tests/StandIns/clock-stand-in.c`, compiled and loaded into `andon`.
final class Clocks: Sendable {
  private let folder: TemporaryFolder
  private let library: String
  private let offsets: String

  /// False where nothing can be compiled.
  static let isThere = compiler != nil
  static let absence: Comment = "no C compiler here: apt-get install gcc"

  private static let compiler = ["/usr/bin/cc", "/usr/bin/gcc", "/usr/bin/clang"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  init() throws {
    folder = try TemporaryFolder()
    library = folder.file("clock-stand-in.so")
    offsets = folder.file("offsets")
    let source = Repository.file("Tests/StandIns/clock-stand-in.c")
    let made = waitForExit(
      try spawnQuietly([try #require(Self.compiler), "-O1", "-shared", "-fPIC", "-o", library, source, "-ldl"]))
    try #require(made == 0, "the clocks' stand-in does not compile")
    try set(wall: .zero, boot: .zero)
  }

  /// What a program needs to see these clocks.
  var variables: [String: String] { ["LD_PRELOAD": library, "CLOCK_STAND_IN": offsets] }

  /// Sets how far the clocks are ahead of the machine's own from now on, in programs that run as well.
  func set(wall: Duration, boot: Duration = .zero) throws {
    var numbers = [wall, boot].map {
      Int64($0.components.seconds * 1_000_000_000 + $0.components.attoseconds / 1_000_000_000)
    }
    let bytes = numbers.withUnsafeMutableBytes { Data($0) }
    guard FileManager.default.fileExists(atPath: offsets) else { return try bytes.write(to: URL(filePath: offsets)) }
    // In place: the programs have it mapped.
    let file = try FileHandle(forWritingTo: URL(filePath: offsets))
    try file.write(contentsOf: bytes)
    try file.close()
  }
}
