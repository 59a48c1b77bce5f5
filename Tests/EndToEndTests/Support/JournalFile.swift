import Foundation
import TestSupport

/// A journal as any SQLite program sees it: through the `sqlite3` shell, not through the product.
struct JournalFile {
  struct Entry {
    let seq: Int
    let hash: String
    let incident: Int?
    let body: String
  }

  let path: String

  init(_ platform: Platform) { path = "\(platform.state)/journal.db" }
  init(path: String) { self.path = path }

  var entries: [Entry] {
    get throws {
      let text = try sql(
        """
        SELECT seq || '|' || lower(hex(hash)) || '|' || coalesce(incident, '') || '|' || hex(body)
        FROM entry ORDER BY seq
        """
      )
      return text.split(separator: "\n").compactMap { line in
        let parts = line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 4, let seq = Int(parts[0]) else { return nil }
        return Entry(seq: seq, hash: parts[1], incident: Int(parts[2]), body: Self.text(ofHex: parts[3]))
      }
    }
  }

  /// One file with the same entries and guards, without a log beside it.
  func copied(to copy: String) throws -> JournalFile {
    try sql("VACUUM INTO '\(copy)'")
    return JournalFile(path: copy)
  }

  @discardableResult
  func sql(_ script: String) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/sqlite3")
    process.arguments = ["-batch", "-bail", "-cmd", ".timeout 5000", path, script]
    let (output, errors) = (Pipe(), Pipe())
    (process.standardOutput, process.standardError) = (output, errors)
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    let complaint = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Refusal(description: complaint) }
    return text
  }

  struct Refusal: Error, CustomStringConvertible {
    let description: String
  }

  private static func text(ofHex hex: String) -> String {
    let digits = Array(hex.utf8)
    let bytes = stride(from: 0, to: digits.count - 1, by: 2).map { index in
      UInt8(String(decoding: digits[index...(index + 1)], as: UTF8.self), radix: 16) ?? 0
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
