internal import ArgumentParser

struct TimelineAdd: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add", abstract: "Write an entry into the timeline; the same as note.",
    discussion: """
      Examples:
        andon timeline add "error rate is back to normal"
        andon timeline add INC-42 "customer called" --at "3m ago" --star
      """)

  @Argument(help: "INC-1, and the text; or only the text. - reads standard input.", completion: .openIncidents)
  var words: [String]

  @Option(help: ArgumentHelp("When it happened: a moment, or '3m ago'.", valueName: "TIME"))
  var at: String?

  @Flag(help: "Show it in the body of the report.")
  var star = false

  @OptionGroup var global: GlobalOptions

  func run() throws { try NewNote(words: words, at: at, star: star).record(Assembly(global)) }
}
