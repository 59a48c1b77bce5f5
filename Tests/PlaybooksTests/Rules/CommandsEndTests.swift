import IncidentModel
import Testing

@testable import Playbooks

@Suite("CommandsEnd")
struct CommandsEndTests {
  @Test("what never ends is warned of")
  func endless() {
    expectFindings(
      [
        .warning(at: "①", "'tail -f' does not end by itself", hint: "look again and again with 'monitor'"),
        .warning(at: "②", "'kubectl logs -f' does not end by itself"),
        .warning(at: "③", "'watch' does not end by itself"),
      ],
      in: """
        steps:
          - {id: one, effect: read, command: {run: ①[tail, -f, /var/log/x]}}
          - {id: two, effect: read, shell: {run: "cd /x; ②kubectl logs -f app | grep x"}}
          - {id: three, effect: read, shell: {run: ③watch date}}
          - {id: four, effect: read, shell: {run: "tail -n 50 -r x | grep -f patterns"}}
          - {id: five, effect: read, command: {run: [ping, -c, "1", host]}}
        """, warnings: true)
  }
}
