internal import ArgumentParser
internal import Console
internal import Engine
internal import IncidentModel
internal import Reporting

struct FollowUpCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "followup", abstract: "What is left to do after an incident, with owner and date.",
    discussion: """
      Examples:
        andon incident followup add "alert on a missing signer" --owner lee --due 24h
        andon incident followup list
        andon incident followup done 1
      """,
    subcommands: [Add.self, List.self, Done.self, Drop.self])

  struct Add: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "add", abstract: "Write down something to do.",
      usage: "andon incident followup add [INC] TITLE [--owner NAME] [--due WHEN]",
      discussion: """
        Examples:
          andon incident followup add "alert on a missing signer" --owner lee --due 24h
          andon incident followup add INC-42 "test the backup" --due 2031-05-14
        """)

    @Argument(help: "INC-1, if it is not the only open one; and what is to be done.", completion: .openIncidents)
    var words: [String]

    @Option(help: ArgumentHelp("Who does it.", valueName: "NAME"))
    var owner: String?

    @Option(help: ArgumentHelp("Until when: 24h, 7d, a day or a moment (UTC).", valueName: "WHEN"))
    var due: String?

    @OptionGroup var global: GlobalOptions

    func run() throws {
      let assembly = Assembly(global)
      let (incident, rest) = TypedText.afterIncident(words)
      let title = try TypedText.line(rest.joined(separator: " "), "what is to be done")
      let owner = try owner.map { try TypedText.line($0, "--owner") } ?? ""
      let due = try due.map { try DueDate.read($0, now: assembly.time.read().wall) }
      let atHand = try IncidentAtHand(incident, assembly)
      var number = 0
      let state = try atHand.record { known in
        number = known.nextFollowUp
        return [.followUpRecorded(FollowUp(number: number, title: title, owner: owner, due: due))]
      }
      let until = due.map { ", due \($0.calendarDate) \($0.clockTime) UTC" } ?? ""
      let who = owner.isEmpty ? "nobody has taken it yet" : owner.visible
      try atHand.show(state, "\(state.id) follow-up \(number): \(title.visible)  (\(who)\(until))")
    }
  }

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "Every follow-up of an incident.",
      discussion: "Example:\n  andon incident followup list INC-42")

    @Argument(help: "INC-1. Default: the only open one.", completion: .openIncidents)
    var incident: String?

    @OptionGroup var global: GlobalOptions

    func run() throws {
      let assembly = Assembly(global)
      let atHand = try IncidentAtHand(incident, assembly)
      let state = try atHand.state()
      let list = IncidentCard(state).followUps(assembly.textOptions)
      try atHand.show(state, list.isEmpty ? "\(state.id) has no follow-ups." : list)
    }
  }

  struct Done: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "done", abstract: "It is done.",
      usage: "andon incident followup done [INC] N [--why TEXT]",
      discussion: "Example:\n  andon incident followup done INC-42 1 --why \"alert is live\"")

    @Argument(
      help: "INC-1, if it is not the only open one; and the number of the follow-up.", completion: .openIncidents)
    var words: [String]

    @Option(help: ArgumentHelp("What was done.", valueName: "TEXT"))
    var why: String?

    @OptionGroup var global: GlobalOptions

    func run() throws { try FollowUpEnding(words: words, status: .done, why: why).record(Assembly(global)) }
  }

  struct Drop: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "drop", abstract: "It will not be done, and why.",
      usage: "andon incident followup drop [INC] N --why TEXT",
      discussion: "Example:\n  andon incident followup drop INC-42 2 --why \"the service is going away\"")

    @Argument(
      help: "INC-1, if it is not the only open one; and the number of the follow-up.", completion: .openIncidents)
    var words: [String]

    @Option(help: ArgumentHelp("Why it is dropped.", valueName: "TEXT"))
    var why: String

    @OptionGroup var global: GlobalOptions

    func run() throws { try FollowUpEnding(words: words, status: .dropped, why: why).record(Assembly(global)) }
  }
}
