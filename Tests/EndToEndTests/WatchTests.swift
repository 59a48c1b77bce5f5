import Foundation
import IncidentModel
import TestSupport
import Testing

@Suite("A watch that is left", .inTurn, .timeLimit(.minutes(40)))
struct WatchTests {
  @Test("Left at half with Ctrl-C and q, a watch goes on with what was left of it, and ends when its condition holds")
  func leftAndTakenUp() async throws {
    let stage = try Stage.small()
    let watch = """
      format: 1
      id: long-watch
      name: A long watch
      steps:
        - id: calm
          name: It stays cool
          monitor:
            command: {run: [cat, temperature]}
            every: 300ms
            for: 1h
            record: number(trim(stdout))
            fail_when: number(trim(stdout)) > 30
      """
    try stage.folder.write(watch, to: "playbooks/long-watch.yaml")
    let dana = try stage.responder("dana", "run", "long-watch")
    try await dana.sees("running  00:02  It stays cool | sample ")
    try await dana.sees(" of 1:00:00: 21")
    dana.terminal.type("\u{3}")
    try await dana.sees("stopping this step")
    try await dana.sees("it was called off before it was over")
    try await dana.answers("choice: ", "q")
    try await dana.ends(4)
    let before = try samples(stage)
    let last = try #require(before.last)
    #expect(last.number >= 4 && last.watched >= 1000, "\(before)")

    let lee = try stage.responder("lee", "resume")
    #expect(try await lee.terminal.expectRunning("It stays cool | sample "))
    try stage.folder.write("36\n", to: "temperature")
    try await lee.sees("number(trim(stdout)) > 30 became true")
    try await lee.answers("choice: ", "g")
    try await lee.answers("why go on? ", "the fans are on")
    try await lee.ends(3)
    let all = try samples(stage)
    #expect(all.map(\.number) == all.map(\.number).sorted() && Set(all.map(\.number)).count == all.count, "\(all)")
    #expect(all[before.count].number == last.number + 1, "samples were lost or counted twice: \(all)")
    for (earlier, later) in zip(all, all.dropFirst()) { #expect(later.watched >= earlier.watched, "\(all)") }
    #expect(try #require(all.last).reading == "36")
    #expect(try await stage.record("RUN-1").step("calm").outcome == "failed unverified")
  }

  private struct Sample {
    let number: Int
    let watched: Int
    let reading: String
  }

  private func samples(_ stage: Stage) throws -> [Sample] {
    try stage.entries(.stepSampled).map { entry in
      let details = entry["details"]
      return Sample(
        number: Int(details?["number"]?.displayText ?? "") ?? -1,
        watched: Int(details?["watchedMilliseconds"]?.displayText ?? "") ?? -1,
        reading: details?["reading"]?.displayText ?? "")
    }
  }
}
