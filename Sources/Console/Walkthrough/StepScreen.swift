import Engine
import Execution
import IncidentModel
import Playbooks

/// A step before it is done: why, what exactly, its check, what is so now, the way back.
struct StepScreen {
  let dialogue: Dialogue
  let offer: StepOffer
  let scene: Scene

  func show() {
    let list = StepList(scene: scene, style: dialogue.screen.style, width: dialogue.width)
    dialogue.showPlace(scene)
    dialogue.showClocks(scene)
    dialogue.show(list.around(offer.step.id))
    let effect = offer.intent.effect.rawValue.uppercased()
    let head = "\(list.heading(of: offer.step.id))  \(offer.intent.title.visible)   \(effect)"
    for line in Paragraph.lines(head, width: dialogue.width, indent: 2) {
      dialogue.screen.say(dialogue.screen.style.strong(line))
    }
    if let note = offer.note { dialogue.show("again", note) }
    if let why = offer.step.description?.plainText(in: scene.state.names) { dialogue.show("why", why) }
    if let now = offer.now { dialogue.show("now", now) }
    dialogue.show("run", offer.intent.preview.joined(separator: "\n"))
    if let check = offer.step.verify { dialogue.show("check", check.sentence) }
    if let undo = offer.step.undoSentence(in: scene) { dialogue.show("undo", undo) }
    if let usual = scene.history[offer.step.id] {
      dialogue.show(
        "takes", "usually \(usual.median.spokenText) (\(usual.runs) earlier \(usual.runs == 1 ? "run" : "runs"))")
    }
  }
}

extension Template {
  /// The text as far as it can be said now; `nil` when something it names has no value yet.
  func plainText(in names: Names) -> String? { isLiteral ? source : try? text(in: names) }
}

extension Step {
  /// How to take it back, where there is a way.
  func undoSentence(in scene: Scene) -> String? {
    switch undo {
    case .playbook(let id): "andon run \(id)\(scene.state.start?.drill == true ? " --drill" : "")"
    case .step(let undo): undo.name?.source.visible ?? undo.id.rawValue
    case nil: nil
    }
  }
}

extension Check {
  /// What is read, what must hold, how long for.
  var sentence: String {
    let probe =
      switch probe {
      case .sql(let action): action.statement.split(whereSeparator: \.isNewline).joined(separator: " ")
      case .http(let action): "\(action.method.rawValue.uppercased()) \(action.path.source)"
      case .command(let action): action.arguments.map(\.source).joined(separator: " ")
      case .assert(let action): action.that.source
      }
    let until = until.map { ", until \($0.source)" } ?? ""
    if case .assert = self.probe { return probe + until }
    return "\(probe)\(until), every \(every.playbookText) for up to \(within.playbookText)"
  }
}
