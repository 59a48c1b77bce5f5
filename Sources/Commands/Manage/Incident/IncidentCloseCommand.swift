internal import ArgumentParser
internal import Console
internal import Engine
internal import IncidentModel
internal import Journaling
internal import Reporting

struct IncidentCloseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "close", abstract: "Close an incident; what is left of it is the report.",
    discussion: """
      An incident that is not resolved, or has a run that is not over, is only closed with a reason (else exit 77).

      Examples:
        andon incident close
        andon incident close INC-42 --why "false alarm"
      """)

  @Argument(help: "INC-1. Default: the only open one.", completion: .openIncidents)
  var incident: String?

  @Option(help: ArgumentHelp("Why it is closed, where that is not plain.", valueName: "TEXT"))
  var why: String?

  @OptionGroup var global: GlobalOptions

  func run() throws {
    let assembly = Assembly(global)
    let reason = try why.map { try TypedText.line($0, "--why") }
    let atHand = try IncidentAtHand(incident, assembly)
    let runs = try Register(standing: try assembly.openReader()).runs.filter { $0.incident == atHand.id }
    let now = assembly.time.read().wall
    var earlier: Timestamp?
    let state = try atHand.record { known in
      earlier = known.moment(of: .closed)
      if earlier != nil { return [] }
      if reason == nil { try Self.refuse(known, runs.filter { !$0.state.isOver }) }
      try MilestoneMoment.refuseDisorder(of: known, [.closed: now])
      return [.milestoneReached(MilestoneMark(.closed, reached: now, source: reason ?? assembly.actor))]
    }
    let said =
      earlier.map { "was closed at \($0.spoken(now: now)) already; nothing was recorded" }
      ?? "closed at \(now.spoken(now: now))\(MilestoneMoment.elapsed(to: now, in: state))"
    let left = IncidentCard(state).followUps(openOnly: true, assembly.textOptions)
    try atHand.show(
      state, "\(state.id) \(said)", left.isEmpty ? "" : "Follow-ups still open:\n\(left)",
      "Next:  andon postmortem create \(state.id)")
  }

  /// What is not over, or not resolved, is not closed without a reason.
  static func refuse(_ incident: IncidentState, _ runs: [RunLine]) throws {
    if let run = runs.first {
      throw CommandFailure(
        .notAllowed, "\(incident.id) is not closed: \(run.id) \(run.playbook) is not over",
        advice: "End it with: andon resume \(run.id)   or close with a reason: --why TEXT")
    }
    if incident.moment(of: .resolved) == nil {
      throw CommandFailure(
        .notAllowed, "\(incident.id) is not closed: it is not resolved",
        advice: "When it is: andon resolve \(incident.id)   or close with a reason: --why TEXT")
    }
  }
}
