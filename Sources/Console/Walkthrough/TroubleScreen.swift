import Engine
import Execution
import IncidentModel
import Playbooks

/// A step that did not go well: what the action said, what the check said, what is true all the same.
struct TroubleScreen {
  let dialogue: Dialogue
  let trouble: StepTrouble
  let scene: Scene

  private static let outputLines = 6

  func show() {
    let record = trouble.record
    let place = StepList(scene: scene, style: dialogue.screen.style, width: dialogue.width).heading(of: trouble.step.id)
    dialogue.showPlace(scene)
    let title = (record.title ?? trouble.step.id.rawValue).visible
    for line in Paragraph.lines("\(place)  \(title)   \(headline)", width: dialogue.width, indent: 2) {
      dialogue.screen.say(dialogue.screen.style.bad(line))
    }
    showAction(record)
    showCheck(record)
    if let reason = record.reason, record.act == nil || record.state == .unknown {
      dialogue.show("why", reason.reasonInWords)
    }
    showOutput(record)
    if let undo = trouble.step.undoSentence(in: scene) { dialogue.show("undo", undo) }
    dialogue.showClocks(scene)
    let standing = scene.standing
    if standing.isEmpty {
      dialogue.screen.say("Still true: nothing has been changed and verified by this run.")
    } else {
      dialogue.screen.say("Still true:")
      for fact in standing {
        dialogue.show(
          Paragraph.lines("  \(fact.title.visible): \(fact.reading.visible)", width: dialogue.width, indent: 4))
      }
    }
  }

  private var headline: String {
    let record = trouble.record
    if record.state == .unknown { return "UNKNOWN: nobody saw how it ended" }
    guard let check = record.check, check.verification == .failed else { return "FAILED" }
    let tries = check.readings == 1 ? "" : " after \(check.readings) tries"
    return "CHECK FAILED\(tries) (\(Duration.milliseconds(check.milliseconds).clockText))"
  }

  private func showAction(_ record: StepRecord) {
    guard let act = record.act else { return }
    let took = Duration.milliseconds(act.milliseconds).spokenText
    let lines = act.failure?.message.split(whereSeparator: \.isNewline).map(String.init) ?? []
    dialogue.show("action", "\(act.outcome.rawValue) after \(took)" + (lines.first.map { ": \($0)" } ?? ""))
    // From the second line on these are the words of whoever failed.
    if output == nil { dialogue.quote(lines.dropFirst().joined(separator: "\n")) }
    if let advice = act.failure?.advice { dialogue.show("advice", advice) }
  }

  private func showCheck(_ record: StepRecord) {
    guard let check = record.check else { return }
    dialogue.show("check", check.check.joined(separator: "\n"))
    if let failure = check.failure { dialogue.show("found", failure.message) }
    if let advice = check.failure?.advice { dialogue.show("advice", advice) }
  }

  private var output: String? {
    ["stderr", "stdout"].compactMap { trouble.record.act?.outputs[$0]?.displayText }.first { !$0.isEmpty }
  }

  private func showOutput(_ record: StepRecord) {
    guard let output else { return }
    let lines = output.split(whereSeparator: \.isNewline)
    let run = scene.state.run?.description ?? ""
    dialogue.screen.say("  last output  (all of it: andon show \(run) --step \(trouble.step.id))")
    dialogue.quote(lines.suffix(Self.outputLines).joined(separator: "\n"))
  }
}
