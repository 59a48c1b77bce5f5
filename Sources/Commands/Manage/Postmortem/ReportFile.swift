internal import Foundation
internal import IncidentModel

/// A text file that somebody names: a report, or a template for one.
struct ReportFile {
  let path: String

  private static let mostBytes = 32 << 20

  /// Its words, without the secrets that are known here: what is handed on may hold what was pasted into it.
  /// - Throws: `CommandFailure` when it cannot be read (64) or is no text (65).
  func text(_ assembly: Assembly) throws -> String {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue else {
      throw CommandFailure(
        .usage, "'\(path.visible)' is neither of the form INC-1 nor a file",
        advice: "andon history lists the incidents; andon postmortem create INC-1 writes a report.")
    }
    let bytes: Data
    do { bytes = try Data(contentsOf: URL(filePath: path)) } catch {
      throw CommandFailure(.usage, "cannot read \(path.visible): \(error.localizedDescription)")
    }
    guard bytes.count <= Self.mostBytes else {
      throw CommandFailure(.data, "\(path.visible) is larger than 32 MB, which no report is")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw CommandFailure(
        .data, "\(path.visible) is not text in UTF-8", advice: "Save it again as UTF-8, or name another file.")
    }
    assembly.hideKnownSecrets()
    return Andon.redactor.redact(text)
  }
}
