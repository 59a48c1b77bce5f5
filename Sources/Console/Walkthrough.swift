public import Execution
public import IncidentModel
public import Playbooks

/// Asks the person at the terminal. Every choice is a letter or a word and Enter; Enter alone changes nothing, and
/// the end of input leaves the run open.
public struct Walkthrough: Operator {
  private let screen: Screen
  private let keyboard: Keyboard

  public init(screen: Screen, keyboard: Keyboard = Keyboard()) {
    self.screen = screen
    self.keyboard = keyboard
  }

  // MARK: - Before a step

  public func approve(_ offer: StepOffer) async -> Approval {
    screen.hint("")
    screen.hint("STEP  \(offer.intent.title.visible)   \(offer.intent.effect.rawValue.uppercased())")
    if let why = offer.step.description, why.isLiteral { screen.hint("  why    \(why.source.visible)") }
    show(offer.intent.preview, as: "run")
    if let undo = undoText(offer.step) { screen.hint("  undo   \(undo)") }
    let go = offer.word.map { "type \($0) to do it" } ?? "[r] run"
    while true {
      screen.ask("\(go)   [s] skip   [q] leave open   [a] abort\nchoice: ")
      guard let line = await keyboard.line()?.trimmed else { return .leave }
      if let word = offer.word, line == word { return .run }
      switch line {
      case "r" where offer.word == nil: return .run
      case "s": if let reason = await reason("why skip it? ") { return .skip(reason: reason) }
      case "q": return .leave
      case "a": return .stop
      case "": screen.hint("(Enter alone does nothing here)")
      default: screen.hint("'\(line.visible)' is not one of the choices; nothing was done.")
      }
    }
  }

  // MARK: - Manual steps

  public func answer(_ question: StepQuestion, of step: Step) async -> Answer {
    screen.hint("")
    screen.hint("TO DO BY HAND  \(question.title.visible)")
    screen.hint("  \(question.ask.visible)")
    for item in question.checklist { screen.hint("  [ ] \(item.visible)") }
    if let draft = question.draft {
      screen.hint("  ---")
      for line in draft.split(separator: "\n", omittingEmptySubsequences: false) {
        screen.hint("  \(String(line).visible)")
      }
      screen.hint("  ---")
    }
    if let link = question.link { screen.hint("  open   \(link.visible)") }
    let expected = expectation(of: step)
    while true {
      screen.ask("\(expected)   [c] cannot   [s] skip   [q] leave open\nanswer: ")
      guard let line = await keyboard.line()?.trimmed else { return .leave }
      switch line {
      case "c": if let reason = await reason("what is in the way? ") { return .cannot(reason: reason) }
      case "s": if let reason = await reason("why skip it? ") { return .skip(reason: reason) }
      case "q": return .leave
      case "": screen.hint("(Enter alone does nothing here)")
      default:
        switch AnswerReader.read(line, for: step) {
        case .success(let value): if await agrees(to: value, of: step) { return .done(value) }
        case .failure(let problem): screen.hint(problem.message)
        }
      }
    }
  }

  /// `confirm: true` asks once more before an answer counts.
  private func agrees(to value: Value, of step: Step) async -> Bool {
    guard case .manual(let action) = step.action, action.confirm else { return true }
    screen.ask("record '\(value.displayText.visible)'?  [y] yes   anything else takes it back: ")
    return await keyboard.line()?.trimmed == "y"
  }

  private func expectation(of step: Step) -> String {
    guard case .manual(let action) = step.action, let kind = action.answer else { return "[d] done" }
    return kind == .choice ? action.choices.joined(separator: " | ") : AnswerReader.example(of: kind)
  }

  // MARK: - After a failure

  public func choose(_ step: Step, _ end: StepEnd) async -> Choice {
    screen.hint("")
    screen.hint("STEP \(step.id) \(end.state.rawValue.uppercased())   \((end.reason ?? "").visible)")
    if let undo = undoText(step) { screen.hint("  undo   \(undo)") }
    while true {
      screen.ask("[r] run again   [m] done by hand   [s] skip   [g] go on   [q] leave open   [a] abort\nchoice: ")
      guard let line = await keyboard.line()?.trimmed else { return .leave }
      switch line {
      case "r": return .made(StepChoice(.retry))
      case "m":
        if let evidence = await reason("what shows that it is done? ") {
          return .made(StepChoice(.doneByHand, reason: evidence))
        }
      case "s": if let why = await reason("why skip it? ") { return .made(StepChoice(.skip, reason: why)) }
      case "g": if let why = await reason("why go on? ") { return .made(StepChoice(.goOn, reason: why)) }
      case "q": return .leave
      case "a": return .made(StepChoice(.stop, reason: "aborted by the responder"))
      case "": screen.hint("(Enter alone does nothing here)")
      default: screen.hint("'\(line.visible)' is not one of the choices; nothing was done.")
      }
    }
  }

  // MARK: - Pieces

  private func show(_ preview: [String], as label: String) {
    for (index, line) in preview.enumerated() {
      screen.hint("  \(index == 0 ? label : "   ")    \(line.visible)")
    }
  }

  private func undoText(_ step: Step) -> String? {
    switch step.undo {
    case .playbook(let id): "andon run \(id)"
    case .step(let undo): undo.name?.source.visible ?? undo.id.rawValue
    case nil: nil
    }
  }

  /// A reason that is not empty; `nil` takes the choice back.
  private func reason(_ prompt: String) async -> String? {
    screen.ask(prompt)
    guard let line = await keyboard.line()?.trimmed, !line.isEmpty else {
      screen.hint("(nothing was recorded)")
      return nil
    }
    return line
  }
}

extension String {
  fileprivate var trimmed: String {
    var text = Substring(self)
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
