import IncidentModel
import Testing

@testable import Actions

@Suite("Moments as servers write them")
struct ServerDateTests {
  @Test("the Date of a response, and the end of a certificate in the forms of two TLS libraries, are read as GMT")
  func forms() {
    let moment = Timestamp("1994-11-06T08:49:37Z")
    #expect(moment != nil)
    #expect(ServerDate.ofHeader("Sun, 06 Nov 1994 08:49:37 GMT") == moment)
    #expect(ServerDate.ofCertificate("Nov  6 08:49:37 1994 GMT") == moment)
    #expect(ServerDate.ofCertificate("1994-11-06 08:49:37 GMT") == moment)
  }

  @Test(
    "what is no moment is none",
    arguments: ["", "now", "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 06 Abc 1994 08:49:37 GMT"])
  func nonsense(text: String) {
    #expect(ServerDate.ofHeader(text) == nil)
    #expect(ServerDate.ofCertificate(text) == nil)
  }

  @Test("a clock is only said to be wrong by what cannot be explained by the way there and back, or by whole seconds")
  func clocks() {
    func at(_ milliseconds: Int64) -> Timestamp { Timestamp(milliseconds: milliseconds) }
    func behind(_ said: ClosedRange<Timestamp>) -> Duration {
      ClockSample(asked: at(10_000), answered: at(14_000), said: said).behind
    }
    #expect(behind(at(12_000)...at(12_000)) == .zero)
    #expect(behind(at(9000)...at(9999)) == .milliseconds(-1))
    #expect(behind(at(14_500)...at(15_000)) == .milliseconds(500))
    #expect(behind(at(4000)...at(4999)) == .milliseconds(-5001))
  }
}
