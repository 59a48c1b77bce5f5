internal import Foundation
internal import GRDB
public import IncidentModel

/// A copy of a journal, made while others write it: one file with everything up to one moment, complete in itself.
public struct JournalBackup: Sendable {
  public let path: String
  /// The last entry that is in it.
  public let head: JournalHead
  /// False: it was there already, and nothing has been recorded since.
  public let isNew: Bool

  /// Copies the journal behind `reader`, checks the copy from its first entry to its last, and only then gives it its
  /// name. SQLite reads the journal as it was when it began, so that writers go on beside it without waiting.
  /// - Parameter target: the new file; or a folder, in which it is called after its last entry: `journal-17-5f3a0c12.db`.
  public init(of reader: JournalReader, to target: String) throws(CopyFailure) {
    // Read before the copy is made: an anchor that is noted meanwhile may know more than it.
    let anchors = JournalVerifier.anchors(in: JournalVerifier.defaultAnchorFile(for: reader.path))
    var isFolder: ObjCBool = false
    _ = FileManager.default.fileExists(atPath: target, isDirectory: &isFolder)
    if isFolder.boolValue, let head = try? reader.head() {
      let earlier = Self.path(in: target, head)
      if FileManager.default.fileExists(atPath: earlier) {
        path = earlier
        self.head = try Self.checked(earlier, anchors)
        isNew = false
        return
      }
    }
    let draft = try isFolder.boolValue ? Draft(in: target, for: JournalFile.name) : Draft(of: target)
    do throws(JournalError) { try reader.copy(to: draft.path) } catch {
      throw .unwritable(Problem("the copy was broken off: \(error.problem.message)", advice: error.problem.advice))
    }
    head = try Self.checked(draft.path, anchors)
    path = isFolder.boolValue ? Self.path(in: target, head) : target
    isNew = true
    try draft.publish(as: path)
  }

  private static func path(in folder: String, _ head: JournalHead) -> String {
    "\(folder)/journal-\(head.sequence)-\(head.hash.prefix(8)).db"
  }

  /// The head of a copy that is whole.
  private static func checked(_ path: String, _ anchors: [JournalHead]) throws(CopyFailure) -> JournalHead {
    let report: JournalVerifier.Report
    do throws(JournalError) {
      report = try JournalVerifier(JournalReader(file: path)).verify(anchors: anchors)
    } catch { throw .unusable(error.problem) }
    let trouble: String? =
      switch report.verdict {
      case .anchored, .unanchored: report.head.sequence == 0 ? "the journal is empty" : nil
      case .altered(0, let why): "the journal was altered: \(why)"
      case .altered(let entry, let why): "the journal was altered: entry \(entry) is the first bad one: \(why)"
      case .shortened(let anchor):
        "the journal ends at entry \(report.head.sequence), but an anchor saw entry \(anchor.sequence)"
      }
    guard let trouble else { return report.head }
    throw .unusable(
      Problem(
        "\(trouble); no backup was made",
        advice:
          "Look at it with: andon journal verify. To keep it as evidence, stop what writes it and copy its folder."))
  }
}

extension JournalReader {
  /// Writes everything up to this moment into an empty file, without a log beside it.
  fileprivate func copy(to path: String) throws(JournalError) {
    try outsideTransactions { try $0.execute(sql: "VACUUM INTO ?", arguments: [path]) }
  }
}
