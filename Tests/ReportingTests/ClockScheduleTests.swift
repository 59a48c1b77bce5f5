import Engine
import IncidentModel
import Journaling
import Reporting
import TestSupport
import Testing

/// A machine whose clocks are set, smeared and stopped by lot, and which is started anew now and then.
private struct Machine {
  /// What really passed since the beginning, in milliseconds.
  private(set) var passed: Int64 = 0
  /// Which start of the machine this is.
  private(set) var start = 0
  /// How far the wall clock is ahead of the truth, in milliseconds.
  private(set) var ahead: Int64 = 0
  private var startedAt: Int64 = -500_000
  private let name: String

  private static let jumps: [Int64] = [
    1000, 1500, 2000, 60_000, 3_600_000, 86_400_000, 31_536_000_000, 315_360_000_000,
  ]

  init(_ seed: Int) { name = "schedule-\(seed)" }

  var reading: ClockReading {
    ClockReading(
      wall: Story.begin + .milliseconds(passed + ahead), boot: passed - startedAt, bootID: "\(name)-\(start)")
  }

  mutating func wait(_ numbers: inout SeededNumbers) { passed += Int64.random(in: 0...120_000, using: &numbers) }

  mutating func disturb(_ numbers: inout SeededNumbers) {
    switch Int.random(in: 0..<10, using: &numbers) {
    case 0, 1: ahead += Self.jumps.randomElement(using: &numbers) ?? 0
    case 2, 3: ahead -= Self.jumps.randomElement(using: &numbers) ?? 0
    // A leap second, smeared over some entries.
    case 4: ahead += Int64.random(in: -500...500, using: &numbers)
    // Asleep: time passes for both clocks.
    case 5: passed += 3_600_000
    case 6: (start, startedAt) = (start + 1, passed)
    default: break
    }
  }
}

@Suite("Time, with clocks that are set, smeared, stopped and started anew by lot")
struct ClockScheduleTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// What happened in one schedule, and what really passed until then.
  private struct Moment {
    let event: Event
    let passed: Int64
    let ahead: Int64
    let start: Int
  }

  private func moments(_ seed: Int, _ numbers: inout SeededNumbers) -> [Moment] {
    var machine = Machine(seed)
    var moments: [Moment] = []
    func add(_ fact: Fact, run: Bool = true, step: StepID? = nil) {
      let event = Event(
        at: machine.reading, actor: "dana@ops1", incident: IncidentID(number: seed),
        run: run ? RunID(number: seed) : nil, step: step, attempt: step == nil ? nil : 1, fact)
      moments.append(Moment(event: event, passed: machine.passed, ahead: machine.ahead, start: machine.start))
      machine.wait(&numbers)
      machine.disturb(&numbers)
    }
    add(
      .incidentOpened(
        IncidentOpening(title: "till", severity: .p1, why: "mail", environment: "production", drill: false)), run: false
    )
    add(Story.start())
    for step in ["close-till", "lock-door"] as [StepID] {
      add(
        .stepIntended(StepIntent(title: step.rawValue, action: "sql", effect: .write, preview: [], digest: "x")),
        step: step)
      add(.stepFinished(StepEnd(state: .done, verification: .verified)), step: step)
    }
    add(.runFinished(RunEnd(phase: .done)))
    return moments
  }

  private func append(_ moments: [Moment], to journal: Journal, _ numbers: inout SeededNumbers) throws {
    var rest = moments.map(\.event)[...]
    while !rest.isEmpty {
      let part = rest.prefix(Int.random(in: 1...3, using: &numbers))
      #expect(try journal.append(Array(part)).count == part.count)
      rest = rest.dropFirst(part.count)
    }
  }

  @Test("in 500 schedules: no negative duration, none longer or shorter than it was, the order kept, each jump noted")
  func schedules() throws {
    let count = Figures.tries(quick: 500, long: 5000)
    let journal = try Journal(directory: folder.path, redactor: Redactor())
    var (jumps, noted, durations, wrong) = (0, 0, 0, 0)
    for seed in 1...count {
      var numbers = SeededNumbers(seed: UInt64(seed))
      let moments = moments(seed, &numbers)
      try append(moments, to: journal, &numbers)
      let entries = try journal.reader.entries(of: IncidentID(number: seed))

      let expected = zip(moments, moments.dropFirst()).compactMap { before, after in
        before.start == after.start && abs(after.ahead - before.ahead) > 1000 ? after.ahead - before.ahead : nil
      }
      let found = entries.compactMap {
        if case .clockJumped(let jump) = $0.event.fact { jump.milliseconds } else { nil }
      }
      // What lies before the run belongs to the incident.
      #expect(found == expected, "schedule \(seed)")
      (jumps, noted) = (jumps + expected.count, noted + found.count)

      let playbook = try Story.playbook()
      let file = try IncidentFile(IncidentID(number: seed), entries: entries) { _ in playbook }
      let run = try #require(file.runs.first)
      var checks = [(run.elapsed, moments[1], moments[6])]
      for (index, step) in run.steps.prefix(2).enumerated() {
        checks.append((try #require(step.elapsed), moments[2 + 2 * index], moments[3 + 2 * index]))
      }
      for (elapsed, begin, end) in checks {
        durations += 1
        let isRight =
          begin.start == end.start
          ? elapsed.milliseconds == end.passed - begin.passed && !elapsed.approximate
          : elapsed.milliseconds >= 0 && elapsed.approximate
        if !isRight { wrong += 1 }
        #expect(isRight, "schedule \(seed): \(elapsed.milliseconds) for \(end.passed - begin.passed)")
      }
      let rows = try TimelineReport(IncidentID(number: seed), reader: journal.reader, everything: true).rows
      #expect(rows.map(\.entry) == entries.map(\.sequence), "schedule \(seed) is out of order")
    }
    journal.close()
    #expect(jumps > count, "the lot sets too few clocks")
    Figures.record(
      [
        "schedules": count, "jumps": jumps, "jumps not noted": jumps - noted, "durations": durations,
        "durations wrong or negative": wrong,
      ],
      promise: "Setting a clock changes no duration and no order, and is noted",
      attack: "jumps from a second to ten years both ways, smeared leap seconds, suspension, restarts", in: "Clocks")
  }

  @Test("in 500 schedules: an announced start comes neither early nor late, and a target is judged by what passed")
  func countdowns() throws {
    let playbook = try Story.playbook()
    for seed in 1...Figures.tries(quick: 500, long: 5000) {
      var numbers = SeededNumbers(seed: UInt64(seed))
      var machine = Machine(seed)
      let grace = Duration.seconds(Int64.random(in: 1...600, using: &numbers))
      let begun = machine
      let countdown = Countdown(to: begun.reading.wall + grace, from: begun.reading)
      var state = RunState(playbook: playbook)
      try state.apply(
        Event(at: begun.reading, actor: "dana@ops1", run: RunID(number: 1), Story.start()))
      for _ in 0..<10 {
        machine.wait(&numbers)
        machine.disturb(&numbers)
        let passed = Duration.milliseconds(machine.passed - begun.passed)
        let (left, since) = (
          countdown.left(at: machine.reading), try #require(state.sinceDetected(at: machine.reading))
        )
        #expect(left >= .zero && since >= .zero)
        guard machine.start == begun.start else { break }
        #expect(left == max(.zero, grace - passed), "schedule \(seed)")
        #expect(since == passed, "schedule \(seed)")
      }
    }
  }

  @Test("a figure between two moments of which the later lies before the earlier is not given, and says why")
  func turnedRound() throws {
    var story = Story()
    story.open()
    story.add(.milestoneReached(MilestoneMark(.mitigated, reached: Story.begin - .seconds(60), source: "dana@ops1")))
    let report = try IncidentReport(story.file())
    let json = try report.json()
    #expect(json.contains("'mitigated' lies before 'detected'"), "\(json)")
    #expect(!report.text().contains("-60000 ms"))
  }
}
