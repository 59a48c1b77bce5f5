extension Question {
  private static let making = "- {id: make, shell: {run: \"touch $MADE\"}}"
  private static let choice = "choice: "
  private static let wrongKeys = ["", "   ", "yes", "R", "rr", "r s", "0", "-1", "x\nr\ny\ns\nn"]

  /// Every kind of question that a guided run asks.
  static let all: [Question] = beforeSteps + afterFailures + byHand + aboutIncidents + inOtherRuns

  // MARK: - Before a step

  private static let beforeSteps = [
    Question(name: "a step", steps: making, prompt: choice, wrong: wrongKeys + ["v", "y", "m"]),
    Question(
      name: "a destructive step", steps: "- {id: drop, shell: {run: \"touch $MADE\"}, effect: destructive}",
      top: "confirm: DROP", prompt: "DROP or a letter: ", wrong: wrongKeys + ["r", "drop", "DROP IT", "D R O P"]),
    Question(
      name: "a reason to skip", steps: making, way: [Key(prompt: choice, line: "s")], prompt: "why skip it? ",
      back: ["", "   "]),
    Question(
      name: "a note", steps: making, way: [Key(prompt: choice, line: "n")], prompt: "note: ", back: ["", "   "]),
    Question(
      name: "a call", steps: making, top: "severity: P1", way: [Key(prompt: choice, line: "e")], prompt: "call: ",
      wrong: ["", "yes", "Y", "1", "r"], back: ["q"]),
  ]

  // MARK: - After a failure

  private static let failing = "- {id: fails, shell: {run: \"exit 3\"}}\n" + making
  private static let undoing = """
    - {id: one, shell: {run: "true"}, undo: {id: back, shell: {run: "touch $MADE"}}}
    - {id: fails, shell: {run: "exit 3"}}
    """

  private static let afterFailures = [
    Question(
      name: "a failure", steps: failing, flags: ["--yes"], prompt: choice, wrong: wrongKeys + ["v", "b", "y"],
      exitCode: 1),
    Question(
      name: "evidence", steps: failing, flags: ["--yes"], way: [Key(prompt: choice, line: "m")],
      prompt: "what shows that it is done? ", back: [""], exitCode: 1),
    Question(
      name: "a reason to go on", steps: failing, flags: ["--yes"], way: [Key(prompt: choice, line: "g")],
      prompt: "why go on? ", back: ["", "  "], exitCode: 1),
    Question(
      name: "which step to take back", steps: undoing, flags: ["--yes"], way: [Key(prompt: choice, line: "b")],
      prompt: "anything else goes back: ", back: ["", "0", "2", "7", "one", "y"], exitCode: 1),
    Question(
      name: "a step that nobody saw end",
      steps: """
        - id: long
          shell: {run: "touch $DONE; exec sleep 60"}
          timeout: 90s
          verify: {command: {run: [ls, "$DONE"]}, until: exit_code == 0, within: 1s}
        """, flags: ["--yes"], beginning: .crash, prompt: choice,
      wrong: wrongKeys.filter { !$0.contains("y\n") } + ["s"]),
  ]

  // MARK: - Done by hand

  private static func manual(_ answer: String, _ wrong: [String]) -> Question {
    Question(
      name: "an answer: \(answer)", steps: "- {id: ask, manual: {ask: What is it?, answer: {type: \(answer)}}}",
      prompt: "answer: ", wrong: ["", "  ", "r", "v", "x\nc\ns\nq"] + wrong)
  }

  private static let byHand =
    [
      manual("bool", ["maybe", "1", "0", "true", "ja", "y n"]),
      manual("choice, choices: [buy, sell]", ["0", "3", "-1", "BUY", "bu", "buy sell"]),
      manual("text", ["u", "7", "é"]),
      manual("number", ["ten", "1,5", "0x10", "1e", "--1", "1 2"]),
      manual("url", ["example.org", "ftp://example.org", "https://", "http:///x", "javascript:alert(1)"]),
      manual("address", ["0x12", "0x" + String(repeating: "g", count: 40), "a@b", "@", "a b@c.d"]),
      manual("file", ["/no/such/file", "/", "/dev/null", "~"]),
      Question(
        name: "done by hand", steps: "- {id: do, manual: {ask: Do it}}", prompt: "answer: ",
        wrong: ["", "done", "y", "D", "x\nd\nd"]),
      Question(
        name: "an answer asked twice",
        steps: "- {id: do, manual: {ask: How many?, answer: {type: number}, confirm: true}}",
        way: [Key(prompt: "answer: ", line: "42")], prompt: "anything else takes it back: ", back: ["", "n", "Y", "42"]),
      Question(
        name: "what is in the way", steps: "- {id: do, manual: {ask: Do it}}",
        way: [Key(prompt: "answer: ", line: "c")],
        prompt: "what is in the way? ", back: [""]),
      Question(
        name: "a note by +", steps: "- {id: do, manual: {ask: Do it}}", way: [Key(prompt: "answer: ", line: "+")],
        prompt: "note: ", back: [""]),
      Question(
        name: "a list to tick", steps: "- {id: do, manual: {ask: Look, checklist: [one, two]}}",
        way: [Key(prompt: "so? ", line: "y")], prompt: "so? ", wrong: ["", "yes", "Y", "1", "x\ny\ny"]),
    ]

  // MARK: - About the incident

  private static func incident(_ name: String, _ action: String, _ lines: [String], _ prompts: [String]) -> Question {
    Question(
      name: name, steps: "- {id: ask, incident: {\(action)}}", top: "severity: P1",
      way: zip(prompts, lines).map { Key(prompt: $0, line: $1) }, prompt: prompts[lines.count])
  }

  private static func with(_ wrong: [String], back: [String] = [], _ question: Question) -> Question {
    var question = question
    (question.wrong, question.back) = (wrong, back)
    return question
  }

  private static let levels = [choice, "P0: ", "P1: ", "P2: ", "P3: ", "severity: ", "why P1? "]

  private static let aboutIncidents = [
    with(wrongKeys + ["v", "y"], incident("how bad it is", "classify: true", [], levels)),
    with(["", "0", "9", "P0", "y", "x\n1\n1"], incident("a criterion", "classify: true", ["r"], levels)),
    with(["", "P7", "1", "n"], incident("a severity", "classify: true", ["r", "n", "n", "n", "n"], levels)),
    with([], back: [""], incident("why so bad", "classify: true", ["r", "n", "n", "n", "n", "P1"], levels)),
    with(["", "yes", "2"], back: ["q"], incident("whom to call", "escalate: next", ["r"], [choice, "call: "])),
    with(
      ["", "99", "-1", "no-such-playbook", "y", "x\n0\n1"], back: ["q"],
      incident("which playbook", "suggest: true", ["r"], [choice, "0 for none: "])),
  ]

  // MARK: - In a run of its own

  private static let begunAgain: Set<String> = ["step.intended", "step.finished"]

  private static let inOtherRuns = [
    Question(
      name: "what must be so before another playbook", steps: "- {id: sub, playbook: {id: gated}}", flags: ["--yes"],
      prompt: "[n] no: ", wrong: ["", "maybe", "1", "r"], alsoRecorded: begunAgain),
    Question(
      name: "the word of another kill switch", steps: "- {id: sub, playbook: {id: stop-all}}", flags: ["--yes"],
      prompt: "STOP to confirm: ", alsoRecorded: begunAgain),
    Question(
      name: "a step of another playbook", steps: "- {id: sub, playbook: {id: look}}", flags: ["--yes"],
      prompt: "answer: ", wrong: ["", "x"]),
  ]
}
