internal import ArgumentParser
internal import Console
internal import Engine
internal import IncidentModel
internal import Reporting

struct Acknowledge: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ack", abstract: "Somebody is on it.",
    discussion: """
      The start of a run says so too. --at corrects what was recorded; the earlier entry stays.

      Examples:
        andon ack
        andon ack INC-42 --at "3m ago"
      """)

  @OptionGroup var options: MilestoneOptions
  @OptionGroup var global: GlobalOptions

  func run() throws { try options.record(.acknowledged, Assembly(global)) }
}

struct Mitigate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mitigate", abstract: "The harm has stopped.",
    discussion: """
      Examples:
        andon mitigate
        andon mitigate INC-42 --at 03:14 --why "trading is paused"
      """)

  @OptionGroup var options: MilestoneOptions
  @OptionGroup var global: GlobalOptions

  func run() throws { try options.record(.mitigated, Assembly(global)) }
}

struct Resolve: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resolve", abstract: "Everything works again.",
    discussion: """
      Examples:
        andon resolve
        andon resolve INC-42 --at "10m ago" --why "orders are filled again"
      """)

  @OptionGroup var options: MilestoneOptions
  @OptionGroup var global: GlobalOptions

  func run() throws { try options.record(.resolved, Assembly(global)) }
}

/// What the commands of the milestones share.
struct MilestoneOptions: ParsableArguments {
  @Argument(help: "INC-1. Default: the only open one.", completion: .openIncidents)
  var incident: String?

  @Option(help: ArgumentHelp("When it was: a moment, or '3m ago'. Default: now.", valueName: "TIME"))
  var at: String?

  @Option(help: ArgumentHelp("What shows it.", valueName: "TEXT"))
  var why: String?

  func record(_ milestone: Milestone, _ assembly: Assembly) throws {
    let now = assembly.time.read().wall
    // A minute ahead is left to clocks that disagree; the record does not run ahead of its own.
    let given = try at.map { min(try Moment.read($0, flag: "--at", now: now), now) }
    let reason = try why.map { try TypedText.line($0, "--why") }
    let moment = given ?? now
    let atHand = try IncidentAtHand(incident, assembly)
    var earlier: Timestamp?
    let state = try atHand.record { known in
      earlier = known.moment(of: milestone)
      // Saying it again must not move it: only a moment that somebody names is a correction.
      if earlier != nil, given == nil { return [] }
      try MilestoneMoment.refuseDisorder(of: known, [milestone: moment])
      let source = reason ?? (given == nil ? assembly.actor : "--at")
      return [.milestoneReached(MilestoneMark(milestone, reached: moment, source: source))]
    }
    try atHand.show(state, said(milestone, moment, earlier, wasGiven: given != nil, state, now), next(milestone, state))
  }

  private func said(
    _ milestone: Milestone, _ moment: Timestamp, _ earlier: Timestamp?, wasGiven: Bool, _ incident: IncidentState,
    _ now: Timestamp
  ) -> String {
    if let earlier, !wasGiven {
      return "\(incident.id) was \(milestone.rawValue) at \(earlier.spoken(now: now)) already; nothing was recorded. "
        + "Correct it with --at"
    }
    let before = earlier.map { " (corrected, was \($0.spoken(now: now)))" } ?? ""
    return "\(incident.id) \(milestone.rawValue) at \(moment.spoken(now: now))"
      + "\(MilestoneMoment.elapsed(to: moment, in: incident))\(before)"
  }

  private func next(_ milestone: Milestone, _ incident: IncidentState) -> String {
    switch milestone {
    case .acknowledged where incident.moment(of: .mitigated) == nil: "Next:  andon mitigate \(incident.id)"
    case .mitigated where incident.moment(of: .resolved) == nil: "Next:  andon resolve \(incident.id)"
    case .resolved where incident.moment(of: .mitigated) == nil:
      "Next:  andon mitigate \(incident.id) --at TIME   (nobody has said when the harm stopped)"
    case .resolved where incident.moment(of: .closed) == nil: "Next:  andon incident close \(incident.id)"
    default: ""
    }
  }
}
