public import Foundation

/// A folder for one test, removed with it.
public final class TemporaryFolder: Sendable {
  public let path: String

  /// - Parameter folder: where it is made, if that is there; `/dev/shm` for files that are written thousands of times.
  public init(beneath folder: String? = nil) throws {
    let ground = folder.flatMap { FileManager.default.isWritableFile(atPath: $0) ? $0 + "/" : nil }
    path = (ground ?? NSTemporaryDirectory()) + "andon-test-\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of something inside.
  public func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes a file, with the folders above it, and returns its path.
  @discardableResult
  public func write(_ text: String, to name: String, mode: Int = 0o600) throws -> String {
    try write(bytes: text.utf8, to: name, mode: mode)
  }

  /// The same, for what need not be text.
  @discardableResult
  public func write(bytes: some Sequence<UInt8>, to name: String, mode: Int = 0o600) throws -> String {
    let target = file(name)
    try FileManager.default.createDirectory(
      atPath: (target as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(fileURLWithPath: target), options: .atomic)
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: target)
    return target
  }
}
