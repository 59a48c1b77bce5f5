import Foundation
import IncidentModel
import TestSupport
import Testing

/// A kill switch over a real database: its first step may act without the journal, its second may not. And an ordinary
/// playbook that does the same as the second.
struct Brake {
  let book: TestPlaybooks
  let database: ScratchDatabase
  /// Where spools go that do not lie beside the journal.
  let second: String
  private let usual: [String: String]

  init(state: String? = nil) throws {
    database = try ScratchDatabase()
    book = try TestPlaybooks(connections: "{database: {postgres: 'env:DB'}}")
    second = book.folder.file("second")
    usual = book.environment.merging([
      "DB": database.url, "ANDON_SPOOL": second, "ANDON_STATE": state ?? book.state, "USER": "dana",
    ]) { _, new in new }
    func change(_ id: String, _ key: String, _ value: String, _ more: String) -> String {
      """
      - id: \(id)
        name: Set \(key)
        effect: write
        idempotent: true
      \(more)  sql:
          connection: database
          run: UPDATE trades_config SET value = '\(value)' WHERE key = '\(key)'
          expect: {rows: 1}
        verify:
          sql: {connection: database, run: SELECT value FROM trades_config WHERE key = '\(key)'}
          until: rows[0].value == "\(value)"
          within: 5s
      """
    }
    let tell = change("tell", "API_STATUS", "told", "")
    try book.add(
      "stop-all", top: "severity: P0\nkill_switch: {word: STOP}\nconnections: [database]",
      steps: change("stop", "TRADES_ENABLED", "false", "  emergency: true\n") + "\n" + tell)
    try book.add("ordinary", top: "connections: [database]", steps: tell)
  }

  func variables(changing changes: [String: String?] = [:]) -> [String: String] {
    var variables = usual
    for (name, value) in changes { variables[name] = value }
    return variables
  }

  func andon(_ arguments: String..., changing changes: [String: String?] = [:]) async throws -> ProgramResult {
    try await AndonProgram(environment: variables(changing: changes)).run(arguments)
  }

  func pull() async throws -> ProgramResult { try await andon("pull", "stop-all", "--confirm", "STOP") }

  func startPull() throws -> RunningProgram {
    try AndonProgram(environment: variables()).start(["pull", "stop-all", "--confirm", "STOP"])
  }

  func runOrdinary() async throws -> ProgramResult { try await andon("run", "ordinary", "--auto", "--yes") }

  /// What the emergency step changes.
  var isStopped: Bool { get throws { try database.tradesEnabled == "false" } }
  /// What the other step changes.
  var isTold: Bool {
    get throws { try database.value("SELECT value FROM trades_config WHERE key = 'API_STATUS'") == "told" }
  }

  func reset() throws {
    try database.query("UPDATE trades_config SET value = 'true' WHERE key = 'TRADES_ENABLED'")
    try database.query("UPDATE trades_config SET value = 'ok' WHERE key = 'API_STATUS'")
  }

  /// Every file that holds a spool, in these folders and beside the journal.
  func spools(state: String? = nil) -> [String] {
    [second, "\(state ?? usual["ANDON_STATE"] ?? "")/spool"].flatMap { folder in
      (FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? [])
        .filter { $0.hasSuffix(".spool") }.map { "\(folder)/\($0)" }
    }
  }
}
