import IncidentModel
import Testing

@testable import Playbooks

@Suite("The action about the incident itself")
struct IncidentActionTests {
  private func step(_ action: String, _ more: String = "") throws -> Step {
    try #require(try playbook("steps:\n  - {id: one, incident: {\(action)}\(more)}").steps.first)
  }

  private func action(_ text: String) throws -> IncidentAction? {
    guard case .incident(let action) = try step(text).action else { return nil }
    return action
  }

  @Test("classify and suggest are questions to a person")
  func questions() throws {
    guard case .classify? = try action("classify: true"), case .suggest? = try action("suggest: true") else {
      Issue.record("other actions")
      return
    }
    #expect(try step("classify: true").action.isQuestion)
    #expect(try step("suggest: true").action.isQuestion)
  }

  @Test("escalate names a contact; 'next' is whoever comes next")
  func escalate() throws {
    guard case .escalate("on-call-engineer"?)? = try action("escalate: on-call-engineer"),
      case .escalate(nil)? = try action("escalate: next")
    else {
      Issue.record("other actions")
      return
    }
    #expect(try step("escalate: next").action.isQuestion)
  }

  @Test("every milestone can be set, and nobody is asked", arguments: Milestone.allCases)
  func milestone(_ milestone: Milestone) throws {
    guard case .milestone(let read)? = try action("milestone: \(milestone)") else {
      Issue.record("another action")
      return
    }
    #expect(read == milestone)
    #expect(try !step("milestone: \(milestone)").action.isQuestion)
  }

  @Test("title and follow-up take templates; a follow-up may do without an owner and a date")
  func texts() throws {
    let texts = try playbook(
      """
      params: {report: {type: text}, lead: {type: text}}
      steps:
        - {id: one, incident: {title: "Down: ${params.report}"}}
        - {id: two, incident: {follow_up: {title: "About ${params.report}", owner: "${params.lead}", due: 24h}}}
        - {id: three, incident: {follow_up: {title: Later}}}
      """)
    guard case .incident(.title(let title)) = texts.steps[0].action,
      case .incident(.followUp(let whole, let owner, let due)) = texts.steps[1].action,
      case .incident(.followUp(let bare, nil, nil)) = texts.steps[2].action
    else {
      Issue.record("other actions: \(texts.steps.map(\.action))")
      return
    }
    #expect(title.source == "Down: ${params.report}")
    #expect((whole.source, owner?.source, due) == ("About ${params.report}", "${params.lead}", .seconds(86_400)))
    #expect(bare.source == "Later")
  }

  @Test("it changes nothing but the record, so nobody has to agree and nothing has to be checked")
  func effect() throws {
    #expect(try step("milestone: resolved").effect == .read)
    let yaml = "steps:\n  - {id: one, effect: write, incident: {milestone: resolved}}"
    expectFindings([], in: yaml, warnings: true)
  }

  @Test("there is one thing to do, and not two")
  func one() {
    expectFindings(
      [
        .error(
          at: "①", "an 'incident' action needs one thing to do",
          hint: "one of: classify, escalate, suggest, title, milestone, follow_up"),
        .error(at: "②", "an 'incident' action has one thing to do already: 'classify'"),
        .error(at: "③", "an 'incident' action has no key 'escalte'", hint: "did you mean 'escalate'?"),
        .error(at: "④", "'incident' must be an 'incident' action, but is text"),
      ],
      in: """
        steps:
          - {id: one, incident: ①{}}
          - {id: two, incident: {classify: true, ②suggest: true}}
          - {id: three, incident: {③escalte: next}}
          - {id: four, incident: ④classify}
        """)
  }

  @Test("what cannot be meant is pointed at, key by key")
  func wrong() {
    expectFindings(
      [
        .error(at: "①", "'classify' can only be true", hint: "take the step out, or put a 'when' on it"),
        .error(at: "②", "'suggest' must be true or false, but is 'pause-trading'"),
        .error(
          at: "③", "'escalate' must be small letters, digits and '-', such as disable-trades, but is 'On Call'"),
        .error(at: "④", "'milestone' cannot be 'mitigate'", hint: "did you mean 'mitigated'?"),
        .error(at: "⑤", "a 'follow_up' needs the key 'title'", hint: "What is to be done"),
        .error(at: "⑥", "'due' must be a duration such as 500ms, 5s, 10m, 2h or 30d, but is 'tomorrow'"),
        .error(at: "⑦", "'title' has no value"),
      ],
      in: """
        steps:
          - {id: one, incident: {classify: ①false}}
          - {id: two, incident: {suggest: ②pause-trading}}
          - {id: three, incident: {escalate: ③On Call}}
          - {id: four, incident: {milestone: ④mitigate}}
          - {id: five, incident: {follow_up: ⑤{owner: lee}}}
          - {id: six, incident: {follow_up: {title: Later, due: ⑥tomorrow}}}
          - {id: seven, incident: {title: ⑦}}
        """)
  }

  @Test(
    "what is about effects on the world does not stand on it, and is told once",
    arguments: [
      "idempotent: true", "exactly_once: true", "emergency: true", "retry: {max: 2}",
      "verify: {assert: {that: \"true\"}}",
    ])
  func effectsOnTheWorld(_ key: String) {
    expectFindings(
      [
        .error(
          at: "①",
          "'\(key.prefix { $0 != ":" })' cannot stand on an 'incident' action: it changes nothing but the record")
      ], in: "steps:\n  - id: one\n    incident: {milestone: resolved}\n    ①\(key)")
  }

  @Test("the answer of a question is known to later steps; what only sets something leaves none")
  func answers() {
    expectFindings(
      [
        .error(at: "①", "'call' leaves no 'anser'", hint: "did you mean 'answer'?"),
        .error(at: "②", "nothing is named 'answer' here"),
      ],
      in: """
        steps:
          - {id: call, incident: {escalate: next}, register: {how: answer}, expect: answer != ""}
          - {id: again, when: vars.how == "not_reached", incident: {escalate: next}}
          - {id: misspelt, when: steps.call.①anser == "reached", incident: {suggest: true}}
          - {id: silent, incident: {milestone: resolved}, expect: ②answer == ""}
        """)
  }

  @Test("a name in a title or a follow-up that nothing gives is pointed at")
  func names() {
    expectFindings(
      [
        .error(at: "①", "no param is named 'repart'", hint: "did you mean 'report'?"),
        .error(at: "②", "no param is named 'reporter'", hint: "did you mean 'report'?"),
        .error(at: "③", "'incident' has no 'lead'"),
      ],
      in: """
        params: {report: {type: text}}
        steps:
          - {id: one, incident: {title: "${params.①repart}"}}
          - {id: two, incident: {follow_up: {title: "${params.②reporter}", owner: "${incident.③lead}"}}}
        """)
  }
}
