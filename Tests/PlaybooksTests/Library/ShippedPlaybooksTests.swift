import IncidentModel
import TestSupport
import Testing

@testable import Playbooks

@Suite("The playbooks that are shipped")
struct ShippedPlaybooksTests {
  private let library = PlaybookLibrary(directory: Repository.file("playbooks"))

  @Test("nothing is said about them but that nobody has reviewed them yet")
  func clean() {
    for (path, result) in library.all() {
      let other = result.diagnostics.filter { $0.message != "nobody has reviewed this playbook yet" }
      #expect(other.map(\.text) == [], "\(path)")
    }
  }

  @Test("what severity.yaml suggests and whom it notifies is there")
  func severities() throws {
    let ids = library.ids()
    let contacts = try library.contacts().map(\.id)
    let scale = try library.severityScale()
    #expect(scale.levels.map(\.severity) == Severity.allCases)
    for level in scale.levels {
      for id in level.suggest { #expect(ids.contains(id), "\(level.severity) suggests \(id)") }
      for id in level.notify { #expect(contacts.contains(id), "\(level.severity) notifies \(id)") }
    }
  }

  @Test("each alert suggests the runbook's procedure for it, which is there")
  func alerts() throws {
    let ids = library.ids()
    let monitors = try library.monitors().monitors
    let suggested = Dictionary(uniqueKeysWithValues: monitors.map { ($0.id, $0.suggest ?? "nothing") })
    #expect(
      suggested == [
        "high-risk-orders": "high-risk-orders", "failed-fills": "process", "slow-api": "rate-limits",
        "contract-balance": "contract-anomalies",
      ])
    for id in suggested.values { #expect(ids.contains(id), "\(id) is suggested") }
  }

  @Test("the contacts are those whom the runbook names, in its order; what it leaves open is left open, not invented")
  func contacts() throws {
    let all = try library.contacts()
    let (team, services) = (all.filter { !$0.isService }, all.filter(\.isService))
    #expect(team.map(\.role) == ["On-call Engineer", "Technical Lead", "Security Team", "DevOps"])
    #expect(services.map(\.name) == ["Render Support", "Supabase Support", "Abstract Network"])
    #expect(team.map(\.email) == ["", "", "security@paco.xyz", "devops@paco.xyz"])
    #expect(Set(all.map(\.phone)) == [""])
    #expect(Set(team.map(\.name)) == [""])
  }

  @Test("the levels ask what the runbook asks, and every playbook is due for review each month, as it says")
  func criteria() throws {
    let levels = try library.severityScale().levels
    #expect(
      levels.map { $0.criteria.first } == [
        "Trading platform down", "Significant feature degradation", "Minor feature issues", "UI/UX improvements",
      ])
    #expect(levels.map(\.criteria.count) == [4, 3, 3, 3])
    for (path, result) in library.all() {
      let every = try #require(result.playbook?.review?.every, "\(path)")
      #expect(every <= .seconds(31 * 86_400), "\(path)")
    }
  }

  @Test("the process has the runbook's four phases: its clocks, and in its order what each phase asks for")
  func process() throws {
    let process = try #require(
      PlaybookLoader(library: library).load(path: try library.find("process")).playbook)
    #expect(
      process.targets == [
        Target(name: "detection", limit: .seconds(300)), Target(name: "response", limit: .seconds(900)),
        Target(name: "post_incident", limit: .seconds(86_400)),
      ])
    #expect(process.steps.compactMap(\.target) == ["detection", "response", "post_incident"])
    #expect(process.steps.allSatisfy { $0.description != nil })
    let led = process.steps.compactMap { step -> String? in
      guard case .incident(let action) = step.action else { return nil }
      return switch action {
      case .title(let title): "title \(title.source)"
      case .classify: "classify"
      case .escalate(let contact): "escalate \(contact ?? "next")"
      case .suggest: "suggest"
      case .milestone(let milestone): "\(milestone)"
      case .followUp(let title, _, let due): "\(title.source), \(due?.playbookText ?? "any time")"
      }
    }
    #expect(
      led == [
        "title ${default(params.report, incident.title)}", "classify", "escalate on-call-engineer", "suggest",
        "escalate next",
        "mitigated", "resolved", "Write the postmortem, 1d", "Update runbooks and procedures, 1d", "closed",
      ])
    #expect(process.questions(beside: [:]).map(\.name) == ["report"])
  }
}
