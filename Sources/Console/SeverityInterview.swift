public import IncidentModel
public import Playbooks

/// Finds the severity by asking, from the worst level down, whether one of its written criteria holds. Enter alone
/// decides nothing.
public struct SeverityInterview {
  private let screen: Screen
  private let keyboard: Keyboard

  public init(screen: Screen, keyboard: Keyboard = Keyboard()) {
    self.screen = screen
    self.keyboard = keyboard
  }

  /// What came of it.
  public struct Verdict: Sendable {
    public let severity: Severity
    /// The criterion that holds, word for word; or the reason that somebody gave.
    public let why: String
  }

  /// `nil`: somebody left, or the input ended.
  public func ask(_ scale: SeverityScale) async -> Verdict? {
    say("How bad is it? From the worst down; the first line that holds decides.")
    var place = 0
    while true {
      let answer =
        scale.levels.indices.contains(place)
        ? await answer(to: scale.levels[place], isFirst: place == 0) : await ownWord(scale)
      switch answer {
      case .decided(let verdict): return verdict
      case .none: place += 1
      case .back: place -= 1
      case .left: return nil
      }
    }
  }

  private enum Answer {
    case decided(Verdict)
    case none
    case back
    case left
  }

  private func answer(to level: SeverityLevel, isFirst: Bool) async -> Answer {
    let numbers = level.criteria.count == 1 ? "[1] it does" : "[1-\(level.criteria.count)] this one"
    let choices = [numbers, "[n] none", "[?] unsure"] + (isFirst ? [] : ["[b] back"]) + ["[q] leave"]
    show(level)
    while true {
      for row in Paragraph.joined(choices, by: "   ", width: screen.policy.width) { screen.ask(row + "\n") }
      guard let line = await keyboard.answer(to: "\(level.severity.rawValue): ", on: screen) else { return .left }
      if let number = level.criteria.indices.first(where: { String($0 + 1) == line }) {
        return .decided(Verdict(severity: level.severity, why: level.criteria[number]))
      }
      switch line {
      case "n": return .none
      case "b" where !isFirst: return .back
      case "q": return .left
      case "?":
        say("When in doubt take the worse one; andon incident classify changes it later, and says why.")
        show(level)
      default: refuse(line)
      }
    }
  }

  private func show(_ level: SeverityLevel) {
    screen.ask("\n")
    say("\(level.severity.rawValue) \(level.name.visible). Does one of these hold?")
    for (index, criterion) in level.criteria.enumerated() { say("  \(index + 1)  \(criterion.visible)", indent: 5) }
  }

  /// In lines that fit. A question is shown under `--quiet` too.
  private func say(_ text: String, indent: Int = 0) {
    for line in Paragraph.lines(text, width: screen.policy.width, indent: indent) { screen.ask(line + "\n") }
  }

  /// No criterion holds: then somebody has to say so, and why.
  private func ownWord(_ scale: SeverityScale) async -> Answer {
    let names = scale.levels.map(\.severity.rawValue)
    screen.hint("\nNone of the written criteria holds. Then say yourself how bad it is.")
    while true {
      let prompt = "\(names.joined(separator: ", "))   [b] back   [q] leave\nseverity: "
      guard let line = await keyboard.answer(to: prompt, on: screen) else { return .left }
      if let severity = scale.levels.map(\.severity).first(where: { $0.rawValue == line.uppercased() }) {
        guard let why = await keyboard.answer(to: "why \(severity.rawValue)? ", on: screen) else { return .left }
        if !why.isEmpty { return .decided(Verdict(severity: severity, why: why)) }
        screen.hint("(no reason, nothing decided)")
        continue
      }
      switch line {
      case "b": return .back
      case "q": return .left
      default: refuse(line)
      }
    }
  }

  private func refuse(_ line: String) {
    screen.hint(
      line.isEmpty ? "(Enter alone decides nothing)" : "'\(line.visible)' is not one of the choices; nothing decided.")
  }
}
