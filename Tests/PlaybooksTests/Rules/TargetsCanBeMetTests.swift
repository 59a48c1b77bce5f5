import IncidentModel
import Testing

@testable import Playbooks

@Suite("TargetsCanBeMet")
struct TargetsCanBeMetTests {
  @Test("a clock shorter than the waits and watches before its step cannot be met")
  func tooShort() {
    expectFindings(
      [
        .warning(
          at: "①", "the target 'contain' (5m) cannot be met: the steps up to here take at least 05:01",
          hint: "let an earlier step name it, or give it more time"),
        .warning(
          at: "②", "the target 'calm' (20m) cannot be met: the steps up to here take at least 35:01",
          hint: "let an earlier step name it, or give it more time"),
      ],
      in: """
        targets: {contain: 5m, calm: 20m, late: 1h}
        params: {watch: {type: duration, default: 30m}}
        steps:
          - parallel: [{id: one, wait: {for: 4m}}, {id: two, wait: {for: 5m}}]
          - {id: three, target: ①contain, wait: {for: 1s}}
          - id: four
            target: ②calm
            monitor: {command: {run: [date]}, every: 1m, for: "${params.watch}"}
          - {id: five, target: late, wait: {for: 1s}}
        """, warnings: true)
  }

  @Test("a clock shorter than the limits of the steps before it is pointed at; skippable waits are not counted")
  func limits() {
    expectFindings(
      [
        .warning(
          at: "①", "the target 'contain' (1m) is missed when the steps up to here take as long as they may: 01:30",
          hint: "shorten 'timeout' or 'verify.within', or give it more time")
      ],
      in: """
        targets: {contain: 1m, other: 10m}
        params: {slow: {type: bool, default: false}}
        steps:
          - {id: one, effect: read, command: {run: [date]}, timeout: 90s, target: ①contain}
          - {id: two, when: params.slow, wait: {for: 5m}}
          - {id: three, target: other, wait: {for: 1m}}
        """, warnings: true)
  }
}
