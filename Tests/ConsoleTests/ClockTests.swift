import Execution
import IncidentModel
import Testing

@testable import Console

@Suite("The clocks of a run on the screen")
struct ClockTests {
  private func clock(_ elapsed: Duration, of limit: Duration = .seconds(300), met: Bool? = nil) -> Scene.Clock {
    Scene.Clock(name: "contain", limit: limit, elapsed: elapsed, met: met)
  }

  private let plain = Style(enabled: false)

  @Test("a clock says what is left, then by how much it is overdue, then that it was met or missed")
  func words() {
    #expect(ClockLine.rest(of: clock(.seconds(72))) == "03:48 left")
    #expect(ClockLine.rest(of: clock(.seconds(309))) == "OVERDUE +00:09")
    #expect(ClockLine.rest(of: clock(.seconds(95), met: true)) == "met 01:35")
    #expect(ClockLine.rest(of: clock(.seconds(310), met: false)) == "MISSED +00:10")
  }

  @Test(
    "the line fits every width, and the clock that runs out first is never left out", arguments: [20, 40, 60, 80, 200])
  func fits(width: Int) {
    let clocks = [clock(.seconds(95), met: true), clock(.seconds(72)), clock(.seconds(10), of: .seconds(900))]
    let line = ClockLine(clocks: clocks, style: plain).text(width: width)
    #expect(line.displayWidth < width)
    #expect(line.contains("03:48"))
  }

  @Test("the bar is empty at the start, full when it is over, and never longer")
  func bar() {
    func bar(_ elapsed: Duration) -> String {
      ClockLine(clocks: [clock(elapsed)], style: plain).text(width: 80).filter { $0 == "#" || $0 == "-" }
    }
    #expect(bar(.zero) == "----------")
    #expect(bar(.seconds(150)) == "#####-----")
    #expect(bar(.seconds(900)) == "##########")
  }

  @Test("half time, the last minute and the end are told once each; what lies behind is not told at all")
  func bell() {
    let bell = ClockBell()
    #expect(bell.ring([clock(.seconds(1))]).isEmpty)
    let told = stride(from: 2, through: 400, by: 1).flatMap { bell.ring([clock(.seconds($0))]) }
    #expect(told.count == 3, "\(told)")
    #expect(told[0].contains("half of 05:00"))
    #expect(told[1].contains("01:00 left"))
    #expect(told[2].contains("OVERDUE"))
    #expect(ClockBell().ring([clock(.seconds(400))]).isEmpty)
  }

  @Test("a clock that was judged rings no more")
  func judged() {
    let bell = ClockBell()
    _ = bell.ring([clock(.seconds(1))])
    #expect(bell.ring([clock(.seconds(400), met: false)]).isEmpty)
  }
}
