public import Execution
internal import IncidentModel
public import Playbooks

/// A kill switch before it is pulled: everything it will touch, and the word that does it.
public struct KillSwitchScreen {
  private let screen: Screen
  private let keyboard: Keyboard

  public init(screen: Screen, keyboard: Keyboard = Keyboard()) {
    self.screen = screen
    self.keyboard = keyboard
  }

  /// True when the word was typed; anything else means no. `nil`: the input ended, or the question was taken away.
  public func confirm(
    _ playbook: Playbook, environment: String, drill: Bool, _ findings: [DryRun.Finding]
  ) async -> Bool? {
    let word = playbook.confirmationWord ?? playbook.id
    let place = Banner.text(environment, drill: drill)
    let width = screen.policy.width
    func say(_ text: String, indent: Int = 0) {
      for line in Paragraph.lines(text, width: width, indent: indent) { screen.say(line) }
    }
    say("KILL SWITCH  \(playbook.name.visible)   \(place)")
    if let mark = screen.armed.mark { say(mark) }
    say("This will, on \(environment):")
    for finding in findings {
      if finding.word == .skip {
        say("  not this time: \(finding.title.visible)   (\(finding.lines.joined(separator: "; ").visible))", indent: 4)
        continue
      }
      let now = finding.now.map { "   now: \($0.visible)" } ?? ""
      say("  \(finding.title.visible)   \(finding.effect.rawValue)\(now)", indent: 4)
      for line in finding.lines where finding.effect == .destructive || finding.word == .problem {
        say("      \(line.visible)", indent: 8)
      }
    }
    if let inverse = playbook.inverse { say("Reversible: andon run \(inverse)\(drill ? " --drill" : "")") }
    say("Type \(word) to do it; anything else cancels.        (scripts: --confirm \(word))")
    return await keyboard.answer(to: "\(word) to confirm: ", on: screen).map { $0 == word }
  }
}
