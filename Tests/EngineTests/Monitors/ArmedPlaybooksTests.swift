import Engine
import IncidentModel
import Testing

@Suite("What may start by itself")
struct ArmedPlaybooksTests {
  private let start = Timestamp(milliseconds: 1_900_000_000_000)

  private func at(_ seconds: Int) -> Timestamp { start + .seconds(seconds) }

  private func event(_ fact: Fact, _ seconds: Int) -> Event {
    Event(at: ClockReading(wall: at(seconds), boot: 0, bootID: ""), actor: "dana", fact)
  }

  /// Armed for an hour.
  private var arming: Event {
    event(
      .playbookArmed(
        PlaybookArming(
          playbook: "stop", environment: "e", why: "night", until: at(3600), digest: "", approved: [.read])), 0)
  }

  private func firing(_ stage: PlaybookFiring.Stage, due: Int, at seconds: Int, monitor: String = "m") -> Event {
    event(
      .playbookFiring(
        PlaybookFiring(playbook: "stop", environment: "e", monitor: monitor, stage: stage, due: at(due))), seconds)
  }

  private func answer(_ events: [Event], at seconds: Int, in environment: String = "e") -> ArmedPlaybooks.Answer {
    ArmedPlaybooks(events).answer(
      to: "stop", in: environment, grace: .seconds(30), coolDown: .seconds(600), at: at(seconds))
  }

  private func isRefused(_ answer: ArmedPlaybooks.Answer) -> Bool { if case .refuse = answer { true } else { false } }

  @Test("only what is armed, there and now, is announced, and due after the grace period")
  func armed() {
    #expect(answer([], at: 1) == .leave)
    #expect(answer([arming], at: 1) == .announce(due: at(31)))
    #expect(answer([arming], at: 1, in: "elsewhere") == .leave)
    #expect(answer([arming], at: 3599) != .leave)
    #expect(answer([arming], at: 3600) == .leave, "its time is over")
    let end = event(.playbookDisarmed(PlaybookDisarming(playbook: "stop", environment: "e")), 1)
    #expect(answer([arming, end], at: 2) == .leave)
    #expect(answer([arming, end, arming], at: 2) != .leave)
  }

  @Test("after a start it cools down; a start that came to nothing does not count")
  func coolDown() {
    let begun = [arming, firing(.announced, due: 31, at: 1), firing(.started, due: 31, at: 31)]
    #expect(isRefused(answer(begun, at: 630)))
    #expect(answer(begun, at: 631) == .announce(due: at(661)))
    #expect(answer(begun + [firing(.calledOff, due: 31, at: 32)], at: 40) == .announce(due: at(70)))
  }

  @Test("two monitors do not start it twice, and what a dead process announced is announced anew")
  func announced() {
    let first = [arming, firing(.announced, due: 31, at: 1)]
    #expect(isRefused(answer(first, at: 2)))
    #expect(isRefused(answer(first + [firing(.calledOff, due: 2, at: 2, monitor: "other")], at: 3)))
    #expect(answer(first + [firing(.calledOff, due: 31, at: 3)], at: 4) == .announce(due: at(34)))
    #expect(isRefused(answer(first, at: 45)))
    #expect(answer(first, at: 46) == .announce(due: at(76)))
  }

  @Test("what was announced may start until it is disarmed, called off, or taken up by somebody else")
  func stands() throws {
    let announcement = firing(.announced, due: 31, at: 1)
    guard case .playbookFiring(let notice) = announcement.fact else { return }
    func stands(_ events: [Event]) -> Bool { ArmedPlaybooks(events).stillStands(notice, at: at(31)) }
    #expect(stands([arming, announcement]))
    #expect(!stands([announcement]))
    #expect(
      !stands([
        arming, announcement, event(.playbookDisarmed(PlaybookDisarming(playbook: "stop", environment: "e")), 9),
      ]))
    #expect(!stands([arming, announcement, firing(.calledOff, due: 31, at: 9)]))
    #expect(!stands([arming, announcement, firing(.started, due: 31, at: 31)]))
  }
}
