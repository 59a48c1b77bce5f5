import IncidentModel
import Testing

@testable import Playbooks

@Suite("ReviewIsDue")
struct ReviewIsDueTests {
  @Test(
    "a late review is warned of on the first day",
    arguments: [("2031-06-13", nil), ("2031-06-14", "1 day"), ("2032-05-14", "336 days")] as [(String, String?)])
  func late(_ today: String, _ late: String?) {
    expectFindings(
      late.map { [.warning(at: "①", "the review of this playbook is \($0) late")] } ?? [],
      in: "review: {last: ①2031-05-14, every: 30d}", warnings: true, today: today)
  }

  @Test("no review, and none so far, are warned of")
  func never() {
    expectFindings(
      [.warning(at: "①", "nobody has reviewed this playbook yet")], in: "①review: {last: , every: 30d}", warnings: true)
    let text = "format: 1\nid: test\nname: Test\nsteps: [{id: one, wait: {for: 1s}}]\n"
    #expect(
      PlaybookLoader(library: nil).load(text: text, file: "test.yaml").warnings.map(\.message)
        == ["nothing says when this playbook is reviewed"])
  }

  @Test("without today's date none is late")
  func noDate() { #expect(load("review: {last: 1999-01-01, every: 1d}").diagnostics == []) }
}
