internal import ArgumentParser
internal import Console
internal import Engine
internal import IncidentModel
internal import Reporting

struct IncidentClassifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "classify", abstract: "Change the severity; every change stays, with who and why.",
    discussion: """
      Without --severity it asks the questions of severity.yaml again.

      Examples:
        andon incident classify
        andon incident classify INC-42 --severity P1 --why "only one region"
      """)

  @Argument(help: "INC-1. Default: the only open one.", completion: .openIncidents)
  var incident: String?

  @Option(help: ArgumentHelp("P0 (the worst) to P3. Default: it asks.", valueName: "P1"), completion: .severities)
  var severity: String?

  @Option(help: ArgumentHelp("Why. Default: the criterion that holds.", valueName: "TEXT"))
  var why: String?

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let assembly = Assembly(global)
    let atHand = try IncidentAtHand(incident, assembly)
    let before = try atHand.state().severity
    let answer = try await SeverityQuestion(assembly: assembly, severity: severity, why: why).answer()
    if answer.severity == before { return try showUnchanged(try atHand.state(), atHand) }
    let reason = try await reason(answer, assembly)
    let state = try atHand.record { known in
      if known.severity == answer.severity { return [] }
      return [.severityChanged(SeverityChange(from: known.severity, to: answer.severity, why: reason))]
    }
    try atHand.show(
      state, "\(state.id) is \(state.severity.rawValue) now, was \(before.rawValue)  \(state.title.visible)",
      IncidentCard(state).severities(assembly.textOptions))
    if !assembly.wantsJSON { SeverityAdvice(assembly: assembly, incident: state).show() }
  }

  private func showUnchanged(_ state: IncidentState, _ atHand: IncidentAtHand) throws {
    try atHand.show(
      state, "\(state.id) is \(state.severity.rawValue) already; nothing was recorded",
      IncidentCard(state).severities(atHand.assembly.textOptions))
  }

  private func reason(_ answer: SeverityQuestion.Answer, _ assembly: Assembly) async throws -> String {
    if let why = answer.why { return why }
    guard assembly.screen.policy.canPrompt else {
      throw CommandFailure(
        .usage, "a change of severity needs a reason", advice: "Add --why \"what is known now\".")
    }
    return try await SeverityQuestion.line("Why \(answer.severity.rawValue)?", "the reason", assembly)
  }
}
