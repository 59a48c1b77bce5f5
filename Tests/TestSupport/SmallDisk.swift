internal import Foundation
internal import Glibc

/// A file system of its own for one test, that can be full, read-only or frozen without hurting anything else. Mounting
/// takes root.
public final class SmallDisk: Sendable {
  public enum Kind: Sendable {
    /// In memory.
    case memory
    /// ext4 in a file: this one can be frozen, so that whoever writes to it hangs.
    case ext4
  }

  public let path: String
  private let folder: TemporaryFolder

  public static let isThere = canMount(.memory)
  public static let canFreeze = canMount(.ext4)
  public static let absence = "mounting a small disk takes root"

  public init(_ kind: Kind = .memory, mebibytes: Int = 8) throws {
    folder = try TemporaryFolder()
    path = folder.file("disk")
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    switch kind {
    case .memory: try Self.run(["mount", "-t", "tmpfs", "-o", "size=\(mebibytes)m,mode=755", "tmpfs", path])
    case .ext4:
      let image = folder.file("image")
      try Self.run(["truncate", "-s", "\(mebibytes)M", image])
      try Self.run(["mkfs.ext4", "-q", "-b", "1024", image])
      try Self.run(["mount", "-o", "loop", image, path])
    }
  }

  deinit {
    try? Self.run(["fsfreeze", "-u", path])
    if (try? Self.run(["umount", path])) == nil { try? Self.run(["umount", "-l", path]) }
  }

  /// Bytes that may still be written.
  public var free: Int {
    var system = statvfs()
    guard statvfs(path, &system) == 0 else { return 0 }
    return Int(system.f_bfree) * Int(system.f_frsize)
  }

  private var filler: String { "\(path)/filler" }

  /// Fills it up to so many bytes, as exactly as its blocks allow.
  public func fill(leaving bytes: Int) throws {
    let count = free - bytes
    if count > 0 { try Self.run(["fallocate", "-l", "\(count)", filler]) }
  }

  /// Frees what `fill` took.
  public func empty() { unlink(filler) }

  public func setReadOnly(_ readOnly: Bool) throws {
    try Self.run(["mount", "-o", "remount,\(readOnly ? "ro" : "rw")", path])
  }

  /// Whoever writes to it waits until it is thawed.
  public func freeze() throws { try Self.run(["fsfreeze", "-f", path]) }
  public func thaw() throws { try Self.run(["fsfreeze", "-u", path]) }

  private static func canMount(_ kind: Kind) -> Bool {
    guard geteuid() == 0, let disk = try? SmallDisk(kind) else { return false }
    return disk.free > 0
  }

  private static func run(_ arguments: [String]) throws {
    guard waitForExit(try spawnQuietly(arguments)) == 0 else { throw Trouble(command: arguments) }
  }

  struct Trouble: Error {
    let command: [String]
  }
}
