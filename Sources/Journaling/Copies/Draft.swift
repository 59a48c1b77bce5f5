internal import Foundation
import Glibc
internal import IncidentModel

/// A file of this user alone that gets its name only when it is whole and on the disk: whoever finds the name finds all
/// of it, whatever became of the process. A file that has the name already is never replaced.
public final class Draft {
  /// Where it is written until then.
  public let path: String
  private let folder: String

  /// Begins one in `folder`, which has to be there.
  public init(in folder: String, for name: String) throws(CopyFailure) {
    self.folder = folder.isEmpty ? "." : folder
    path = "\(self.folder)/.\(name).\(Self.host).\(getpid())\(Self.ending)"
    Self.removeLeftovers(of: name, in: self.folder)
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw CopyFailure(writing: "\(self.folder)/\(name)", errno) }
    close(descriptor)
  }

  /// One that is going to be called `path`; refuses at once where there is such a file.
  public convenience init(of path: String) throws(CopyFailure) {
    if access(path, F_OK) == 0 { throw Self.taken(path) }
    try self.init(
      in: (path as NSString).deletingLastPathComponent, for: (path as NSString).lastPathComponent)
  }

  deinit { unlink(path) }

  /// Waits until all of it is on the disk and gives it its name.
  public func publish(as final: String) throws(CopyFailure) {
    try Self.sync(path, final)
    if link(path, final) != 0 {
      let code = errno
      // Some file systems know no second name for a file. There, another one could get the name between these two lines.
      let canLink = ![EPERM, EOPNOTSUPP, ENOSYS].contains(code)
      if code == EEXIST || !canLink && access(final, F_OK) == 0 { throw Self.taken(final) }
      if canLink { throw CopyFailure(writing: final, code) }
      if rename(path, final) != 0 { throw CopyFailure(writing: final, errno) }
    }
    unlink(path)
    try Self.sync(folder, final)
  }

  private static let ending = ".draft"

  private static let host: String = {
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, name.count - 1)
    return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }()

  private static func taken(_ path: String) -> CopyFailure {
    .taken(Problem("\(path) is there already and was not touched", advice: "Name another one."))
  }

  /// What processes of this machine left that were killed at it; SQLite may have had a journal of its own beside it.
  private static func removeLeftovers(of name: String, in folder: String) {
    let beginning = ".\(name).\(host)."
    for found in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
      let name = found.hasSuffix("-journal") ? String(found.dropLast("-journal".count)) : found
      guard name.hasPrefix(beginning), name.hasSuffix(ending),
        let owner = pid_t(name.dropFirst(beginning.count).dropLast(ending.count)), owner > 0, kill(owner, 0) != 0,
        errno == ESRCH
      else { continue }
      unlink("\(folder)/\(found)")
    }
  }

  private static func sync(_ path: String, _ final: String) throws(CopyFailure) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw CopyFailure(writing: final, errno) }
    defer { close(descriptor) }
    if fsync(descriptor) != 0, errno != EINVAL { throw CopyFailure(writing: final, errno) }
  }
}
