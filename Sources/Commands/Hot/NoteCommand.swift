internal import ArgumentParser

struct NoteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "note", abstract: "Write an entry into the timeline.",
    discussion: """
      Works while a run is going. Without an id it goes to the only open incident.

      Examples:
        andon note "error rate is back to normal"
        andon note INC-42 "customer called" --at "3m ago" --star
        tail -5 api.log | andon note INC-42 -
      """)

  @Argument(
    help: "INC-1 or RUN-1, and the text; or only the text. - reads standard input.", completion: .records)
  var words: [String]

  @Option(help: ArgumentHelp("When it happened: a moment, or '3m ago'.", valueName: "TIME"))
  var at: String?

  @Flag(help: "Show it in the body of the report.")
  var star = false

  @OptionGroup var global: GlobalOptions

  func run() throws {
    try NewNote(words: words, at: at, star: star).record(Assembly(global))
  }
}
