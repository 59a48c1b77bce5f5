internal import ArgumentParser
internal import Console
internal import IncidentModel
internal import Journaling

struct JournalImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Make a new journal of an exported one: same entries, same numbers, same hashes.",
    discussion: """
      Every entry is checked on its way. An export that was changed or cut off is refused with the first bad entry, and \
      nothing is imported: exit 65. So is a folder that has a journal: exit 64. Compare the head that it prints with one \
      noted elsewhere.

      Examples:
        andon journal import journal.jsonl --into restored
        ssh ops1 andon journal export | andon journal import - --into from-ops1
      """)

  @Argument(help: "The export; - reads standard input.", completion: .file())
  var file: String

  @Option(
    help: ArgumentHelp("The folder of the new journal. Default: the state folder.", valueName: "DIR"),
    completion: .directory)
  var into: String?

  @OptionGroup var global: GlobalOptions

  func run() throws {
    let assembly = Assembly(global)
    if file == "-", assembly.screen.policy.canPrompt {
      throw CommandFailure(
        .usage, "nothing comes through standard input: it is a terminal",
        advice: "Name the file, or let the export come through a pipe.")
    }
    var lines = try LineReader(file)
    let made = try JournalImport(&lines, into: into ?? assembly.stateDirectory)
    if global.json { return assembly.screen.record(made.head.json(file: made.path)) }
    assembly.screen.record("imported to \(made.path.visible)")
    assembly.screen.record("head \(made.head)")
  }
}
