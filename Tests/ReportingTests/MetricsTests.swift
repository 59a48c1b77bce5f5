import Foundation
import IncidentModel
import Journaling
import Reporting
import TestSupport
import Testing

@Suite("Figures across incidents")
struct MetricsTests {
  /// Three real incidents of P1, one of P0, and a drill.
  private func season() throws -> Season {
    let season = try Season()
    try season.incident(.p1, startedBefore: 60, acknowledged: 30, mitigated: 120, resolved: 600)
    season.days(1)
    try season.incident(.p1, acknowledged: 10, mitigated: 240, resolved: 1200)
    season.days(1)
    try season.incident(.p1, mitigated: 60)
    season.days(5)
    try season.incident(
      .p0, environment: "staging", startedBefore: 20, acknowledged: 5, mitigated: 3600, resolved: 7200)
    season.days(1)
    try season.incident(.p0, drill: true, acknowledged: 1, mitigated: 1, resolved: 1)
    return season
  }

  @Test("each figure has n, median, p90, mean and the dots; what is not recorded is left out, and never zero")
  func figures() throws {
    let json = try season().json()
    let mitigate = try times("ttm", "P1", in: json)
    #expect(mitigate["count"] as? Int == 3)
    #expect(mitigate["median_milliseconds"] as? Int == 120_000)
    #expect(mitigate["p90_milliseconds"] as? Int == 240_000)
    #expect(mitigate["mean_milliseconds"] as? Int == 140_000)
    let dots = try #require(mitigate["dots"] as? [[String: Any]])
    #expect(dots.map { $0["incident"] as? String } == ["INC-1", "INC-2", "INC-3"])
    #expect(dots.map { $0["milliseconds"] as? Int } == [120_000, 240_000, 60_000])
    let acknowledge = try times("tta", "P1", in: json)
    #expect(acknowledge["count"] as? Int == 2, "the third was never acknowledged")
    #expect(acknowledge["median_milliseconds"] as? Int == 20_000)
    let missing = try #require(acknowledge["missing"] as? [[String: Any]])
    #expect(missing.first?["why"] as? String == "'acknowledged' is not recorded")
    #expect(missing.first?["incidents"] as? Int == 1)
    let all = try times("ttd", "all", in: json)
    #expect(all["count"] as? Int == 2)
    #expect(all["mean_milliseconds"] as? Int == 40_000)
    let resolve = try times("ttr", "P0", in: json)
    #expect(resolve["median_milliseconds"] as? Int == 7_200_000)
    #expect(try times("impact", "P0", in: json)["median_milliseconds"] as? Int == 3_620_000)
  }

  @Test("a drill is no incident: it is counted as left out and is in no figure")
  func drills() throws {
    let json = try season().json()
    #expect(json["drills_left_out"] as? Int == 1)
    #expect((json["incidents"] as? [Any])?.count == 4)
    #expect(try times("ttm", "P0", in: json)["count"] as? Int == 1)
    #expect(try !season().report().csv.contains("INC-5"))
  }

  @Test("the severity is the last word on it")
  func severity() throws {
    let season = try Season()
    try season.incident(.p3, mitigated: 10)
    try season.add(.severityChanged(SeverityChange(from: .p3, to: .p0, why: "worse")))
    try season.add(.severityChanged(SeverityChange(from: .p0, to: .p2, why: "not so bad")))
    #expect(try times("ttm", "P2", in: season.json())["count"] as? Int == 1)
  }

  @Test(
    "incidents are put side by side by what was asked for",
    arguments: [
      (MetricsRequest.Grouping.severity, ["P0", "P1", "all"]), (.month, ["2031-03", "all"]),
      (.week, ["2031-W10", "2031-W11", "all"]), (.environment, ["production", "staging", "all"]),
      (.playbook, ["(none)", "all"]), (.label, ["(none)", "all"]),
    ])
  func grouping(_ grouping: MetricsRequest.Grouping, _ names: [String]) throws {
    let groups = try #require(try season().json(MetricsRequest(by: grouping))["groups"] as? [[String: Any]])
    #expect(groups.map { $0["group"] as? String } == names)
    #expect(groups.last?["incidents"] as? Int == 4)
  }

  @Test("weeks are those of ISO 8601, over the turn of a year too")
  func weeks() throws {
    for (day, week) in [
      ("2026-12-31", "2026-W53"), ("2027-01-03", "2026-W53"), ("2027-01-04", "2027-W01"), ("2024-12-30", "2025-W01"),
      ("2031-03-09", "2031-W10"), ("1970-01-01", "1970-W01"),
    ] {
      let season = try Season()
      try season.incident(mitigated: 1)
      try season.mark(.detected, #require(Timestamp("\(day)T23:59:59Z")))
      let groups = try #require(try season.json(MetricsRequest(by: .week))["groups"] as? [[String: Any]])
      #expect(groups.first?["group"] as? String == week, "\(day)")
    }
  }

  @Test("--from moves where times count from, and an incident without that moment is left out")
  func anchors() throws {
    let season = try Season()
    try season.incident(.p1, startedBefore: 60, acknowledged: 30, mitigated: 120)
    season.wait(10_000)
    try season.incident(.p1, acknowledged: 10, mitigated: 240)
    try season.mark(.detected, season.clock - .seconds(100))
    let started = try season.json(MetricsRequest(from: .started))
    #expect(try times("ttm", "P1", in: started)["median_milliseconds"] as? Int == 180_000)
    #expect(try times("ttm", "P1", in: started)["count"] as? Int == 1)
    let declared = try times("ttm", "P1", in: season.json(MetricsRequest(from: .declared)))
    #expect(declared["from"] as? String == "declared" && declared["mean_milliseconds"] as? Int == 180_000)
    let detected = try times("ttm", "P1", in: season.json())
    #expect(detected["mean_milliseconds"] as? Int == 230_000)
  }

  @Test("a time that would be negative is left out, and why is said")
  func negative() throws {
    let season = try Season()
    try season.incident(acknowledged: 5)
    try season.mark(.mitigated, season.clock - .seconds(5))
    let mitigate = try times("ttm", "P1", in: season.json())
    #expect(mitigate["count"] as? Int == 0 && mitigate["median_milliseconds"] is NSNull)
    let missing = mitigate["missing"] as? [[String: Any]]
    #expect(missing?.first?["why"] as? String == "'mitigated' lies before 'detected'")
  }

  @Test("a window takes the incidents detected in it: its beginning belongs to it, its end does not")
  func window() throws {
    let season = try season()
    let day = Season.begin + .seconds(86_400)
    let json = try season.json(MetricsRequest(since: day, until: day + .seconds(86_400)))
    let ids = (json["incidents"] as? [[String: Any]])?.map { $0["id"] as? String }
    #expect(ids == ["INC-2"])
    let nothing = try season.report(MetricsRequest(since: day + .seconds(9_000_000)))
    #expect(nothing.text().contains("No incident was detected in that time."))
  }

  private static let playbook = """
    format: 1
    id: stop-shop
    name: Stop the shop
    tags: [shop, money]
    targets: {contain: 5m, notify: 15m}
    steps:
      - {id: close, name: Close, target: contain, wait: {for: 1s}}
      - {id: tell, name: Tell, target: notify, wait: {for: 1s}}
    """

  private func shop() throws -> Season {
    let season = try Season()
    try season.record("stop-shop", digest: "d1", Self.playbook)
    for (met, seconds, state) in [(true, 4, StepState.done), (false, 8, .done), (true, 6, .failed)] {
      try season.incident(mitigated: 5)
      let notify = seconds == 4 ? [("notify", true)] : []
      try season.run(
        "stop-shop", targets: [("contain", met)] + notify, [("close", seconds, state), ("tell", 1, .done)],
        phase: state == .done ? .done : .failed)
      season.days(1)
    }
    try season.incident(drill: true)
    try season.run("stop-shop", drill: true, targets: [("contain", false)], [("close", 100, .done)])
    return season
  }

  @Test("clocks are met, missed, or never reached by a run that is over; those of drills count for nothing")
  func targets() throws {
    let targets = try #require(try shop().json()["targets"] as? [[String: Any]])
    func tally(_ name: String) -> [Int?] {
      let tally = targets.first { $0["target"] as? String == name }?["tally"] as? [String: Any]
      return ["met", "missed", "not_reached", "open"].map { tally?[$0] as? Int }
    }
    #expect(tally("contain") == [2, 1, 0, 0])
    #expect(tally("notify") == [1, 0, 2, 0])
    #expect(try shop().report().text().contains("Targets met: 3 of 6."))
  }

  @Test("incidents that share a playbook or a tag of one are repeats")
  func repeats() throws {
    let repeats = try #require(try shop().json()["repeats"] as? [[String: Any]])
    #expect(repeats.map { $0["name"] as? String } == ["stop-shop", "money", "shop"])
    #expect(repeats.allSatisfy { $0["incidents"] as? [String] == ["INC-1", "INC-2", "INC-3"] })
    #expect(repeats.map { $0["kind"] as? String } == ["playbook", "label", "label"])
  }

  @Test("a step has its times where it was done, and how often it failed")
  func steps() throws {
    let steps = try #require(try shop().json()["steps"] as? [[String: Any]])
    let close = try #require(steps.first { $0["step"] as? String == "close" })
    #expect(close["runs"] as? Int == 3 && close["failed"] as? Int == 1)
    #expect(close["failure_rate_percent"] as? Int == 33)
    #expect(close["milliseconds"] as? [Int] == [4000, 8000])
    #expect(close["median_milliseconds"] as? Int == 6000 && close["p90_milliseconds"] as? Int == 8000)
    #expect(close["from_drills"] as? Bool == false)
  }

  @Test("drills are listed with their score, apart from everything else")
  func drillScores() throws {
    let drills = try #require(try shop().json()["drills"] as? [[String: Any]])
    let drill = try #require(drills.first)
    #expect(drills.count == 1 && drill["run"] as? String == "RUN-4")
    #expect(drill["verified"] as? Int == 1 && drill["steps"] as? Int == 2)
    #expect(drill["missed"] as? [String] == ["contain"])
    #expect(drill["milliseconds"] as? Int == 100_000)
  }

  @Test("follow-ups that are late, or were done late, are counted")
  func followUps() throws {
    let season = try Season()
    try season.incident(mitigated: 5)
    let due = season.clock + .seconds(3600)
    func add(_ number: Int, _ status: FollowUp.Status, due: Timestamp?, owner: String = "lee") throws {
      try season.add(
        .followUpRecorded(FollowUp(number: number, title: "f\(number)", owner: owner, due: due, status: status)))
    }
    for number in 1...4 { try add(number, .open, due: number == 4 ? nil : due, owner: number == 3 ? "" : "lee") }
    try add(1, .done, due: due)
    season.wait(7200)
    try add(2, .done, due: due)
    let tally = try #require(try season.json()["follow_ups"] as? [String: Int])
    #expect(
      tally == ["open": 2, "late": 1, "without_owner": 1, "done": 2, "done_late": 1, "dropped": 0])
  }

  @Test("the text stays within the columns it is given, hostile names included", arguments: [40, 59, 80, 120])
  func width(_ width: Int) throws {
    let season = try shop()
    try season.incident(
      title: HostileTexts.all.joined(), environment: String(repeating: "長い", count: 30), startedBefore: 1_000_000,
      acknowledged: 1, mitigated: 90_000, resolved: 900_000)
    for grouping in MetricsRequest.Grouping.allCases {
      let text = try season.report(MetricsRequest(by: grouping)).text(TextOptions(width: width))
      for line in text.components(separatedBy: "\n") { #expect(line.displayWidth <= width, "\(line)") }
      #expect(text.visible(keepingLineBreaks: true) == text)
    }
  }

  @Test("the dots of every incident are on the line, the shortest time at the left, the longest at the right")
  func dots() throws {
    let season = try Season()
    for seconds in [10, 10, 10, 20, 100] { try season.incident(mitigated: seconds) }
    let text = try season.report().text(TextOptions(width: 80))
    let line = try #require(
      text.components(separatedBy: "\n").first { $0.contains("P1") && $0.contains("|") })
    let strip = try #require(line.split(separator: "|").dropFirst().first)
    #expect(strip.filter { $0 != " " } == "*..", "\(line)")
    #expect(strip.last == ".")
  }

  @Test("the same journal gives the same bytes in every form")
  func same() throws {
    let season = try shop()
    let (one, two) = (try season.report(), try season.report())
    #expect(try one.json() == two.json() && one.csv == two.csv && one.html == two.html && one.text() == two.text())
  }
}
