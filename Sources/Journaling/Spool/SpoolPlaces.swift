internal import CLinux
internal import Crypto
internal import Foundation
import Glibc
internal import IncidentModel

/// Where the spools of one state folder may lie: beside its journal, and on other file systems.
public struct SpoolPlaces: Sendable {
  /// Where the journal is, as people named it.
  let directory: String
  private let chosen: String?

  /// - Parameter chosen: a folder on a second file system, from `ANDON_SPOOL`; without it the usual ones are tried.
  public init(stateDirectory: String, chosen: String?) {
    directory = stateDirectory
    self.chosen = chosen
  }

  struct Place: Sendable, Hashable {
    let folder: String
    let isBesideJournal: Bool

    /// False for a file system in memory.
    var isLasting: Bool { !Self.inMemory.contains(clinux_file_system_kind(folder)) }

    private static let inMemory: Set<Int> = [0x0102_1994, 0x8584_58F6]  // tmpfs, ramfs

    /// Makes the folder, and makes sure that nobody else has a say in it: where everybody may write, somebody may have
    /// been there first. A reason, or `nil`.
    func prepare() -> String? {
      do throws(JournalError) { try PrivateFolder.make(folder) } catch { return error.problem.message }
      return isOurs ? nil : "it is not a folder of this user alone"
    }

    var isOurs: Bool {
      var status = stat()
      guard lstat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return false }
      return status.st_uid == geteuid() && status.st_mode & 0o077 == 0
    }
  }

  private static let usual = ["/var/tmp", "/run/user/\(geteuid())", "/dev/shm"]

  /// In the order in which they are tried: on another file system before the same one, on a disk before memory.
  var places: [Place] {
    let device = Self.device(of: directory)
    let (others, same) = Self.usual.filter { access($0, W_OK | X_OK) == 0 }.reduce(into: ([String](), [String]())) {
      if Self.device(of: $1) == device { $0.1.append($1) } else { $0.0.append($1) }
    }
    let beside = Place(folder: SpaceReserve(directory: directory).folder, isBesideJournal: true)
    return [beside]
      + ([chosen].compactMap { $0 } + others + same).map { base in
        Place(folder: "\(base)/andon-spool-\(geteuid())", isBesideJournal: false)
      }
  }

  /// Of the folder, or of the nearest one above it that is there.
  private static func device(of path: String) -> UInt? {
    var (path, status) = (Self.absolute(path), stat())
    while stat(path, &status) != 0 {
      if path == "/" { return nil }
      path = (path as NSString).deletingLastPathComponent
    }
    return UInt(status.st_dev)
  }

  private static func absolute(_ path: String) -> String {
    path.hasPrefix("/") ? path : "\(FileManager.default.currentDirectoryPath)/\(path)"
  }

  // MARK: - Files

  static let ending = ".spool"
  /// What the name of a file ends with once all of it is in the journal.
  static let importedEnding = ".imported"

  /// Whether a file of this name may hold a spool, imported or not.
  public static func isSpool(_ name: String) -> Bool { name.hasSuffix(ending) || name.hasSuffix(importedEnding) }

  /// Which state folder a file belongs to: many may use the same place.
  private var key: String {
    var (existing, rest) = (Self.absolute(directory), [String]())
    while true {
      if let real = realpath(existing, nil) {
        defer { free(real) }
        let whole = ([String(cString: real)] + rest.reversed()).joined(separator: "/")
        return SHA256.hash(data: Data(whole.utf8)).prefix(6).map { Array([$0]).hexText }.joined()
      }
      rest.append((existing as NSString).lastPathComponent)
      existing = (existing as NSString).deletingLastPathComponent
    }
  }

  func path(of spool: String, in place: Place) -> String { "\(place.folder)/\(key)-\(spool)\(Self.ending)" }

  /// Files that nobody is writing any more and that are not in the journal yet.
  public func waiting() -> [String] {
    let prefix = "\(key)-"
    return places.filter(\.isOurs).flatMap { place in
      ((try? FileManager.default.contentsOfDirectory(atPath: place.folder)) ?? []).sorted()
        .filter { $0.hasPrefix(prefix) && $0.hasSuffix(Self.ending) }.map { "\(place.folder)/\($0)" }
    }.filter { !Self.isBeingWritten($0) }
  }

  static func isBeingWritten(_ path: String) -> Bool {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return clinux_is_locked(descriptor) != 0
  }
}
