import Engine
import IncidentModel
import Testing

/// Writes down how a run went along, second by second.
struct Traces {
  private(set) var all: [RunTrace] = []
  private var run = 0
  private var boot: Int64 = 5_000_000
  private var start = "start-1"

  mutating func begin() {
    run += 1
    add(.runStarted)
  }

  mutating func wait(_ seconds: Double) { boot += Int64(seconds * 1000) }

  /// The machine is started anew: its clock begins again.
  mutating func reboot() { (start, boot) = ("start-2", 10) }

  mutating func add(
    _ kind: Fact.Kind, _ step: StepID? = nil, _ word: String = "", retrying: Bool = false, verified: Bool = false
  ) {
    all.append(
      RunTrace(
        run: RunID(number: run), kind: kind, step: step, boot: boot, bootID: start, word: word, isRetrying: retrying,
        isVerified: verified))
  }

  /// A step that takes so long and is done.
  mutating func step(_ id: StepID, _ seconds: Double, _ state: StepState = .done) {
    add(.stepIntended, id)
    wait(seconds)
    add(.stepFinished, id, state.rawValue, verified: state == .done)
  }
}

@Suite("How an earlier run went along")
struct RunCourseTests {
  @Test("time in which a run lay parked is no time of its steps, nor is what lies between a crash and the taking over")
  func parked() throws {
    var traces = Traces()
    traces.begin()
    traces.step("one", 4)
    traces.add(.stepAsked, "two")
    traces.wait(2)
    traces.add(.runParked)
    traces.wait(50_000)
    traces.add(.runResumed)
    traces.wait(6)
    traces.add(.stepFinished, "two", "done")
    // The process dies within the next step; somebody takes over a day later, on the same machine.
    traces.add(.stepIntended, "three")
    traces.wait(86_400)
    traces.add(.runResumed)
    traces.wait(1)
    traces.add(.stepFinished, "three", "done")
    traces.reboot()
    traces.wait(3)
    traces.add(.runFinished, nil, "done")
    let course = try #require(RunCourse.all(in: traces.all).first)
    #expect(course.steps["one"]?.milliseconds == 4000)
    #expect(course.steps["two"]?.milliseconds == 8000)
    #expect(course.steps["three"]?.milliseconds == 1000)
    #expect(course.driven == 13_000 && course.end == 13_000 && course.phase == .done)
  }

  @Test("a step counts from its first begin to its last end; that it was repeated by itself is no failure")
  func attempts() throws {
    var traces = Traces()
    traces.begin()
    traces.add(.stepIntended, "flaky")
    traces.wait(2)
    traces.add(.stepFinished, "flaky", "failed", retrying: true)
    traces.wait(1)
    traces.step("flaky", 2)
    traces.step("broken", 3, .failed)
    traces.wait(10)
    traces.add(.stepChosen, "broken", "retry")
    traces.step("broken", 4)
    traces.step("lost", 1, .unknown)
    traces.add(.stepChosen, "lost", "done_by_hand")
    traces.add(.stepSkipped, "unasked", "condition")
    traces.add(.stepSkipped, "unwanted", "person")
    let course = try #require(RunCourse.all(in: traces.all).first)
    #expect(course.steps["flaky"]?.milliseconds == 5000)
    #expect(course.steps["flaky"]?.hasFailed == false)
    #expect(course.steps["broken"]?.milliseconds == 17_000)
    #expect(course.steps["broken"]?.hasFailed == true && course.steps["broken"]?.state == .done)
    #expect(course.steps["lost"]?.hasFailed == true && course.steps["lost"]?.state == .done)
    #expect(course.steps["unasked"]?.isNotDue == true && course.steps["unwanted"]?.isNotDue == false)
    #expect(course.end == nil && course.phase == nil)
  }

  @Test("each run has a course of its own")
  func several() {
    var traces = Traces()
    for seconds in [1.0, 2, 3] {
      traces.begin()
      traces.step("one", seconds)
      traces.add(.targetJudged, "one", "contain")
      traces.add(.runFinished, nil, "done")
    }
    let courses = RunCourse.all(in: traces.all)
    #expect(courses.map(\.run.number) == [1, 2, 3])
    #expect(courses.map { $0.targets["contain"] } == [1000, 2000, 3000])
  }
}
