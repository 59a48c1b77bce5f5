internal import Foundation
internal import Glibc
public import IncidentModel
public import Playbooks

/// Asks the person at the terminal for the params of a run that has not begun. Enter alone does nothing; `q` and the
/// end of input leave.
public struct ParameterInterview {
  private let screen: Screen

  public init(screen: Screen) { self.screen = screen }

  /// Shows the defaults and asks for what has none.
  /// - Parameter given: what the command line gave, by name.
  /// - Returns: that and the answers, as texts that `resolveInput` accepts; `nil` when the person left.
  public func complete(_ given: [String: String], for playbook: Playbook) -> [String: String]? {
    let questions = playbook.questions(beside: given)
    if playbook.killSwitch == nil { showDefaults(of: playbook, given, asked: questions) }
    var texts = given
    for parameter in questions {
      switch ask(parameter) {
      case .text(let text): texts[parameter.name] = text
      case .leftOut: continue
      case .leave: return nil
      }
    }
    return texts
  }

  /// A secret that the run was begun with, and that nothing remembers.
  /// - Returns: the text, which the param accepts; `nil` when the person left.
  public func askAgain(_ parameter: Parameter, of run: RunID) -> String? {
    screen.say("\(run) was begun with a secret, '\(parameter.name)'. Nothing of it was kept to compare with.")
    if case .text(let text) = ask(parameter, mayBeLeftOut: false) { return text }
    return nil
  }

  private enum Reply {
    case text(String)
    case leftOut
    case leave
  }

  private func ask(_ parameter: Parameter, mayBeLeftOut: Bool = true) -> Reply {
    let mayBeLeftOut = mayBeLeftOut && !parameter.required
    screen.ask("\n\((parameter.ask ?? parameter.name).visible)\n")
    while true {
      guard let line = line(for: parameter, mayBeLeftOut) else {
        screen.ask("\n")
        return .leave
      }
      switch line {
      case "q": return .leave
      case "": screen.ask("(Enter alone does nothing here)\n")
      case "-" where mayBeLeftOut: return .leftOut
      default:
        let text = parameter.kind == .bool ? Self.bool(line) : line
        do throws(Problem) {
          _ = try parameter.value(of: text)
          return .text(text)
        } catch {
          screen.ask(([error.message] + [error.advice].compactMap(\.self)).map { $0.visible + "\n" }.joined())
        }
      }
    }
  }

  /// What was typed; a secret as it is, anything else without the blanks around it.
  private func line(for parameter: Parameter, _ mayBeLeftOut: Bool) -> String? {
    let prompt = "\(hint(for: parameter, mayBeLeftOut))\n\(parameter.name): "
    if parameter.secret { return HiddenLine.read { screen.ask(prompt) } }
    while true {
      // The rest of a paste answers no question that did not stand there yet.
      tcflush(STDIN_FILENO, TCIFLUSH)
      screen.ask(prompt)
      guard let line = readLine(strippingNewline: true) else { return nil }
      guard let complaint = Slip.complaint(about: line) else { return line.trimmingCharacters(in: .whitespaces) }
      screen.warn(complaint)
    }
  }

  private func showDefaults(of playbook: Playbook, _ given: [String: String], asked: [Parameter]) {
    for parameter in playbook.params where given[parameter.name] == nil {
      guard let ask = parameter.ask, let value = parameter.defaultValue,
        !asked.contains(where: { $0.name == parameter.name })
      else { continue }
      let shown = parameter.secret ? "(hidden)" : value.displayText.visible
      screen.hint("\(ask.visible)  \(shown)   (change it: --var \(parameter.name)=…)")
    }
  }

  // MARK: - Words

  private func hint(for parameter: Parameter, _ mayBeLeftOut: Bool) -> String {
    let form = parameter.choices.isEmpty ? Self.form(of: parameter.kind) : parameter.choices.joined(separator: " | ")
    let limits =
      switch (parameter.min, parameter.max) {
      case (let min?, let max?): ", \(min) to \(max)"
      case (let min?, nil): ", at least \(min)"
      case (nil, let max?): ", at most \(max)"
      case (nil, nil): ""
      }
    let usual = parameter.secret ? nil : parameter.defaultValue.map { ", usually \($0.displayText)" }
    let hidden = parameter.secret ? ", not shown while you type" : ""
    let leaveOut = mayBeLeftOut ? "   [-] leave it out" : ""
    return "\(form)\(limits)\(usual ?? "")\(hidden)".visible + "\(leaveOut)   [q] quit"
  }

  private static func form(of kind: Parameter.Kind) -> String {
    switch kind {
    case .text, .choice: "a text"
    case .number: "a number"
    case .integer: "a whole number"
    case .bool: "[y] yes   [n] no"
    case .duration: "a duration: 30s, 5m, 2h"
    case .url: "an address: https://…"
    case .address: "an address: 0x…"
    case .file: "the path of a file"
    }
  }

  private static func bool(_ line: String) -> String {
    switch line.lowercased() {
    case "y", "yes": "true"
    case "n", "no": "false"
    default: line
    }
  }
}
