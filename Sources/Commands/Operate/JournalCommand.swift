internal import ArgumentParser
internal import Console
internal import Foundation
internal import IncidentModel
internal import Journaling

struct JournalCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "journal", abstract: "Check, anchor and export the record; bring in what was recorded without it.",
    discussion: "Examples:\n  andon journal verify\n  andon journal export\n  andon journal import-spool",
    subcommands: [JournalVerify.self, JournalAnchor.self, Export.self, SpoolImportCommand.self])

  struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "export", abstract: "Every entry as a line of JSON: seq, hash, and the body exactly as stored.",
      discussion: "Example:\n  andon journal export > journal.jsonl")

    @Option(help: ArgumentHelp("Write to this file.", valueName: "FILE"), completion: .file())
    var out: String?

    @OptionGroup var global: GlobalOptions

    func run() throws {
      let assembly = Assembly(global)
      let reader = try assembly.openReader()
      var lines: [String] = []
      try reader.forEachEntry { entry in
        let line = Value.map([
          "seq": .number(Int(entry.sequence)), "hash": .text(entry.hash.hexText),
          "body": .text(String(decoding: entry.body, as: UTF8.self)),
        ]).jsonText
        if out == nil { assembly.screen.record(line) } else { lines.append(line) }
        return true
      }
      if let out { try NewFile(path: out).write(lines.map { $0 + "\n" }.joined()) }
    }
  }
}
