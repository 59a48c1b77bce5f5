public import Engine
public import Execution
public import IncidentModel
public import Playbooks

/// Guides the person at the terminal through a run. Every choice is a letter or a word and Enter; Enter alone changes
/// nothing, and the end of input leaves the run open.
public struct Walkthrough: Operator {
  private let dialogue: Dialogue
  private let asides: Asides
  private let open = OpenQuestion()

  public init(screen: Screen, keyboard: Keyboard = Keyboard()) {
    dialogue = Dialogue(screen: screen, keyboard: keyboard)
    asides = Asides(dialogue: dialogue)
  }

  // MARK: - Before a playbook

  public func affirm(_ prerequisite: Prerequisite, of playbook: Playbook) async -> Bool? {
    while true {
      let prompt = "\(playbook.id): \(prerequisite.ask.visible)  [y] yes   [n] no: "
      guard let line = await dialogue.keyboard.answer(to: prompt, on: dialogue.screen) else { return nil }
      if let answer = ["y": true, "yes": true, "n": false, "no": false][line.lowercased()] { return answer }
      dialogue.screen.say("Type y or n; nothing was recorded.")
    }
  }

  public func confirm(_ playbook: Playbook, _ findings: [DryRun.Finding], _ scene: Scene) async -> Bool? {
    dialogue.screen.say("")
    return await KillSwitchScreen(screen: dialogue.screen, keyboard: dialogue.keyboard).confirm(
      playbook, environment: scene.state.start?.environment ?? "", drill: scene.state.start?.drill ?? false, findings)
  }

  // MARK: - Before a step

  public func approve(_ offer: StepOffer, _ scene: Scene) async -> Approval {
    if open.takeUp(offer.step.id, scene) == nil {
      StepScreen(dialogue: dialogue, offer: offer, scene: scene).show()
    } else {
      dialogue.showClocks(scene)
    }
    defer { dialogue.screen.unpin() }
    let run = offer.word == nil ? [Menu.Item("r", "run", "do it now")] : []
    let menu = Menu(items: run + [.skip, .note, .escalate, .details, .leave, .abort])
    if let word = offer.word { dialogue.screen.say("Type \(word) to do it, or a letter:") }
    let prompt = offer.word.map { "\($0) or a letter: " } ?? "choice: "
    while true {
      switch await dialogue.choice(menu, scene, prompt: prompt, accepts: { $0 == offer.word }) {
      case .end, .key("q"): return .leave
      case .line, .key("r"): return .run
      case .key("s"): if let reason = await dialogue.text("why skip it? ", scene) { return .skip(reason: reason) }
      case .key("a"):
        if let reason = await dialogue.text("why end the run here? ", scene) { return .stop(reason: reason) }
      case .key(let key):
        if let facts = await asides.facts(key, scene) {
          open.leave(offer.step.id, scene)
          return .record(facts)
        }
      }
    }
  }

  // MARK: - Instead of a step

  public func answer(_ question: StepQuestion, of step: Step, _ scene: Scene) async -> Answer {
    let ticked = open.takeUp(step.id, scene)
    if ticked == nil { show(question, of: step, scene) } else { dialogue.showClocks(scene) }
    defer { dialogue.screen.unpin() }
    switch step.action {
    case .manual(let action):
      let asked = ManualQuestion(dialogue: dialogue, question: question, action: action, scene: scene, asides: asides)
      let (answer, ticked) = await asked.ask(ticked: ticked)
      if case .record = answer { open.leave(step.id, scene, ticked: ticked) }
      return answer
    case .incident(let action):
      let answer = await IncidentQuestion(dialogue: dialogue, asides: asides, scene: scene).ask(action)
      if case .record = answer { open.leave(step.id, scene) }
      return answer
    default: return .leave
    }
  }

  private func show(_ question: StepQuestion, of step: Step, _ scene: Scene) {
    let list = StepList(scene: scene, style: dialogue.screen.style, width: dialogue.width)
    dialogue.showPlace(scene)
    dialogue.showClocks(scene)
    let head = "\(list.heading(of: step.id))  TO DO BY HAND  \(question.title.visible)"
    for line in Paragraph.lines(head, width: dialogue.width, indent: 2) {
      dialogue.screen.say(dialogue.screen.style.strong(line))
    }
    if let why = step.description?.plainText(in: scene.state.names), why != question.ask { dialogue.show("why", why) }
    dialogue.show("do", question.ask)
  }

  // MARK: - After a failure

  public func choose(_ trouble: StepTrouble, _ scene: Scene) async -> Choice {
    if open.takeUp(trouble.step.id, scene) == nil {
      TroubleScreen(dialogue: dialogue, trouble: trouble, scene: scene).show()
    } else {
      dialogue.showClocks(scene)
    }
    defer { dialogue.screen.unpin() }
    let menu = troubleMenu(trouble, scene)
    while true {
      switch await dialogue.choice(menu, scene) {
      case .end, .key("q"): return .leave
      case .key("v"): return .made(StepChoice(.check))
      case .key("r"): return .made(StepChoice(.retry))
      case .key("m"):
        if let evidence = await dialogue.text("what shows that it is done? ", scene) {
          return .made(StepChoice(.doneByHand, reason: evidence))
        }
      case .key("s"):
        if let why = await dialogue.text("why skip it? ", scene) { return .made(StepChoice(.skip, reason: why)) }
      case .key("g"):
        if let why = await dialogue.text("why go on? ", scene) { return .made(StepChoice(.goOn, reason: why)) }
      case .key("b"): if let step = await stepToTakeBack(trouble, scene) { return .rollBack(step) }
      case .key("a"):
        if let why = await dialogue.text("why end the run here? ", scene) {
          return .made(StepChoice(.stop, reason: why))
        }
      case .key(let key):
        if let facts = await asides.facts(key, scene) {
          open.leave(trouble.step.id, scene)
          return .record(facts)
        }
      case .line: break
      }
    }
  }

  private func troubleMenu(_ trouble: StepTrouble, _ scene: Scene) -> Menu {
    var items: [Menu.Item] = []
    if trouble.step.verify != nil {
      items.append(Menu.Item("v", "check again only", "look at the world once more; nothing is done again"))
    }
    items.append(Menu.Item("r", "run again", "do the step again from its beginning"))
    items.append(
      Menu.Item(
        "m", "done by hand (evidence)", "you did it yourself; what shows it goes into the record, then the check"))
    items.append(.skip)
    let numbers = StepList(scene: scene, style: dialogue.screen.style, width: dialogue.width)
    if let last = trouble.reversible.first {
      let more = trouble.reversible.count > 1 ? " or an earlier one" : ""
      items.append(
        Menu.Item("b", "roll back step \(numbers.number(of: last.id) ?? 0)\(more)", "take a step back by its undo"))
    }
    items.append(Menu.Item("g", "go on (reason)", "leave it failed and go to the next step"))
    items.append(.note)
    items.append(Menu.Item("e", asides.callLabel(scene), "who to call next, with the number; goes into the record"))
    return Menu(items: items + [.details, .leave, .abort])
  }

  private func stepToTakeBack(_ trouble: StepTrouble, _ scene: Scene) async -> StepID? {
    let numbers = StepList(scene: scene, style: dialogue.screen.style, width: dialogue.width)
    for step in trouble.reversible {
      let title = scene.state.record(of: step.id).title ?? step.id.rawValue
      dialogue.show(
        Paragraph.lines(
          "  \(numbers.number(of: step.id) ?? 0)  \(title.visible)   by: \(step.undoSentence(in: scene) ?? "")",
          width: dialogue.width, indent: 5))
    }
    guard let line = await dialogue.line("number of the step to take back, anything else goes back: ", scene) else {
      return nil
    }
    return trouble.reversible.first { numbers.number(of: $0.id).map(String.init) == line }?.id
  }

  // MARK: - After a crash

  public func settle(_ trouble: StepTrouble, _ check: StepCheck, _ scene: Scene) async -> Settlement {
    if open.takeUp(trouble.step.id, scene) == nil {
      CrashScreen(dialogue: dialogue, trouble: trouble, check: check, scene: scene).show()
    } else {
      dialogue.showClocks(scene)
    }
    defer { dialogue.screen.unpin() }
    let menu = Menu(items: [
      Menu.Item("y", "accept as done", "it counts as done, with this check as evidence"),
      Menu.Item("r", "run it again", "do the step again from its beginning"), .note, .escalate, .details, .leave,
    ])
    while true {
      switch await dialogue.choice(menu, scene) {
      case .end, .key("q"): return .leave
      case .key("y"): return .accept
      case .key("r"): return .runAgain
      case .key(let key):
        if let facts = await asides.facts(key, scene) {
          open.leave(trouble.step.id, scene)
          return .record(facts)
        }
      case .line: break
      }
    }
  }
}
