import IncidentModel
import Testing

@testable import Actions

@Suite("How long blocking work waits")
struct PatienceTests {
  @Test("no single wait is longer than half a second, however far the deadline: a machine may sleep past it")
  func slices() {
    for limit in [Duration.seconds(1), .seconds(60), .seconds(86_400), .seconds(Int64.max / 4)] {
      #expect(Patience.milliseconds(until: .now + limit) <= 501)
    }
    #expect(Patience.milliseconds(until: .now - .seconds(1)) == 0)
    #expect((1...101).contains(Patience.milliseconds(until: .now + .milliseconds(100))))
  }

  @Test("a wait made of many is as long as it was meant to be")
  func whole() throws {
    let (nobody, start) = (WakeUp(), ContinuousClock.now)
    #expect(throws: Patience.End.timedOut) {
      _ = try Patience(.milliseconds(1300)).wait(for: nobody.descriptor)
    }
    let took = ContinuousClock.now - start
    #expect(took >= .milliseconds(1300) && took < .milliseconds(1300) + slack)
  }
}
