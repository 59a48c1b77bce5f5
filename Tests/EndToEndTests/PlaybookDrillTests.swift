import Foundation
import IncidentModel
import TestSupport
import Testing

/// Whatever is added to playbooks/ is drilled here; a param that nobody could guess has to stand in `values`, for all
/// playbooks or for one.
@Suite("Every shipped playbook can be drilled", .inTurn, .needsPostgresServer, .timeLimit(.minutes(40)))
struct PlaybookDrillTests {
  static let playbooks: [String] = {
    let folder = Repository.file("playbooks")
    let files = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    let others = ["environments/", "templates/", "sandbox/"]
    return files.filter { path in
      path.hasSuffix(".yaml") && path.contains("/") && !others.contains { path.hasPrefix($0) }
    }.sorted()
  }()

  /// What nothing stands in for.
  static let rehearsed: Set<String> = ["chain", "frontend", "staging-site", "render", "contracts"]

  static let values = [
    "watch": "1s", "setting": "TRADES_MAX_EXPIRY_HOURS", "value": "48", "rule": "NEW_RULE", "weight": "10",
    "change": "https://example.org/change", "fee_bps": "25", "min_holder_count": "40", "max_contract_age_days": "14",
    "max_value_skew_percent": "70", "threshold": "75", "contract_owner": "0x" + String(repeating: "ab", count: 20),
    "table": "trades_notes", "contract.version": "2.0.0", "report": "Orders are late",
  ]

  private func arguments(_ playbook: Value, _ folder: TemporaryFolder) throws -> [String] {
    let name = playbook["id"]?.displayText ?? ""
    var arguments = playbook["kill_switch"] == .bool(true) ? ["pull", name] : ["run", name, "--auto"]
    if case .text(let word)? = playbook["confirm"] {
      arguments += ["--confirm", word]
    } else {
      arguments.append("--yes")
    }
    let log = try folder.write("Rate limit exceeded for 203.0.113.9\n", to: "api.log")
    let migration = try folder.write("CREATE TABLE trades_notes (id bigint, note text);\n", to: "migration.sql")
    let values = Self.values.merging(["log": log, "file": migration]) { _, new in new }
    for param in playbook["params"]?.items ?? [] {
      let param = param["name"]?.displayText ?? ""
      guard let value = values["\(name).\(param)"] ?? values[param] else { continue }
      arguments += ["--var", "\(param)=\(value)"]
    }
    for prerequisite in playbook["prerequisites"]?.items ?? [] {
      arguments += ["--var", "\(prerequisite["id"]?.displayText ?? "")=true"]
    }
    return arguments + ["--drill"]
  }

  @Test(
    "No step fails; what is rehearsed is what nothing stands in for; it parks where a person is needed",
    arguments: playbooks)
  func drill(_ file: String) async throws {
    let folder = try TemporaryFolder()
    let andon = AndonProgram(environment: PrivatePostgres.usual(folder))
    let path = Repository.file("playbooks/\(file)")
    let shown = try Record(await andon.run(["playbook", "show", path, "--json"])).json["playbook"] ?? .null
    let result = try await andon.run(try arguments(shown, folder))
    #expect(result.code == 0 || result.code == 4, "\(result)")
    #expect(result.stderr.contains("sandbox: PostgreSQL "), "\(result)")
    #expect(result.stdout.contains("DRILL"))

    let run = try Record(await andon.run(["show", "RUN-1", "--json"]))
    #expect(!run.steps.isEmpty)
    let actions = Dictionary(
      uniqueKeysWithValues: (shown["steps"]?.items ?? []).map {
        ($0["id"]?.displayText ?? "", $0["action"]?.displayText ?? "")
      })
    for step in run.steps {
      #expect(!["failed", "unknown"].contains(step.state), "\(step.id): \(step.outcome) \(step.reason)")
      #expect(step.verification != "failed", "\(step.id): \(step.reason)")
    }
    if result.code == 4 {
      let asked = run.steps.filter { $0.state == "waiting" }
      #expect(!asked.isEmpty, "\(result)")
      #expect(asked.allSatisfy { ["manual", "incident"].contains(actions[$0.id] ?? "") }, "\(asked.map(\.id))")
    }
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let standsInForAll = !Self.rehearsed.contains {
      text.contains("connection: \($0)") || text.contains("connections.\($0)")
    }
    if standsInForAll {
      #expect(!run.steps.contains { $0.reason.contains("rehearsed") }, "\(run.steps.map { "\($0.id): \($0.reason)" })")
    }
  }
}
