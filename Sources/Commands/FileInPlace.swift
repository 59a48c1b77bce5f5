internal import Foundation
internal import Glibc
internal import IncidentModel

/// A file of people's that is there, and is replaced as a whole: at any moment it is the old one or the new one. Keeps
/// its mode and its owner; a symbolic link stays one, and what it leads to is replaced.
struct FileInPlace {
  /// As it was named.
  let name: String
  /// Without symbolic links.
  private let path: String
  /// What was read.
  let bytes: [UInt8]

  /// - Throws: `CommandFailure` (64) when there is no such file, or it cannot be read.
  init(_ name: String) throws {
    self.name = name
    guard let found = realpath(name, nil) else { throw Self.failure("cannot read \(name)", errno) }
    defer { free(found) }
    path = String(cString: found)
    bytes = try Self.contents(path, name)
  }

  private static func contents(_ path: String, _ name: String) throws -> [UInt8] {
    // Without O_NONBLOCK a pipe would hold us up.
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("cannot read \(name)", errno) }
    let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw CommandFailure(.usage, "\(name) is not a file", advice: "Name the report: state/reports/INC-1.md")
    }
    do { return Array(try file.readToEnd() ?? Data()) } catch {
      throw CommandFailure(.usage, "cannot read \(name): \(error.localizedDescription)")
    }
  }

  /// Puts `new` in its place.
  /// - Throws: `CommandFailure`: 75 when somebody wrote to it since it was read, 64 when it cannot be written. The old
  ///   file is whole then.
  func replace(with new: [UInt8]) throws {
    guard access(path, W_OK) == 0 else { throw Self.failure("cannot write \(name)", errno) }
    var status = stat()
    guard stat(path, &status) == 0 else { throw Self.failure("cannot write \(name)", errno) }
    let (folder, base) = ((path as NSString).deletingLastPathComponent, (path as NSString).lastPathComponent)
    let draft = "\(folder)/.\(base).\(getpid()).andon"
    let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Self.failure("cannot write beside \(name)", errno) }
    let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    do {
      var own = stat()
      let isOurs = fstat(descriptor, &own) == 0 && own.st_uid == status.st_uid && own.st_gid == status.st_gid
      if !isOurs, fchown(descriptor, status.st_uid, status.st_gid) != 0 {
        throw Self.failure("\(name) would not keep its owner", errno)
      }
      guard fchmod(descriptor, status.st_mode & 0o7777) == 0 else {
        throw Self.failure("\(name) would not keep its mode", errno)
      }
      try FailPoint.pass("report.before-write") { CommandFailure(.usage, "cannot write \(name): \($0)") }
      do {
        try file.write(contentsOf: Data(new))
        try file.synchronize()
      } catch { throw CommandFailure(.usage, "cannot write \(name): \(error.localizedDescription)") }
      try FailPoint.pass("report.before-rename") { CommandFailure(.usage, "cannot write \(name): \($0)") }
      guard try Self.contents(path, name) == bytes else {
        throw CommandFailure(
          .busy, "\(name) was changed by somebody else in this moment; nothing was written",
          advice: "Do it again when they are done.")
      }
      guard rename(draft, path) == 0 else { throw Self.failure("cannot write \(name)", errno) }
    } catch {
      unlink(draft)
      throw error
    }
    Self.settle(folder)
  }

  /// The new name outlives a power cut once the folder is on the disk.
  private static func settle(_ folder: String) {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if descriptor < 0 { return }
    fsync(descriptor)
    close(descriptor)
  }

  private static func failure(_ what: String, _ code: Int32) -> CommandFailure {
    let advice =
      code == ENOENT
      ? "andon postmortem create INC-1 writes a report." : "The file is as it was. Mend that, and try again."
    return CommandFailure(.usage, "\(what): \(String(cString: strerror(code)))", advice: advice)
  }
}
