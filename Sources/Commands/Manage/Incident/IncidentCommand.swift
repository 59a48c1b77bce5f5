internal import ArgumentParser

struct IncidentCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "incident", abstract: "Open, classify and close incidents; who does what; what is left to do.",
    discussion: """
      Without an id each of these means the only incident that is open.

      Examples:
        andon incident open
        andon incident classify INC-42
        andon incident role INC-42 lead dana
        andon incident close INC-42
      """,
    subcommands: [
      IncidentOpenCommand.self, IncidentListCommand.self, IncidentEditCommand.self, IncidentClassifyCommand.self,
      IncidentRoleCommand.self, IncidentHandoverCommand.self, FollowUpCommand.self, IncidentCloseCommand.self,
    ])
}
