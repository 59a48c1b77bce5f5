internal import ArgumentParser

struct PostmortemCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "postmortem", abstract: "Write the report of an incident, and bring it to its end.",
    discussion: """
      Examples:
        andon postmortem create INC-42
        andon postmortem update state/reports/INC-42.md
        andon postmortem check state/reports/INC-42.md
        andon postmortem status INC-42 reviewed
        andon postmortem summary --since 2h
        andon postmortem export INC-42 --format html
      """,
    subcommands: [
      PostmortemCreate.self, PostmortemUpdate.self, PostmortemCheck.self, PostmortemStatusCommand.self,
      PostmortemSummary.self, PostmortemExport.self,
    ])
}
