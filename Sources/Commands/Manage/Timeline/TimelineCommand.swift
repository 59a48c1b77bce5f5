internal import ArgumentParser
internal import IncidentModel

struct TimelineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "timeline", abstract: "The story of an incident: look at it, add to it, take it along.",
    discussion: """
      Examples:
        andon timeline show
        andon timeline add "customer called" --at "3m ago"
        andon timeline star 17
        andon timeline export INC-42 --format csv --out timeline.csv
      """,
    subcommands: [TimelineShow.self, TimelineAdd.self, TimelineStar.self, TimelineExport.self])

  /// The incident that was named, by its id.
  static func incident(_ text: String?) throws -> IncidentID? {
    guard let text else { return nil }
    if let id = IncidentID(text) { return id }
    throw CommandFailure(
      .usage, "'\(text.visible)' is not of the form INC-1", advice: "andon history lists what there is.")
  }
}
