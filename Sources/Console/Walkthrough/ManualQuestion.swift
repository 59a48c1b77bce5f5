import Execution
import IncidentModel
import Playbooks

/// A manual step as a dialogue: what to do, the list to tick, the typed answer.
struct ManualQuestion {
  let dialogue: Dialogue
  let question: StepQuestion
  let action: ManualAction
  let scene: Scene
  let asides: Asides

  /// - Parameter before: how many items of the list were ticked when it was left for an aside; `nil`: it was not.
  /// - Returns: how many are ticked now, too.
  func ask(ticked before: Int?) async -> (Answer, ticked: Int) {
    if before == nil { showDraft() }
    let count = question.checklist.count
    if count == 0 { return (await answer(ticked: nil), 0) }
    var first = before ?? 0
    while true {
      switch await tick(from: first) {
      case .left(let answer, let ticked): return (answer, ticked)
      case .all:
        let ticked = Array(1...count)
        if action.answer != nil { return (await answer(ticked: ticked), count) }
        // Ticking everything is the answer, where no other is wanted.
        if await agrees(to: "all of it is so") {
          return (.done(StepAnswer(answer: .bool(true), ticked: ticked), also: []), count)
        }
        first = 0
      }
    }
  }

  private func showDraft() {
    if let draft = question.draft {
      dialogue.screen.say("  copy this:")
      dialogue.quote(draft)
    }
    if let link = question.link { dialogue.screen.say("  open   \(link.visible)") }
  }

  // MARK: - The list

  private enum Ticking {
    case all
    case left(Answer, ticked: Int)
  }

  private func tick(from first: Int) async -> Ticking {
    let menu = Menu(items: [
      Menu.Item("y", "yes", "it is so"),
      Menu.Item("n", "not so", "then this step cannot be done; the reason is recorded"),
      .skip, .noteByPlus, .escalate, .details, .leave, .abort,
    ])
    for (index, item) in question.checklist.enumerated().dropFirst(first) {
      var isTicked = false
      while !isTicked {
        let head = "  [ ] \(index + 1) of \(question.checklist.count)  \(item.visible)"
        dialogue.show(Paragraph.lines(head, width: dialogue.width, indent: 6))
        switch await dialogue.choice(menu, scene, prompt: "so? ") {
        case .end: return .left(.leave, ticked: index)
        case .key("y"):
          dialogue.screen.say("  [x] \(item.visible)")
          isTicked = true
        case .key("n"):
          if let reason = await dialogue.text("what is in the way? ", scene) {
            return .left(.cannot(reason: "not so: \(item): \(reason)"), ticked: index)
          }
        case .key(let key):
          if let answer = await asides.answer(key, scene) { return .left(answer, ticked: index) }
        case .line: break
        }
      }
    }
    return .all
  }

  // MARK: - The answer

  private func answer(ticked: [Int]?) async -> Answer {
    let reader = action.answer.map { AnswerReader(kind: $0, choices: action.choices) }
    let done = reader == nil ? [Menu.Item("d", "done", "it is done")] : []
    let details = reader == nil ? [] : [Menu.Item.details]
    let menu = Menu(
      items: done + [
        Menu.Item("c", "cannot do", "it cannot be done; the reason is recorded and the step has failed"), .skip,
        .noteByPlus, .escalate,
      ] + details + [.leave, .abort])
    if let reader { dialogue.show(Paragraph.lines("  \(reader.expectation)", width: dialogue.width, indent: 2)) }
    while true {
      let pick = await dialogue.choice(menu, scene, prompt: "answer: ") { line in
        // An answer wins over a letter only where the letters cannot be meant.
        reader.map { !menu.holds(line) && line != "?" && !line.isEmpty && $0.couldBeMeant(by: line) } ?? false
      }
      switch pick {
      case .end: return .leave
      case .key("d") where reader == nil:
        if await agrees(to: "done") { return .done(StepAnswer(answer: .bool(true), ticked: ticked), also: []) }
      case .key("c"):
        if let reason = await dialogue.text("what is in the way? ", scene) { return .cannot(reason: reason) }
      case .key(let key): if let answer = await asides.answer(key, scene) { return answer }
      case .line(let line):
        switch reader?.read(line) {
        case .success(var answer)?:
          answer.ticked = ticked
          if await agrees(to: answer.answer.displayText) { return .done(answer, also: []) }
        case .failure(let problem)?: dialogue.show(Paragraph.lines(problem.message, width: dialogue.width))
        case nil: break
        }
      }
    }
  }

  /// `confirm: true` asks once more before an answer counts.
  private func agrees(to text: String) async -> Bool {
    guard action.confirm else { return true }
    let prompt = "record '\(text.visible.truncated(to: 60))'?  [y] yes   anything else takes it back: "
    return await dialogue.line(prompt, scene) == "y"
  }
}

extension AnswerReader {
  /// Whether a line is an attempt at an answer, rather than a slip of the finger.
  fileprivate func couldBeMeant(by line: String) -> Bool {
    switch kind {
    case .bool: ["y", "yes", "n", "no"].contains(line.lowercased())
    default: true
    }
  }
}
