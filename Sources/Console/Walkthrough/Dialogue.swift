import Engine
import Execution
import IncidentModel
import Playbooks
import Reporting

/// A question on the screen while the clocks go on.
struct Dialogue: Sendable {
  let screen: Screen
  let keyboard: Keyboard
  let bell = ClockBell()

  var width: Int { screen.policy.width }

  // MARK: - What is above a question

  /// Where am I: run, incident, environment, me, now.
  func showPlace(_ scene: Scene) {
    let start = scene.state.start
    let environment = start?.environment ?? ""
    let incident = scene.incident.map { "\($0.id) \($0.severity.rawValue)" }
    let pieces = [
      "\(scene.state.run?.description ?? "") \(scene.state.playbook.id)", incident,
      Banner.text(environment, drill: start?.drill == true), "you: \(scene.actor)",
      "\(scene.now.clockTime) UTC",
    ]
    screen.say("")
    for line in Paragraph.joined(pieces.compactMap { $0?.visible }, by: " | ", width: width) {
      screen.say(screen.style.strong(line))
    }
  }

  func showClocks(_ scene: Scene) {
    let clocks = scene.clocks
    _ = bell.ring(clocks)
    let line = standing(clocks)
    if line.isEmpty { screen.unpin() } else { screen.pin(line) }
    if let forecast = scene.forecast { show("expect", ForecastLine(forecast).text) }
  }

  private func standing(_ clocks: [Scene.Clock]) -> String {
    StandingLine(armed: screen.armed.mark, clocks: ClockLine(clocks: clocks, style: screen.style)).text(width: width)
  }

  func show(_ label: String, _ text: String) {
    for (index, line) in screen.safe(text).split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      for row in Paragraph.labelled(index == 0 ? label : "", String(line).visible, width: width) { screen.say(row) }
    }
  }

  /// Text from outside, marked as such in every line.
  func quote(_ text: String) {
    for line in screen.safe(text).split(whereSeparator: \.isNewline) {
      for row in Paragraph.lines("    | \(String(line).visible)", width: width, indent: 6) { screen.say(row) }
    }
  }

  func show(_ lines: [String]) { for line in lines { screen.say(line) } }

  // MARK: - Asking

  /// One line that somebody types; `nil`: end of input, or the question was taken away.
  func line(_ prompt: String, _ scene: Scene) async -> String? {
    let ticker = Task { [self] in
      while (try? await Task.sleep(for: .seconds(1))) != nil { tick(scene, prompt) }
    }
    defer { ticker.cancel() }
    return await keyboard.answer(to: prompt, on: screen)
  }

  private func tick(_ scene: Scene, _ prompt: String) {
    let clocks = scene.clocks
    var news = bell.ring(clocks)
    if screen.policy.isLive {
      screen.showTitle(of: scene.state.run, clocks)
      // Where the line above cannot be reached, what is armed is still told.
      news = screen.repin(standing(clocks)) ? [] : screen.armed.news()
    } else {
      news += screen.armed.news()
    }
    for line in news { screen.ask("\n  \(line)\n\(prompt)") }
  }

  enum Pick: Sendable {
    case key(String)
    /// A line that is no letter of the menu but means something.
    case line(String)
    case end
  }

  /// A letter of the menu, or a line that `accepts` takes. Asks until one of them is there.
  func choice(
    _ menu: Menu, _ scene: Scene, prompt: String = "choice: ", accepts: (String) -> Bool = { _ in false }
  ) async -> Pick {
    show(menu.lines(width: width))
    while true {
      guard let line = await line(prompt, scene) else { return .end }
      if accepts(line) { return .line(line) }
      if menu.holds(line) { return .key(line) }
      switch line {
      case "?": show(menu.helpLines(width: width))
      case "": screen.say("(Enter alone does nothing here)")
      default:
        let typed = line.visible.truncated(to: 40)
        show(Paragraph.lines("'\(typed)' is not one of the choices; nothing was done.", width: width))
      }
    }
  }

  /// A text that is not empty; `nil` takes the choice back.
  func text(_ prompt: String, _ scene: Scene) async -> String? {
    guard let line = await line(prompt, scene), !line.isEmpty else {
      screen.say("(nothing was recorded)")
      return nil
    }
    return line
  }
}
