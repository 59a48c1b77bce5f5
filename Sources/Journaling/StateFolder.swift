internal import CLinux
internal import Foundation
import Glibc
internal import IncidentModel

/// The folder of the journal, looked at from outside. Makes nothing and writes nothing.
public struct StateFolder: Sendable {
  public let path: String

  public init(path: String) { self.path = path }

  public var exists: Bool { access(path, F_OK) == 0 }

  public var hasJournal: Bool { access(journal, F_OK) == 0 }

  private var journal: String { "\(path)/\(JournalFile.name)" }

  /// The folder itself, or the nearest one above that is there.
  private var ground: String {
    var folder = path.isEmpty ? "." : path
    while access(folder, F_OK) != 0 {
      let above = (folder as NSString).deletingLastPathComponent
      folder = above.isEmpty ? "." : above
      if folder == "." || folder == "/" { break }
    }
    return folder
  }

  /// Why nothing could be written there; `nil` when it could.
  public var refusal: String? {
    var status = stat()
    if stat(ground, &status) == 0, status.st_mode & S_IFMT != S_IFDIR { return "\(ground) is not a folder" }
    for (place, rights) in [(ground, W_OK | X_OK), (journal, R_OK | W_OK), ("\(path)/journal.lock", R_OK | W_OK)] {
      if place != ground, access(place, F_OK) != 0 { continue }
      if access(place, rights) != 0 { return "\(place): \(String(cString: strerror(errno)))" }
    }
    return nil
  }

  /// The kind of network file system it lies on; `nil`: it lies on this machine.
  public var networkFileSystem: String? { JournalFile.networkFileSystems[clinux_file_system_kind(ground)] }

  /// What this user may still write there, in bytes; `nil` when the system does not tell.
  public var freeBytes: Int64? {
    var system = statvfs()
    guard statvfs(ground, &system) == 0 else { return nil }
    return Int64(clamping: UInt64(system.f_bavail) * UInt64(system.f_frsize))
  }

  /// What is wrong at the end of the journal; `nil` when nothing is, or there is none yet.
  ///
  /// Looks at the last entry, the one before it and the anchors, so that it takes no longer in a long journal.
  public func troubleAtHead() -> String? {
    if !hasJournal { return nil }
    do throws(JournalError) {
      let reader = try JournalReader(copyOf: journal)
      return try JournalEnd(reader).trouble(anchors: AnchorFile(directory: path).read())
    } catch { return error.problem.message }
  }
}
