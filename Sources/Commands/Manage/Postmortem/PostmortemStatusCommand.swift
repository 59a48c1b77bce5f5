internal import ArgumentParser
internal import Console
internal import Engine
internal import Foundation
internal import IncidentModel
internal import Journaling
internal import Reporting

struct PostmortemStatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "How far the report of an incident is, or say so.",
    discussion: """
      The stages are draft, in-review, reviewed and closed. A change is recorded in the journal; whoever says closed \
      closes the incident too, which has to be resolved, with no run left open (else 77).

      Examples:
        andon postmortem status INC-42
        andon postmortem status INC-42 in-review
        andon postmortem status INC-42 closed --why "all actions have an owner"
      """)

  @Argument(help: "INC-1.", completion: .incidents)
  var incident: String

  @Argument(help: "draft, in-review, reviewed or closed.", completion: .list(PostmortemStage.allCases.map(\.typed)))
  var stage: String?

  @Option(help: ArgumentHelp("What shows it.", valueName: "TEXT"))
  var why: String?

  @OptionGroup var global: GlobalOptions

  func run() throws {
    let assembly = Assembly(global)
    let reason = try why.map { try TypedText.line($0, "--why") }
    let atHand = try IncidentAtHand(incident, assembly)
    guard let stage = try stage.map(PostmortemStage.init(typed:)) else {
      if reason != nil {
        throw CommandFailure(.usage, "--why says why a stage was set", advice: "Add the stage: in-review")
      }
      return try tell(atHand, "")
    }
    if stage == .reviewed || stage == .closed { warn(atHand) }
    let runs = try Register(reader: try assembly.openReader()).runs.filter { $0.incident == atHand.id }
    let now = assembly.time.read().wall
    var isNew = false
    try atHand.record { known in
      isNew = known.postmortem != stage
      var facts = isNew ? [Fact.postmortemStatus(PostmortemStatus(stage: stage, why: reason))] : []
      if stage == .closed, known.moment(of: .closed) == nil {
        try IncidentCloseCommand.refuse(known, runs.filter { !$0.state.isOver })
        try MilestoneMoment.refuseDisorder(of: known, [.closed: now])
        facts.append(.milestoneReached(MilestoneMark(.closed, reached: now, source: "the postmortem is closed")))
      }
      return facts
    }
    try tell(atHand, isNew ? "" : " already; nothing was recorded")
  }

  private func tell(_ atHand: IncidentAtHand, _ remark: String) throws {
    let report = PostmortemProgress(
      atHand.id, try atHand.assembly.openReader().entries(of: atHand.id), file: path(atHand))
    if global.json { return atHand.assembly.screen.record(try report.json()) }
    atHand.assembly.screen.record("\(atHand.id) postmortem: \(report.stage.words)\(remark)")
    for line in report.history(atHand.assembly.layout) { atHand.assembly.screen.record(line) }
    let file = report.file
    if remark.isEmpty {
      atHand.assembly.screen.hint(
        file.map { "Next:  andon postmortem update \($0.visible)" } ?? "Next:  andon postmortem create \(atHand.id)")
    }
  }

  /// Where its report lies, if it is where reports usually are.
  private func path(_ atHand: IncidentAtHand) -> String? {
    let path = atHand.assembly.reportPath(of: atHand.id)
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }

  /// A report that is called reviewed should be finished; only people can know that it need not be.
  private func warn(_ atHand: IncidentAtHand) {
    guard let path = path(atHand), let report = try? ReportAtHand(path, incident: nil, atHand.assembly),
      let review = try? ReportReview(report.document, against: report.fresh, file: path), !review.isFinished
    else { return }
    atHand.assembly.screen.warn(
      "warning: \(path.visible) is not finished: \(review.reasons[0].text)\n"
        + "  All that is left: andon postmortem check \(path.visible)")
  }
}

extension PostmortemStage {
  /// `in-review`
  fileprivate var typed: String { rawValue.split(separator: "_").joined(separator: "-") }

  fileprivate init(typed text: String) throws {
    guard let stage = Self.allCases.first(where: { $0.typed == text.lowercased() || $0.rawValue == text }) else {
      throw CommandFailure(
        .usage, "'\(text)' is not a stage of a postmortem",
        advice: "The stages are \(Self.allCases.map(\.typed).joined(separator: ", ")).")
    }
    self = stage
  }
}
