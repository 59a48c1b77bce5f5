internal import ArgumentParser
internal import Console
internal import Execution
internal import IncidentModel
internal import Journaling

struct JournalAnchor: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "anchor", abstract: "Note the journal's head where it cannot be rewritten.",
    discussion: """
      Into the file that ANDON_ANCHORS names, and, with --env, into the table that the environment names under \
      'anchors'. Every run does that at its end by itself; this is for what people recorded since.

      Examples:
        andon journal anchor
        andon journal anchor --env production
      """)

  @Option(
    name: .customLong("env"), help: ArgumentHelp("The environment whose table gets it too.", valueName: "NAME"),
    completion: .environments)
  var environment: String?

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let assembly = Assembly(global)
    guard assembly.anchorFile != nil || environment != nil else {
      throw CommandFailure(
        .usage, "there is nowhere to note the head",
        advice: "Name a file on another disk or machine in ANDON_ANCHORS, or an environment with 'anchors': --env NAME")
    }
    let reader = try assembly.openReader()
    let head: JournalHead
    do { head = try reader.head() } catch { throw CommandFailure(.journal, error.problem) }
    guard head.sequence > 0 else {
      throw CommandFailure(.data, "the journal \(reader.path) is empty", advice: "There is nothing to anchor yet.")
    }
    var places: [String] = []
    if let file = assembly.anchorFile {
      if let problem = file.append(head) { throw CommandFailure(.unavailable, problem.message, advice: nil) }
      places.append(file.path)
    }
    if let environment {
      let now = assembly.time.read().wall
      places.append(
        try await assembly.withAnchorTable(of: environment) { desk in
          try await desk.note(head, at: now)
          return desk.place
        })
    }
    if global.json { return assembly.screen.record(json(head, places)) }
    for place in places { assembly.screen.record("noted in \(place.visible)") }
    assembly.screen.record("head \(head)")
  }

  private func json(_ head: JournalHead, _ places: [String]) -> String {
    Value.map([
      "schema_version": .number(1), "places": .list(places.map(Value.text)),
      "head": .map(["sequence": .number(Int(head.sequence)), "hash": .text(head.hash)]),
    ]).jsonText
  }
}
