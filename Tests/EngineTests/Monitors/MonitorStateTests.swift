import Engine
import IncidentModel
import Testing

@Suite("What a reading means")
struct MonitorStateTests {
  private let start = Timestamp(milliseconds: 1_900_000_000_000)

  private func event(_ fact: Fact, after seconds: Int = 0, incident: Int? = 1) -> Event {
    let moment = start + .seconds(seconds)
    return Event(
      at: ClockReading(wall: moment, boot: 0, bootID: ""), actor: "t", incident: incident.map(IncidentID.init(number:)),
      fact)
  }

  private func breach(of monitor: String = "m", in environment: String = "e", after seconds: Int = 0) -> Event {
    event(
      .monitorBreached(
        MonitorBreach(
          monitor: monitor, name: "M", environment: environment, reading: "", severity: .p1, suggest: nil)),
      after: seconds)
  }

  private func blindness() -> Event {
    event(.monitorBlind(MonitorBlindness(monitor: "m", name: "M", environment: "e", why: "", misses: 3, severity: .p1)))
  }

  private func recovery() -> Event {
    event(.monitorRecovered(MonitorRecovery(monitor: "m", name: "M", environment: "e", reading: "")))
  }

  private func news(
    after events: [Event], _ verdict: MonitorReading.Verdict, misses: Int = 0, at seconds: Int = 1
  ) -> MonitorNews? {
    var state = MonitorState(monitor: "m", environment: "e")
    for event in events { state.apply(event) }
    return state.news(
      of: MonitorReading(verdict, ""), misses: misses, bearable: 3, at: start + .seconds(seconds))
  }

  @Test("a breach and its end are news once; what goes on is not")
  func transitions() {
    #expect(news(after: [], .fine) == nil)
    #expect(news(after: [], .breached) == .breached)
    #expect(news(after: [breach()], .breached) == nil)
    #expect(news(after: [breach()], .fine) == .recovered)
    #expect(news(after: [breach(), recovery()], .fine) == nil)
    #expect(news(after: [breach(), recovery()], .breached) == .breached)
  }

  @Test("a breach that lasts is told again after ten minutes, not before")
  func reminders() {
    #expect(news(after: [breach()], .breached, at: 599) == nil)
    #expect(news(after: [breach()], .breached, at: 600) == .stillBreached)
    #expect(news(after: [breach(), breach(after: 600)], .breached, at: 1199) == nil)
    #expect(news(after: [blindness()], .missed, misses: 9, at: 600) == .stillBlind)
  }

  @Test("a clock that was set back does not silence a breach until it has caught up")
  func setBack() {
    #expect(news(after: [breach()], .breached, at: -3600) == .stillBreached)
    #expect(news(after: [breach(), breach(after: -3600)], .breached, at: -3599) == nil)
  }

  @Test("two looks that fail are borne, the third is news, and neither is taken for good or bad")
  func misses() {
    #expect(news(after: [], .missed, misses: 2) == nil)
    #expect(news(after: [], .missed, misses: 3) == .blind)
    #expect(news(after: [breach()], .missed, misses: 1) == nil)
    #expect(news(after: [breach()], .missed, misses: 3) == .blind)
    #expect(news(after: [blindness()], .missed, misses: 4) == nil)
    #expect(news(after: [blindness()], .fine) == .recovered)
    #expect(news(after: [blindness()], .breached) == .breached)
  }

  @Test("what another monitor found, or the same one elsewhere, changes nothing")
  func others() {
    #expect(news(after: [breach(of: "other"), breach(in: "elsewhere")], .breached) == .breached)
  }

  @Test("it adds to the incident it told last, else to the only one that is open; else it opens one")
  func incidents() {
    var state = MonitorState(monitor: "m", environment: "e")
    let (one, two) = (IncidentState(id: IncidentID(number: 1)), IncidentState(id: IncidentID(number: 2)))
    #expect(state.incident(among: []) == nil)
    #expect(state.incident(among: [two]) == two)
    #expect(state.incident(among: [one, two]) == nil)
    state.apply(breach())
    #expect(state.incident(among: [one, two]) == one)
    #expect(state.incident(among: []) == nil, "the one it told is over")
  }
}

@Suite("When a monitor looks")
struct MonitorDuesTests {
  @Test("dues are whole multiples after the start, however late each look was taken")
  func noDrift() {
    var dues = MonitorDues(start: 100, every: 1000)
    #expect(dues.next(at: 130) == (100, 0))
    #expect(dues.next(at: 135) == (1100, 0))
    #expect(dues.next(at: 1130) == (2100, 0))
    #expect(dues.next(at: 2990) == (3100, 0))
  }

  @Test("dues that pass while a look goes on are skipped and counted, never made up for")
  func skips() {
    var dues = MonitorDues(start: 0, every: 1000)
    #expect(dues.next(at: 0) == (0, 0))
    #expect(dues.next(at: 3500) == (4000, 3))
    #expect(dues.next(at: 4000 + 1) == (5000, 0))
    #expect(dues.next(at: 6000) == (6000, 0), "a due of this very moment has not passed")
  }
}
