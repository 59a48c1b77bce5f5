import Foundation
import TestSupport

/// The clocks of a machine as a test sets them: `Tests/StandIns/clock-stand-in.c`, compiled and loaded into `andon`.
final class Clocks: Sendable {
  private let folder: TemporaryFolder
  private let preload: Preload
  private let offsets: String

  init() throws {
    folder = try TemporaryFolder()
    preload = try Preload("clock-stand-in", in: folder)
    offsets = folder.file("offsets")
    try set(wall: .zero, boot: .zero)
  }

  /// What a program needs to see these clocks.
  var variables: [String: String] { preload.variables.merging(["CLOCK_STAND_IN": offsets]) { old, _ in old } }

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
