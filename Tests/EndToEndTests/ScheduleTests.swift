import Foundation
import IncidentModel
import TestSupport
import Testing

@Suite("What is due", .inTurn, .timeLimit(.minutes(40)))
struct ScheduleTests {
  /// What `andon schedule --json` says, by kind and subject: `task weekly`.
  private func duties(_ book: TestPlaybooks, _ arguments: [String] = []) async throws -> [String: Value] {
    let result = try await AndonProgram(environment: book.environment).run(["schedule", "--json"] + arguments)
    let items = try Record(result).json["items"]?.items ?? []
    return Dictionary(
      uniqueKeysWithValues: items.map { ("\($0.text("kind")) \($0.text("subject")) \($0.text("command"))", $0) })
  }

  private func duty(_ start: String, of duties: [String: Value]) -> Value {
    duties.first { $0.key.hasPrefix(start) }?.value ?? .null
  }

  private let step = "- {id: one, wait: {for: 1ms}}"

  @Test(
    "A task that was never done is late; done it is due a week later; a drill, a failure and another place do not count"
  )
  func task() async throws {
    let book = try TestPlaybooks()
    try book.folder.write(
      "format: 1\nenvironment: other\nproduction: false\nconnections: {}\n", to: "playbooks/environments/other.yaml")
    try book.add(
      "clean", top: "schedule: weekly\nparams: {n: {type: integer, default: 1}}",
      steps: "- {id: one, assert: {that: params.n == 1}}")
    #expect(duty("task clean andon run clean", of: try await duties(book)).text("is_late") == "true")
    #expect(try await book.run("clean", "--drill", "--env", "other").code == 0)
    #expect(try await book.run("clean", "--env", "other").code == 0)
    #expect(try await book.run("clean", "--var", "n=2").code == 1)
    let late = duty("task clean", of: try await duties(book))
    #expect(late.text("is_late") == "true" && late["last"] == .null, "\(late)")
    let elsewhere = duty("task clean andon run clean --env other", of: try await duties(book, ["--env", "other"]))
    #expect(elsewhere.text("is_late") == "false", "\(elsewhere)")
    #expect(try await book.run("clean").code == 0)
    let done = duty("task clean", of: try await duties(book))
    #expect(done.text("is_late") == "false")
    let (last, due) = (Timestamp(done.text("last")), Timestamp(done.text("due")))
    #expect(due == last.map { $0 + .seconds(7 * 86_400) }, "\(done)")
    #expect(try await book.andon("schedule").stdout.contains("weekly task clean, due \(Clinic.day(7))"))
  }

  @Test("A task is late as soon as its time is over, and by how long")
  func overdue() async throws {
    let book = try TestPlaybooks()
    try book.add("often", top: "schedule: {every: 1s}", steps: step)
    #expect(try await book.run("often").code == 0)
    try await eventually("the second has passed") {
      duty("task often", of: try await duties(book)).text("is_late") == "true"
    }
    let text = try await book.andon("schedule").stdout
    #expect(text.hasPrefix("LATE (1)\n  LATE by ") && text.contains(/\n +andon run often/), "\(text)")
    #expect(try await book.andon("status").stdout.contains("\n1 task is late: andon schedule\n"))
  }

  @Test("A review is late when its day is over, not on that day; one that never was is late")
  func review() async throws {
    let book = try TestPlaybooks()
    for (id, last) in [("on-time", Clinic.day(-30)), ("late", Clinic.day(-32)), ("never", "")] {
      try book.add(id, top: "review: {last: \(last), every: 30d}", steps: step)
    }
    let duties = try await duties(book)
    #expect(duty("review on-time", of: duties).text("is_late") == "false")
    #expect(duty("review on-time", of: duties).text("due") == "\(Clinic.today)T00:00:00.000Z")
    #expect(duty("review late", of: duties).text("is_late") == "true")
    #expect(duty("review never", of: duties).text("is_late") == "true")
    #expect(try await book.andon("status").stdout.contains("2 tasks are late: andon schedule"))
  }

  @Test("A kill switch is to be drilled every 30 days, or as the playbook says; a drill that is parked counts")
  func drill() async throws {
    let book = try TestPlaybooks()
    let parks = "\(step)\n- {id: tell, manual: {ask: Tell them}}"
    try book.add("stop", top: "kill_switch: {word: STOP}", steps: parks)
    try book.add("halt", top: "kill_switch: {word: HALT}\ndrill: {every: 90d}", steps: step)
    try book.add("guided", steps: step)
    let before = try await duties(book)
    #expect(Set(before.keys) == ["drill stop andon pull stop --drill", "drill halt andon pull halt --drill"])
    #expect(before.values.allSatisfy { $0.text("is_late") == "true" })
    #expect(try await book.andon("pull", "stop", "--drill", "--env", "test", "--confirm", "STOP").code == 4)
    #expect(try await book.andon("pull", "halt", "--drill", "--env", "test", "--confirm", "HALT").code == 0)
    for (id, days) in [("stop", 30), ("halt", 90)] {
      let duty = duty("drill \(id)", of: try await duties(book))
      #expect(duty.text("is_late") == "false" && duty.text("due").hasPrefix(Clinic.day(days)), "\(duty)")
    }
    let list = try await book.andon("playbook", "list").stdout
    #expect(list.contains(/\n  stop .* 0m ago 0\/2 +never    Test stop\n/), "\(list)")
    #expect(list.contains(/\n  guided .* never +never    Test guided\n/), "\(list)")
  }

  @Test("A postmortem is due 24 hours after detection until it is written; a follow-up until it is done")
  func incident() async throws {
    let book = try TestPlaybooks()
    try FileManager.default.copyItem(
      atPath: Repository.file("playbooks/severity.yaml"), toPath: book.folder.file("playbooks/severity.yaml"))
    for age in ["25h ago", "23h ago"] {
      #expect(
        try await book.andon("incident", "open", "broken", "--severity", "P0", "--detected-at", age).code == 0)
    }
    #expect(
      try await book.andon("incident", "followup", "add", "INC-1", "change the locks", "--owner", "lee", "--due", "24h")
        .code == 0)
    let duties = try await duties(book)
    let late = duty("postmortem INC-1 andon postmortem create INC-1", of: duties)
    #expect(late.text("is_late") == "true")
    #expect((3_600_000...3_700_000).contains(Int(late.text("late_milliseconds")) ?? 0), "\(late)")
    #expect(duty("postmortem INC-2", of: duties).text("is_late") == "false")
    #expect(duty("follow_up INC-1 andon incident followup done INC-1 1", of: duties).text("is_late") == "false")
    #expect(try await book.andon("postmortem", "create", "INC-1").code == 0)
    #expect(try await book.andon("incident", "followup", "done", "INC-1", "1").code == 0)
    #expect(Array(try await self.duties(book).keys) == ["postmortem INC-2 andon postmortem create INC-2"])
  }

  @Test(
    "The calendar is one that a strict reader accepts, whatever people wrote, and says the same each time", .needsPython
  )
  func calendar() async throws {
    let book = try TestPlaybooks()
    try FileManager.default.copyItem(
      atPath: Repository.file("playbooks/severity.yaml"), toPath: book.folder.file("playbooks/severity.yaml"))
    try book.add("clean", top: "schedule: monthly\nreview: {last: 2031-05-14, every: 45d}", steps: step)
    try book.add("hourly", top: "schedule: {every: 6h}", steps: step)
    try book.add("stop", top: "kill_switch: {word: STOP}", steps: step)
    #expect(try await book.run("hourly").code == 0)
    let title = #"a;b,c\d "e" END:VEVENT 🧯🚒 "# + String(repeating: "ärger ", count: 30)
    #expect(try await book.andon("incident", "open", title, "--severity", "P1").code == 0)
    let first = try await book.andon("schedule", "--ics")
    #expect(first.code == 0, "\(first)")
    let read = try await events(first.stdout, book)
    #expect(try await book.andon("schedule", "--ics").stdout == first.stdout)

    func event(_ start: String) -> Value { read.first { $0.text("uid").hasPrefix(start) } ?? .null }
    #expect(read.count == 5, "\(read)")
    #expect(event("task-test-clean@").text("rule") == "FREQ=MONTHLY")
    #expect(event("task-test-hourly@").text("rule") == "FREQ=HOURLY;INTERVAL=6")
    #expect(event("drill-stop@").text("rule") == "FREQ=DAILY;INTERVAL=30")
    #expect(event("drill-stop@").text("description") == "andon pull stop --drill")
    let review = event("review-clean@")
    #expect(review.text("start") == "20310628" && review.text("rule") == "FREQ=DAILY;INTERVAL=45", "\(review)")
    #expect(review.text("stamp") == "20310514T000000Z")
    let postmortem = event("postmortem-INC-1-")
    #expect(postmortem.text("summary").hasPrefix("postmortem of INC-1: \(title.prefix(60))"), "\(postmortem)")
    #expect(postmortem.text("rule") == "")
  }

  @Test("Where nothing is due the calendar is still one", .needsPython)
  func emptyCalendar() async throws {
    let book = try TestPlaybooks()
    try book.add("idle", steps: step)
    let result = try await book.andon("schedule", "--ics")
    #expect(try await events(result.stdout, book).isEmpty)
    #expect(try await book.andon("schedule").stdout.hasPrefix("Nothing is due"))
    #expect(!(try await book.andon("status").stdout.contains("late")))
    #expect(!FileManager.default.fileExists(atPath: book.state))
  }

  @Test("What contradicts itself or names nothing is refused")
  func usage() async throws {
    let book = try TestPlaybooks()
    #expect(try await book.andon("schedule", "--ics", "--json").code == 64)
    #expect(try await book.andon("schedule", "--env", "nowhere").code == 78)
  }

  private func events(_ calendar: String, _ book: TestPlaybooks) async throws -> [Value] {
    let path = try book.folder.write(calendar, to: "due.ics")
    let result = try await RunningProgram(
      [Repository.python ?? "", Repository.file("Tests/validate_calendar.py"), path],
      environment: ["PATH": "/usr/bin:/bin"]
    ).wait()
    try #require(result.code == 0, "\(result)\n\(calendar)")
    return try Value.json(Data(result.stdout.utf8))["events"]?.items ?? []
  }
}
