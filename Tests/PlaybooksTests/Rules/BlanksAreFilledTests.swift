import IncidentModel
import Testing

@testable import Playbooks

@Suite("BlanksAreFilled")
struct BlanksAreFilledTests {
  @Test("blanks in what people read are warned of")
  func blanks() {
    expectFindings(
      [
        .warning(at: "①", "'[phone number]' is still to be filled in"),
        .warning(at: "②", "'TODO' is still to be filled in"),
        .warning(at: "③", "'[Date]' is still to be filled in"), .warning(at: "④", "'TBD' is still to be filled in"),
      ],
      in: """
        owner: ④TBD
        when_to_use: ["since ③[Date]"]
        steps:
          - id: one
            name: Call ①[phone number]
            manual: {ask: "②TODO: say what"}
        """, warnings: true)
  }

  @Test(
    "links, ticks, indexes and names are no blanks",
    arguments: ["see [the page](https://a.b)", "[x] done", "rows[0]", "TODOS", "a[key]", "[1]"])
  func noBlanks(_ text: String) {
    #expect(load("steps:\n  - id: one\n    manual: {ask: \"\(text)\"}").diagnostics == [])
  }
}
