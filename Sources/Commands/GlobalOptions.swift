internal import ArgumentParser

/// Flags that every command takes.
struct GlobalOptions: ParsableArguments {
  @Option(
    name: .customLong("state"), help: ArgumentHelp("Folder of the journal and the reports.", valueName: "DIR"),
    completion: .directory)
  var stateDirectory: String?

  @Option(
    name: .customLong("playbooks"), help: ArgumentHelp("Folder of the playbooks.", valueName: "DIR"),
    completion: .directory)
  var playbooksDirectory: String?

  @Flag(help: "Print one JSON object.")
  var json = false

  @Flag(help: "No colour, no cursor movement.")
  var plain = false

  @Flag(name: .customLong("no-color"), help: "No colour.")
  var noColor = false

  @Flag(name: .customLong("no-input"), help: "Never ask; name the missing flag instead.")
  var noInput = false

  @Option(name: .customLong("as"), help: ArgumentHelp("Who acts, for the record.", valueName: "NAME"))
  var actor: String?

  @Flag(help: "Show times in UTC. This is how they are shown.")
  var utc = false

  @Flag(name: .shortAndLong, help: "Only results and errors.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "Show each statement, request and command as it is run, secrets hidden.")
  var verbose = false

  private static let longestActor = 64

  func validate() throws {
    if quiet && verbose { throw ValidationError("-q and -v are opposites: give one of them") }
    guard let actor else { return }
    if actor.allSatisfy(\.isWhitespace) { throw ValidationError("--as is empty. Say who acts: --as dana") }
    if actor.count > Self.longestActor {
      throw ValidationError(
        "--as has \(actor.count) characters, more than \(Self.longestActor). Say who acts: --as dana")
    }
  }
}
