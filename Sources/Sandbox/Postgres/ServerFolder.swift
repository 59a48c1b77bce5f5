internal import CLinux
internal import Foundation
internal import Glibc
internal import IncidentModel

/// Where a private server keeps its data, ours alone while we live.
///
/// It lies in the sandbox's folder. Another user, as root needs one, cannot get there: then it is a folder of that
/// user's in /tmp, and a link in the sandbox's folder says which.
final class ServerFolder: Sendable {
  /// Absolute. Only the user that the server runs as may look into it.
  let path: String
  let account: ServerAccount?
  /// True when somebody else uses the sandbox's own one: this one goes when it is left.
  let isSpare: Bool
  /// An open file with a lock on it, which dies with us.
  private let lock: Int32
  private let link: String

  var data: String { "\(path)/data" }
  var log: String { "\(path)/log" }
  var hasData: Bool { FileManager.default.fileExists(atPath: "\(data)/PG_VERSION") }

  init(in directory: String, account: ServerAccount?) throws(Problem) {
    let place = URL(fileURLWithPath: directory).path
    self.account = account
    let (link, lock, isSpare) = try Self.firstFree(in: place)
    (self.link, self.lock, self.isSpare) = (link, lock, isSpare)
    do throws(Problem) {
      if let account {
        path = try Self.folder(of: account, behind: link)
      } else {
        path = link
        if mkdir(link, 0o700) != 0, errno != EEXIST { throw Self.trouble(link) }
      }
    } catch {
      close(lock)
      throw error
    }
  }

  deinit { close(lock) }

  /// Removes it with everything in it, as its owner: what another user has made is not to be trusted by root.
  func remove() async {
    await Self.remove(path, account)
    if account != nil { unlink(link) }
  }

  /// The first name that nobody else has taken.
  private static func firstFree(in place: String) throws(Problem) -> (String, Int32, isSpare: Bool) {
    try? FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
    for number in 1...16 {
      let name = "\(place)/postgres\(number == 1 ? "" : "-\(number)")"
      let descriptor = open("\(name).lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
      guard descriptor >= 0 else { throw trouble("\(name).lock") }
      if clinux_lock_file(descriptor, 1, 0) == 0 { return (name, descriptor, number > 1) }
      close(descriptor)
    }
    throw Problem("sixteen sandboxes run in \(place) already")
  }

  private static func trouble(_ path: String) -> Problem { Problem("\(path): \(String(cString: strerror(errno)))") }
}

// MARK: - Of another user

extension ServerFolder {
  private static let prefix = "andon-sandbox."

  /// The one that the link names if it is still that user's, else a new one.
  private static func folder(of account: ServerAccount, behind link: String) throws(Problem) -> String {
    if let known = target(of: link), belongs(known, to: account) { return known }
    var template = Array("/tmp/\(prefix)XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw trouble("/tmp") }
    let path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    try? "\(link)\n".write(toFile: "\(path)/belongs-to", atomically: false, encoding: .utf8)
    unlink(link)
    // In this order: a sweep looks only at folders of that user, and those have their link by then.
    guard symlink(path, link) == 0, chown(path, account.user, account.group) == 0 else { throw trouble(path) }
    return path
  }

  /// Removes the folders whose sandbox is gone, such as those of a state folder that was deleted.
  static func sweep(_ account: ServerAccount) async {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: "/tmp")) ?? [] where name.hasPrefix(prefix) {
      let path = "/tmp/\(name)"
      guard belongs(path, to: account), let text = try? String(contentsOfFile: "\(path)/belongs-to", encoding: .utf8),
        target(of: text.trimmingCharacters(in: .newlines)) != path
      else { continue }
      await remove(path, account)
    }
  }

  private static func remove(_ path: String, _ account: ServerAccount?) async {
    let removal = ServerCommand(program: "/bin/rm", arguments: ["-rf", path], account: account, log: "/dev/null")
    _ = try? await removal.run()
  }

  private static func target(of link: String) -> String? {
    try? FileManager.default.destinationOfSymbolicLink(atPath: link)
  }

  private static func belongs(_ path: String, to account: ServerAccount) -> Bool {
    // A link is not followed.
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    return attributes?[.type] as? FileAttributeType == .typeDirectory
      && (attributes?[.ownerAccountID] as? NSNumber)?.uint32Value == account.user
      && (attributes?[.posixPermissions] as? NSNumber)?.intValue == 0o700
  }
}
