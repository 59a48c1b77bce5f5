internal import Foundation
import Glibc
public import IncidentModel

/// A file that holds a secret: ours, a plain file, and readable by nobody else.
public struct SecretFile: Sendable {
  public let path: String

  /// In bytes.
  private static let largest = 1024 * 1024

  public init(path: String) { self.path = path }

  /// The contents without the line break at the end.
  public func read() throws(Failure) -> String {
    if let caution {
      let isThere = FileManager.default.fileExists(atPath: path)
      throw Failure(
        .notConfigured, caution,
        advice: isThere ? "Mend it with: chmod 600 \(path)" : "Check the path in the environment file.")
    }
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw Failure(.notConfigured, "cannot read the secret file \(path)", advice: "Check its path and owner.")
    }
    var text = String(decoding: bytes, as: UTF8.self)
    while text.hasSuffix("\n") || text.hasSuffix("\r") { text.removeLast() }
    if text.isEmpty {
      throw Failure(.notConfigured, "the secret file \(path) is empty", advice: "Write the secret into it.")
    }
    return text
  }

  /// What stands in the file, whoever may read it; `nil` unless it is a plain file of a size that secrets have. Waits
  /// for nobody.
  public var plainContents: String? {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size <= Self.largest else {
      return nil
    }
    return FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
  }

  /// What is wrong with the file, as a sentence; `nil` when nothing is.
  public var caution: String? {
    var status = stat()
    guard lstat(path, &status) == 0 else {
      return "the secret file \(path) cannot be opened: \(String(cString: strerror(errno)))"
    }
    if status.st_mode & S_IFMT == S_IFLNK { return "the secret file \(path) is a symbolic link" }
    if status.st_mode & S_IFMT != S_IFREG { return "the secret file \(path) is not a plain file" }
    if status.st_uid != geteuid() { return "the secret file \(path) belongs to another user" }
    if status.st_mode & 0o077 != 0 { return "the secret file \(path) can be read by others" }
    return nil
  }
}
