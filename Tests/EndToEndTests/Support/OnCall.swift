import Foundation
import IncidentModel
import TestSupport
import Testing

/// Somebody on call: the criteria as they are shipped, people to call, a kill switch and a playbook that parks.
struct OnCall {
  let playbooks: TestPlaybooks
  let variables: [String: String]
  /// A secret that `andon` knows of.
  let secret = "adm-\(UUID().uuidString)"

  init() throws {
    playbooks = try TestPlaybooks(connections: "{api: {http: 'env:API', bearer: 'env:TOKEN'}}")
    let folder = playbooks.folder
    var severity = try String(contentsOfFile: Repository.file("playbooks/severity.yaml"), encoding: .utf8)
    severity = severity.replacing("[pause-trading]", with: "[stop-all, look, no-such-thing]")
    try folder.write(severity, to: "playbooks/severity.yaml")
    try folder.write(
      """
      format: 1
      contacts:
        - {id: on-call-engineer, role: On-call Engineer, name: ana, phone: "+44 20 7946 0001"}
        - {id: technical-lead, role: Technical Lead, name: , phone: , email: }
        - {id: devops, role: DevOps, email: devops@example.org}
      services:
        - {id: hoster, name: The Hoster, channel: support.example.org}
      """, to: "playbooks/contacts.yaml")
    let manual = "- id: look\n  manual: {ask: What do you see?, answer: {type: text}}"
    try playbooks.add("look", steps: manual)
    try playbooks.add("stop-all", top: "severity: P0\nkill_switch: {word: STOP}", steps: manual)
    variables = [
      "PATH": "/usr/bin:/bin", "HOME": folder.path, "USER": "dana", "ANDON_ACTOR": "dana", "LANG": "C.UTF-8",
      "ANDON_STATE": playbooks.state, "ANDON_PLAYBOOKS": folder.file("playbooks"), "ANDON_ENV": "test",
      "API": "https://api.example.org", "TOKEN": secret,
    ]
  }

  func andon(_ arguments: String..., input: String? = nil) async throws -> ProgramResult {
    try await AndonProgram(environment: variables).run(arguments, input: input)
  }

  func terminal(_ arguments: String...) throws -> Terminal {
    try Terminal([AndonProgram.path] + arguments, environment: variables)
  }

  /// An incident that is open, noticed ten minutes ago.
  func opened(_ severity: String = "P1") async throws -> OnCall {
    let result = try await andon(
      "incident", "open", "orders fail", "--severity", severity, "--detected-at", "10m ago")
    try #require(result.code == 0, "\(result)")
    return self
  }

  var incident: Record { get async throws { try Record(await andon("show", "INC-1", "--json")) } }

  var hasJournal: Bool { FileManager.default.fileExists(atPath: "\(playbooks.state)/journal.db") }

  /// What entries of a kind say, in order, as the file itself has them.
  func recorded(_ kind: Fact.Kind) throws -> [[String: String]] {
    let entries = try JournalFile(path: "\(playbooks.state)/journal.db").entries
    return try entries.map { try Value.json(Data($0.body.utf8)) }.compactMap { body in
      guard body["kind"]?.displayText == kind.rawValue, case .map(let details)? = body["details"] else { return nil }
      return details.mapValues(\.displayText)
    }
  }

  /// How many entries there are.
  var count: Int {
    get throws { hasJournal ? try JournalFile(path: "\(playbooks.state)/journal.db").entries.count : 0 }
  }
}
