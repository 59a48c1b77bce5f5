internal import ArgumentParser
internal import Engine
internal import IncidentModel

struct IncidentEditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "edit", abstract: "Correct the title, or when it began and was noticed.",
    discussion: """
      Nothing is written over: the correction is appended, and what it corrects stays in the record.

      Examples:
        andon incident edit INC-42 --title "orders fail in the EU"
        andon incident edit --started-at 02:40 --detected-at "2031-05-14T03:13:10Z"
      """)

  @Argument(help: "INC-1. Default: the only open one.", completion: .openIncidents)
  var incident: String?

  @Option(help: ArgumentHelp("What is wrong, in one line.", valueName: "TEXT"))
  var title: String?

  @Option(help: ArgumentHelp("When it began.", valueName: "T"))
  var startedAt: String?

  @Option(help: ArgumentHelp("When it was noticed: what the figures count from.", valueName: "T"))
  var detectedAt: String?

  @OptionGroup var global: GlobalOptions

  func run() throws {
    let assembly = Assembly(global)
    if title == nil, startedAt == nil, detectedAt == nil {
      throw CommandFailure(
        .usage, "nothing to correct was named", advice: "Add --title, --started-at or --detected-at.")
    }
    let title = try title.map { try TypedText.line($0, "--title") }
    let now = assembly.time.read().wall
    var moments: [Milestone: Timestamp] = [:]
    moments[.started] = try startedAt.map { try Moment.read($0, flag: "--started-at", now: now) }
    moments[.detected] = try detectedAt.map { try Moment.read($0, flag: "--detected-at", now: now) }
    let atHand = try IncidentAtHand(incident, assembly)
    let state = try atHand.record { known in
      try MilestoneMoment.refuseDisorder(of: known, moments)
      let marks = [Milestone.started, .detected].compactMap { milestone in
        moments[milestone].map { MilestoneMark(milestone, reached: $0, source: "--\(milestone.rawValue)-at") }
      }
      return (title.map { [.incidentEdited(IncidentEdit(title: $0))] } ?? []) + marks.map(Fact.milestoneReached)
    }
    let told = [Milestone.started, .detected].compactMap { milestone in
      moments[milestone].map { "  \(milestone.rawValue) \($0.spoken(now: now))" }
    }
    try atHand.show(state, "\(state.id) \(state.title.visible)", told.joined(separator: "\n"))
  }
}
