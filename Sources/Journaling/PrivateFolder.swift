import Glibc
internal import IncidentModel

/// A folder that only its owner can look into.
enum PrivateFolder {
  /// Makes it, and those above it, where they are not there yet.
  ///
  /// By hand, because Foundation looks up users and groups when it is given permissions, and a name service may be
  /// slow in the worst hour.
  static func make(_ path: String) throws(JournalError) {
    if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
    let above = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    guard errno == ENOENT, !above.isEmpty else { throw .cannotWrite(path, String(cString: strerror(errno))) }
    try make(above)
    if mkdir(path, 0o700) != 0, errno != EEXIST { throw .cannotWrite(path, String(cString: strerror(errno))) }
  }
}
