internal import ArgumentParser
internal import Console
internal import IncidentModel
internal import Journaling

struct JournalBackupCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup", abstract: "Copy the journal into one file, while runs write it.",
    discussion: """
      The copy is checked from its first entry to its last before it gets its name, nobody has to wait for it, and no \
      file is ever replaced. In a folder it is called after its last entry, journal-17-5f3a0c12.db, and made only when \
      something was recorded since the one before. Note the head elsewhere: it tells later that the copy is whole. Exit \
      65: the journal is not as it was written. 73: the copy cannot be written.

      Examples:
        andon journal backup /mnt/backups
        andon journal backup /mnt/backups/before-upgrade.db
      """)

  @Argument(help: "The new file, or a folder.", completion: .file())
  var target: String

  @OptionGroup var global: GlobalOptions

  func run() throws {
    let assembly = Assembly(global)
    let backup = try JournalBackup(of: try assembly.openReader(), to: target)
    if global.json {
      return assembly.screen.record(backup.head.json(file: backup.path, ["new": .bool(backup.isNew)]))
    }
    let what = backup.isNew ? "copied to" : "nothing new since"
    assembly.screen.record("\(what) \(backup.path.visible)")
    assembly.screen.record("head \(backup.head)")
    assembly.screen.hint("Check it at any time: andon journal verify \(backup.path.visible) --anchor HEAD")
  }
}

extension JournalHead {
  /// What a command says of a journal that it wrote.
  func json(file: String, _ more: [String: Value] = [:]) -> String {
    let members: [String: Value] = [
      "schema_version": .number(1), "file": .text(file),
      "head": .map(["sequence": .number(Int(sequence)), "hash": .text(hash)]),
    ]
    return Value.map(members.merging(more) { _, new in new }).jsonText
  }
}
