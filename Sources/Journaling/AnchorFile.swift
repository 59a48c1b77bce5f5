internal import Foundation
import Glibc
internal import IncidentModel

/// Heads of the journal, one a line, in a file beside it. A copy of that file kept elsewhere is what makes a
/// shortened or rewritten journal stand out.
struct AnchorFile: Sendable {
  static let name = "anchors.txt"
  let path: String

  init(directory: String) { path = "\(directory)/\(Self.name)" }
  init(path: String) { self.path = path }

  /// Best effort: the journal itself is the record, a missing anchor is only reported as such.
  func append(_ head: JournalHead) {
    let line = Array("\(head)\n".utf8)
    let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return }
    _ = line.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    close(descriptor)
  }

  /// Every readable line. A missing file holds no anchors.
  func read() -> [JournalHead] {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return [] }
    return text.split(separator: "\n").compactMap { JournalHead(String($0)) }
  }
}
