internal import ArgumentParser

struct JournalCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "journal", abstract: "Check, anchor, back up, export and import the record.",
    discussion: "Examples:\n  andon journal verify\n  andon journal backup /mnt/backups\n  andon journal import-spool",
    subcommands: [
      JournalVerify.self, JournalAnchor.self, JournalBackupCommand.self, JournalExport.self, JournalImportCommand.self,
      SpoolImportCommand.self,
    ])
}
