internal import Foundation
internal import IncidentModel

/// A journal, with its log if there is one, in a folder of its own that goes away with this value.
final class TemporaryCopy: Sendable {
  let path: String
  private let folder: String

  init(of journal: String) throws(JournalError) {
    folder = NSTemporaryDirectory() + "andon-journal-\(UUID().uuidString)"
    path = "\(folder)/\(JournalFile.name)"
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      try FileManager.default.copyItem(atPath: journal, toPath: path)
      if FileManager.default.fileExists(atPath: journal + "-wal") {
        try FileManager.default.copyItem(atPath: journal + "-wal", toPath: path + "-wal")
      }
      // The copy is ours, whatever the permissions of the journal are.
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    } catch {
      try? FileManager.default.removeItem(atPath: folder)
      throw .cannotRead(journal, reason(error))
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }
}
