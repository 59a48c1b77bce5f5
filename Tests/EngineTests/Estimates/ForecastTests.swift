import Engine
import IncidentModel
import Playbooks
import Testing

@Suite("What earlier runs let one expect")
struct ForecastTests {
  private static let begin = Timestamp("2031-05-14T03:13:10.000Z") ?? Timestamp(milliseconds: 0)

  private static let text = """
    format: 1
    id: stop
    name: Stop
    targets: {contain: 1m, notify: 5m}
    steps:
      - {id: one, name: One, target: contain, wait: {for: 1s}}
      - {id: two, name: Two, wait: {for: 1s}}
      - {id: three, name: Three, target: notify, manual: {ask: Call them}}
    """

  /// Whole runs, of which each step takes so many seconds.
  private func traces(_ runs: [[Double]], phase: String = "done") -> [RunTrace] {
    var traces = Traces()
    for seconds in runs {
      traces.begin()
      for (id, time) in zip([StepID("one"), "two", "three"], seconds) {
        traces.step(id, time)
        if id == "one" { traces.add(.targetJudged, id, "contain") }
        if id == "three" { traces.add(.targetJudged, id, "notify") }
      }
      if seconds.count == 3 { traces.add(.runFinished, nil, phase) }
    }
    return traces.all
  }

  /// A run that has these steps behind it, each of a second.
  private func state(done steps: [StepID] = [], drill: Bool = false) throws -> (RunState, Timestamp) {
    let playbook = try #require(PlaybookLoader(library: nil).load(text: Self.text, file: "stop.yaml").playbook)
    var state = RunState(playbook: playbook)
    var now = Self.begin
    func add(_ fact: Fact, _ step: StepID? = nil) throws {
      let boot = (now - Self.begin).wholeMilliseconds
      try state.apply(
        Event(
          at: ClockReading(wall: now, boot: boot, bootID: "b"), actor: "dana", run: RunID(number: 9), step: step, fact))
    }
    try add(
      .runStarted(
        RunStart(
          playbook: "stop", name: "Stop", digest: "d", environment: "test", production: false, drill: drill,
          unattended: true, params: [:], prerequisites: [:], detected: now,
          owner: RunOwner(host: "h", pid: 1, epoch: 1))))
    for step in steps {
      try add(.stepIntended(StepIntent(title: "x", action: "wait", effect: .read, preview: [], digest: "x")), step)
      now = now + .seconds(1)
      try add(.stepFinished(StepEnd(state: .done, verification: .verified)), step)
    }
    return (state, now)
  }

  private func forecast(
    real: [RunTrace] = [], drills: [RunTrace] = [], done steps: [StepID] = [], isDrill: Bool = false,
    later: Double = 0, sinceDetected: Double = 0
  ) throws -> Forecast? {
    let (state, standing) = try state(done: steps, drill: isDrill)
    return EarlierRuns(real: real, drills: drills, isDrill: isDrill).forecast(
      of: state, since: Self.begin, at: standing + .milliseconds(Int64(later * 1000)),
      sinceDetected: .milliseconds(Int64(sinceDetected * 1000)))
  }

  @Test("what is left is the median of what it took from where the run stands now")
  func median() throws {
    let real = traces([[10, 20, 30], [12, 50, 40], [99, 20, 31]])
    // From the beginning: 60, 102, 150. After the first step: 50, 90, 51.
    #expect(try forecast(real: real)?.remaining == .seconds(102))
    #expect(try forecast(real: real, done: ["one"])?.remaining == .seconds(51))
    #expect(try forecast(real: real, done: ["one", "two"])?.remaining == .seconds(31))
    #expect(try forecast(real: real)?.runs == 3)
  }

  @Test("time spent on the step at hand counts for that step, and never for those after it")
  func spent() throws {
    let real = traces(Array(repeating: [10, 20, 30], count: 4))
    #expect(try forecast(real: real, later: 4)?.remaining == .seconds(56))
    #expect(try forecast(real: real, later: 10)?.remaining == .seconds(50))
    #expect(try forecast(real: real, later: 900)?.remaining == .seconds(50))
    #expect(try forecast(real: real, done: ["one", "two"], later: 900)?.remaining == .zero)
  }

  @Test("of fewer than three runs that came to their end nothing is said")
  func few() throws {
    #expect(try forecast(real: traces([[10, 20, 30], [10, 20, 30]])) == nil)
    #expect(
      try forecast(real: traces([[10, 20, 30], [10, 20, 30], [10]])) != nil, "its first clock was judged thrice")
    let unfinished = try forecast(real: traces([[10, 20, 30], [10, 20, 30], [10]]))
    #expect(unfinished?.remaining == nil && unfinished?.targets.map(\.name) == ["contain"])
    let failed = try forecast(real: traces([[10, 20, 30], [10, 20, 30], [10, 20, 30]], phase: "stopped"))
    #expect(failed?.remaining == nil, "a run that was ended early says nothing about the end")
  }

  @Test("real runs come first for a real run, drills for a drill; the others stand in, and that is told")
  func kinds() throws {
    let real = traces(Array(repeating: [10, 20, 30], count: 3))
    let drills = traces(Array(repeating: [1, 2, 3], count: 5))
    let first = try forecast(real: real, drills: drills)
    #expect(first?.remaining == .seconds(60) && first?.areDrills == false && first?.runs == 3)
    let drill = try forecast(real: real, drills: drills, isDrill: true)
    #expect(drill?.remaining == .seconds(6) && drill?.areDrills == true && drill?.runs == 5)
    let standIn = try forecast(real: traces([[10, 20, 30]]), drills: drills)
    #expect(standIn?.remaining == .seconds(6) && standIn?.areDrills == true)
  }

  @Test("a clock is at risk when now and what is usually left come to more than its limit, and not once it is missed")
  func risk() throws {
    let real = traces(Array(repeating: [10, 20, 230], count: 3))
    func atRisk(_ sinceDetected: Double) throws -> [String] {
      try forecast(real: real, sinceDetected: sinceDetected)?.atRisk.map(\.name) ?? []
    }
    #expect(try atRisk(0) == [])
    #expect(try atRisk(40) == [], "260 s to go, 300 s allowed")
    #expect(try atRisk(41) == ["notify"])
    #expect(try atRisk(51) == ["contain", "notify"])
    #expect(try atRisk(61) == ["notify"], "the first one is missed, no longer at risk")
    #expect(try atRisk(301) == [])
  }

  @Test("a clock that was judged, and a run that is over, have no forecast")
  func over() throws {
    let real = traces(Array(repeating: [10, 20, 30], count: 3))
    var (state, now) = try state(done: ["one"])
    let earlier = EarlierRuns(real: real, drills: [], isDrill: false)
    func event(_ fact: Fact) -> Event {
      Event(
        at: ClockReading(wall: now, boot: 1000, bootID: "b"), actor: "dana", run: RunID(number: 9), step: "one", fact)
    }
    try state.apply(event(.targetJudged(TargetJudgement(target: "contain", limit: .seconds(60), elapsed: .seconds(1)))))
    let forecast = earlier.forecast(of: state, since: Self.begin, at: now, sinceDetected: .zero)
    #expect(forecast?.targets.map(\.name) == ["notify"])
    try state.apply(event(.runFinished(RunEnd(phase: .done))))
    #expect(earlier.forecast(of: state, since: Self.begin, at: now, sinceDetected: .zero) == nil)
    now = now + .seconds(1)
  }

  @Test("the usual time of a step is that of runs of the same kind in which it was done")
  func usual() {
    let earlier = EarlierRuns(
      real: traces([[10, 20, 30], [14, 20, 30]]), drills: traces([[1, 2, 3]]), isDrill: false)
    #expect(earlier.usual("one") == EarlierRuns(real: traces([[10], [14]]), drills: [], isDrill: false).usual("one"))
    #expect(earlier.usual("one")?.median == .seconds(12))
    #expect(earlier.usual("one")?.runs == 2)
    #expect(earlier.usual("nothing") == nil)
  }
}
