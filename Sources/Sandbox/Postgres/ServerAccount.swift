internal import Glibc
internal import IncidentModel

/// The user that the private server runs as, where that is not ourselves: PostgreSQL refuses root.
struct ServerAccount: Sendable {
  let user: uid_t
  let group: gid_t
  /// The program that becomes that user. The library that starts our programs cannot do it safely itself: between fork
  /// and exec, glibc waits for threads that only the parent has.
  static let changer = "/usr/bin/setpriv"

  /// `nil`: we can run it ourselves.
  static func needed() throws(Problem) -> ServerAccount? {
    guard geteuid() == 0 else { return nil }
    guard let entry = getpwnam("postgres") else {
      throw Problem("PostgreSQL refuses to run as root, and there is no user named postgres")
    }
    guard access(changer, X_OK) == 0 else {
      throw Problem("PostgreSQL refuses to run as root, and without \(changer) it cannot run as another user")
    }
    return ServerAccount(user: entry.pointee.pw_uid, group: entry.pointee.pw_gid)
  }

  func arguments(for command: [String]) -> [String] {
    ["--reuid", "\(user)", "--regid", "\(group)", "--clear-groups", "--"] + command
  }
}
