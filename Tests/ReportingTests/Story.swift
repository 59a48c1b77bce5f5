import Engine
import Foundation
import IncidentModel
import Journaling
import Playbooks
import Reporting
import Testing

/// An incident written down by hand, event by event, with a clock that stands still until it is moved.
struct Story {
  static let begin = Timestamp("2031-05-14T03:13:10.000Z") ?? Timestamp(milliseconds: 0)

  private(set) var events: [Event] = []
  var actor = "dana@ops1"
  var boot = "boot-1"
  /// Milliseconds since the beginning.
  private(set) var now: Int64 = 0
  /// How far the wall clock was set, in milliseconds.
  var wallShift: Int64 = 0

  mutating func wait(_ milliseconds: Int64) { now += milliseconds }

  mutating func add(_ fact: Fact, run: Int? = nil, step: StepID? = nil, attempt: Int? = nil, inIncident: Bool = true) {
    let reading = ClockReading(
      wall: Self.begin + .milliseconds(now + wallShift), boot: 1_000_000 + now, bootID: boot)
    events.append(
      Event(
        at: reading, actor: actor, incident: inIncident ? IncidentID(number: 1) : nil,
        run: run.map { RunID(number: $0) }, step: step, attempt: attempt, fact))
  }

  var entries: [Entry] {
    events.enumerated().map { index, event in
      let digits = String(index + 1, radix: 16)
      let hash = String(repeating: "ab", count: 28) + String(repeating: "0", count: 8 - digits.count) + digits
      return Entry(sequence: Int64(index + 1), hash: hash, event: event)
    }
  }

  func file(_ playbooks: [Playbook] = [try? Story.playbook()].compactMap { $0 }) throws -> IncidentFile {
    try IncidentFile(IncidentID(number: 1), entries: entries) { start in playbooks.first { $0.id == start.playbook } }
  }
}

// MARK: - The incident most tests tell

extension Story {
  static let playbookText = """
    format: 1
    id: stop-shop
    name: Stop the shop
    severity: P0
    kill_switch: {word: STOP}
    inverse: open-shop
    targets: {contain: 5m, notify: 15m}
    connections: [database, chat]
    steps:
      - name: Contain
        target: contain
        parallel:
          - id: close-till
            name: Close the till
            effect: destructive
            idempotent: true
            sql: {connection: database, run: UPDATE shop SET open = 'no' WHERE id = 1, expect: {rows: 1}}
            verify:
              sql: {connection: database, run: SELECT open FROM shop WHERE id = 1}
              until: rows[0].open == "no"
          - id: lock-door
            name: Lock the door
            effect: destructive
            idempotent: true
            command: {run: [lockctl, close, front]}
            verify:
              command: {run: [lockctl, state, front]}
              until: trim(stdout) == "closed"
      - name: Tell
        target: notify
        critical: false
        parallel:
          - id: tell-chat
            name: Tell the chat
            notify: {connection: chat, template: closed}
          - id: tell-neighbours
            name: Tell the neighbours
            manual: {ask: Call the neighbours}
    """

  static func playbook() throws -> Playbook {
    try #require(PlaybookLoader(library: nil).load(text: playbookText, file: "stop-shop.yaml").playbook)
  }

  static func start(_ playbook: String = "stop-shop", drill: Bool = false, digest: String = "d1") -> Fact {
    .runStarted(
      RunStart(
        playbook: playbook, name: playbook, digest: digest, environment: "production", production: true, drill: drill,
        unattended: true, params: [:], prerequisites: [:], detected: begin,
        owner: RunOwner(host: "ops1", pid: 4121, epoch: 1)))
  }

  static let closeTillCheck = [
    "on database: SELECT open FROM shop WHERE id = 1", "until rows[0].open == \"no\"",
  ]

  mutating func open(title: String = "Somebody is in the till", drill: Bool = false) {
    add(
      .incidentOpened(
        IncidentOpening(
          title: title, severity: .p0, why: "--confirm STOP", environment: "production", drill: drill)))
    add(.milestoneReached(MilestoneMark(.detected, reached: Self.begin, source: "--detected-at")))
    wait(44_000)
    add(.milestoneReached(MilestoneMark(.acknowledged, reached: Self.begin + .seconds(44), source: "start of RUN-1")))
  }

  mutating func intend(
    _ step: StepID, _ title: String, _ preview: [String], attempt: Int = 1, run: Int = 1, action: String = "sql"
  ) {
    add(
      .stepIntended(
        StepIntent(title: title, action: action, effect: .destructive, preview: preview, digest: "x")),
      run: run, step: step, attempt: attempt)
  }

  mutating func act(_ step: StepID, _ result: ActionResult, took: Int64, attempt: Int = 1, run: Int = 1) {
    wait(took)
    add(
      .stepActed(StepAct(result: result, milliseconds: took, outputs: result.outputs)), run: run, step: step,
      attempt: attempt)
  }

  mutating func end(
    _ step: StepID, _ state: StepState, _ verification: Verification, _ reason: String? = nil, retrying: Bool = false,
    attempt: Int = 1, run: Int = 1
  ) {
    add(
      .stepFinished(StepEnd(state: state, verification: verification, reason: reason, retrying: retrying)), run: run,
      step: step, attempt: attempt)
  }

  /// Closes the till and proves it.
  mutating func closeTill(took: Int64 = 4200, title: String = "Close the till") {
    intend("close-till", title, ["on database: UPDATE shop SET open = 'no' WHERE id = 1"])
    act("close-till", ActionResult(.succeeded, outputs: ["row_count": .number(1)]), took: took)
    add(
      .stepChecked(
        StepCheck(
          verification: .verified, check: Self.closeTillCheck, reading: #"read {"open":"no"}"#, failure: nil,
          readings: 1, milliseconds: 20)), run: 1, step: "close-till", attempt: 1)
    end("close-till", .done, .verified)
  }

  /// The door does not lock, at the second attempt neither.
  mutating func failDoor(stderr: String = "lockctl: bolt jammed\n") {
    let failure = Failure(.exitStatus, "lockctl ended with exit code 1", advice: "Look at the bolt.")
    for attempt in 1...2 {
      intend("lock-door", "Lock the door", ["lockctl close front"], attempt: attempt, action: "command")
      act("lock-door", ActionResult(.failed(failure), outputs: ["stderr": .text(stderr)]), took: 1000, attempt: attempt)
      end("lock-door", .failed, .unverified, failure.message, retrying: attempt == 1, attempt: attempt)
    }
  }

  mutating func judge(_ target: String, limit: Duration) {
    let step: StepID = target == "contain" ? "steps[0]" : "steps[1]"
    add(
      .targetJudged(TargetJudgement(target: target, limit: limit, elapsed: .milliseconds(now))), run: 1, step: step)
  }

  mutating func queue(_ text: String = "The shop is closed.") -> Message {
    let message = Message(
      id: "RUN-1/tell-chat", connection: "chat", environment: "production", template: "closed", text: text)
    add(.messageQueued(message), run: 1, step: "tell-chat", attempt: 1)
    return message
  }

  /// Till closed, door not; the chat told, the neighbours not yet; the run parked.
  static func badNight(title: String = "Somebody is in the till") -> Story {
    var story = Story()
    story.open(title: title)
    story.add(start(), run: 1)
    story.closeTill()
    story.failDoor()
    story.judge("contain", limit: .seconds(300))
    story.intend("tell-chat", "Tell the chat", ["message to chat"], action: "notify")
    let message = story.queue()
    story.add(.messageSent(MessageReceipt(id: message.id, status: 200, remoteID: "m-77")), run: 1, step: "tell-chat")
    story.end("tell-chat", .done, .unverified, "no check")
    story.add(
      .stepAsked(
        StepQuestion(
          title: "Tell the neighbours", ask: "Call the neighbours", checklist: [], draft: nil, link: nil,
          answerType: "confirm")), run: 1, step: "tell-neighbours")
    story.add(.noted(Note(text: "wallet of the thief is known", happened: nil, starred: true)), run: 1)
    story.add(.runParked(RunParking(reason: "waiting for a person: Tell the neighbours")), run: 1)
    return story
  }
}

extension Story {
  static let neighboursQuestion = StepQuestion(
    title: "Tell the neighbours", ask: "Call the neighbours", checklist: ["the left one", "the right one"],
    draft: nil, link: nil, answerType: "bool")

  /// Everything that people can do in an incident beside its steps, on top of a bad night.
  static func worstNight(title: String = "Somebody is in the till") -> Story {
    var story = badNight(title: title)
    story.wait(10_000)
    story.add(.incidentEdited(IncidentEdit(title: title + ", and in the safe")))
    story.add(.roleAssigned(RoleAssignment(role: .lead, person: "lee", why: "dana drives")))
    story.add(
      .escalated(
        Escalation(
          contact: "technical-lead", title: "Technical Lead", reach: "+44 20 0000", outcome: .notReached, why: "asleep")
      )
    )
    story.add(.severityChanged(SeverityChange(from: .p0, to: .p1, why: "only the till")))
    story.add(
      .followUpRecorded(FollowUp(number: 1, title: "Change the locks", owner: "ana", due: begin + .seconds(3600))))
    story.add(.followUpRecorded(FollowUp(number: 2, title: "Count the money", owner: "", due: nil)))
    story.add(.runHandedOver(RunHandover(person: "lee", why: "dana goes home")), run: 1)
    story.wait(5000)
    story.actor = "lee@ops2"
    story.add(.runResumed(RunResumption(owner: RunOwner(host: "ops2", pid: 77, epoch: 2))), run: 1)
    let answer = StepAnswer(
      answer: .bool(true), why: "both were at home", ticked: [2], sha256: String(repeating: "c", count: 64), bytes: 12)
    story.add(.stepAsked(neighboursQuestion), run: 1, step: "tell-neighbours")
    story.add(.stepAnswered(answer), run: 1, step: "tell-neighbours")
    story.end("tell-neighbours", .done, .unverified, "attested")
    story.add(.stepRolledBack(StepRollback(by: "open-till")), run: 1, step: "close-till")
    return story
  }

  /// The number of the last entry.
  var last: Int64 { Int64(events.count) }
}

/// The members of a JSON object, for looking at shapes.
func object(_ json: String) throws -> [String: Any] {
  try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
}
