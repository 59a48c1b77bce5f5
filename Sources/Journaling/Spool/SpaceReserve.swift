internal import CLinux
internal import Foundation
import Glibc
internal import IncidentModel

/// Space set aside beside the journal while there is some, for the hour when there is none: a ballast that can be
/// dropped, and a blank file that takes a spool without the disk having to give anything.
struct SpaceReserve: Sendable {
  static let folderName = "spool"
  let folder: String

  init(directory: String) { folder = "\(directory)/\(Self.folderName)" }

  /// Enough for the entries of a whole kill switch, twice.
  private static let ballastSize = 512 << 10
  private static let blankSize = 256 << 10

  private var ballast: String { "\(folder)/ballast" }
  private var blank: String { "\(folder)/blank" }

  /// Makes what is missing. Never at the price of the journal: not when space is short.
  func provide() {
    for (path, size) in [(ballast, Self.ballastSize), (blank, Self.blankSize)] where access(path, F_OK) != 0 {
      guard (try? PrivateFolder.make(folder)) != nil, freeBytes ?? 0 > 8 * Self.ballastSize else { return }
      make(path, size)
    }
  }

  /// Under another name first: nobody may find half of it.
  private func make(_ path: String, _ size: Int) {
    let draft = "\(path).\(getpid())"
    let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    if posix_fallocate(descriptor, 0, off_t(size)) != 0 || rename(draft, path) != 0 { unlink(draft) }
  }

  /// Drops the ballast where the disk is full. True: there is space now that was not there before.
  func release() -> Bool {
    guard let free = freeBytes, free < Self.ballastSize else { return false }
    return unlink(ballast) == 0
  }

  /// Makes the blank file the one at `path`, which lies beside it. Needs no space. False: there is none.
  func claimBlank(as path: String) -> Bool { rename(blank, path) == 0 }

  /// What this user may still write there, in bytes; `nil` when the system does not tell.
  private var freeBytes: Int? {
    var system = statvfs()
    guard statvfs(folder, &system) == 0 else { return nil }
    let blocks = geteuid() == 0 ? system.f_bfree : system.f_bavail
    return Int(clamping: UInt64(blocks) * UInt64(system.f_frsize))
  }
}
