import Engine
import Execution
import IncidentModel
import Playbooks

/// A step that was interrupted, and seems to have worked: where the run stood, and what the world says.
struct CrashScreen {
  let dialogue: Dialogue
  let trouble: StepTrouble
  let check: StepCheck
  let scene: Scene

  func show() {
    let title = (trouble.record.title ?? trouble.step.id.rawValue).visible
    dialogue.showPlace(scene)
    dialogue.showClocks(scene)
    dialogue.show(StepList(scene: scene, style: dialogue.screen.style, width: dialogue.width).all)
    if let began = trouble.record.started {
      say("\(title): begun at \(began.clockTime) UTC, and no result was recorded.")
    }
    // On a line of its own: how wide it is depends on the machine.
    if let owner = scene.begunBy[trouble.step.id] {
      say("It was begun by process \(owner.pid) on \(owner.host.visible), which is gone.")
    }
    dialogue.screen.say("Asked the world (read-only):")
    dialogue.show("check", check.check.joined(separator: "\n"))
    dialogue.show("found", check.reading ?? "the check passed")
    say("It seems to have worked although nobody saw it finish.")
  }

  private func say(_ text: String) { dialogue.show(Paragraph.lines(text, width: dialogue.width)) }
}
