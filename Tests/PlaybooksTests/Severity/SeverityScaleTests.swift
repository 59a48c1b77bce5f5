import IncidentModel
import Testing

@testable import Playbooks

@Suite("The severity scale is written down")
struct SeverityScaleTests {
  private func read(_ yaml: String) -> (SeverityScale?, MarkedText, [Diagnostic]) {
    let marked = MarkedText(yaml)
    let (scale, diagnostics) = DataFile.load(
      Array(marked.text.utf8), file: "severity.yaml", SeverityTable.table, SeverityTable.scale)
    return (scale, marked, diagnostics)
  }

  @Test("each severity has a name, criteria, windows and advice")
  func whole() throws {
    let level = "{name: N, criteria: [A holds]}"
    let (scale, _, diagnostics) = read(
      """
      format: 1
      severities:
        P1: \(level)
        P0: {name: Critical, criteria: [All down], windows: {response: 15m, detection: 5m}, notify: [lead], playbooks: [pause]}
        P2: \(level)
        P3: \(level)
      """)
    #expect(diagnostics == [])
    let worst = try #require(scale?[.p0])
    #expect(worst.name == "Critical")
    #expect(worst.windows.map(\.name) == ["response", "detection"])
    #expect(worst.windows.first?.length == .seconds(900))
    #expect(worst.suggest == ["pause"])
    #expect(scale?.levels.map(\.severity) == [.p0, .p1, .p2, .p3])
  }

  @Test("a missing severity and missing criteria are pointed at")
  func missing() {
    let (_, marked, diagnostics) = read(
      """
      format: 1
      severities:
        ①P0: ②{name: Critical}
        P1: {name: N, criteria: ③[]}
        P2: {name: N, criteria: [A], ④windwos: {}}
      """)
    expectFindings(
      [
        .error(at: "①", "the scale needs the key 'P3'"), .error(at: "②", "a severity needs the key 'criteria'"),
        .error(at: "③", "'criteria' is empty"),
        .error(at: "④", "a severity has no key 'windwos'", hint: "did you mean 'windows'?"),
      ], marked, diagnostics)
  }
}
