import Foundation
import GRDB
import Synchronization
import TestSupport

/// A state folder, playbooks, and a world that counts what is done to it. One process at a time is attacked here.
final class ProvingGround: Sendable {
  let folder: TemporaryFolder
  let database: any EffectDatabase
  let server: EchoServer
  private let environment: [String: String]
  private let read: Mutex<WrittenJournal>

  /// - Parameters:
  ///   - top: more keys of the playbook.
  ///   - more: more of its steps.
  init(_ database: any EffectDatabase, _ server: EchoServer, top: String = "", more: String = "") throws {
    let folder = try TemporaryFolder()
    self.folder = folder
    read = Mutex(WrittenJournal(folder.file("state/journal.db")))
    self.database = database
    self.server = server
    environment = [
      "PATH": "/usr/bin:/bin", "HOME": folder.path, "USER": "tester", "LANG": "C.UTF-8", "DB": database.url,
      "HOOK": server.url + "/hook", "ANDON_STATE": folder.file("state"), "ANDON_PLAYBOOKS": folder.file("playbooks"),
      "ANDON_ENV": "test", "SWIFT_BACKTRACE": "enable=no",
    ]
    let ledger = folder.file("ledger")
    try folder.write("", to: "ledger")
    try DatabaseQueue(path: folder.file("lite.db")).write { try $0.execute(sql: "CREATE TABLE effect (mark TEXT)") }
    try folder.write("${run.id}\n", to: "playbooks/templates/told.md")
    try folder.write(
      """
      format: 1
      environment: test
      production: false
      connections:
        db: {postgres: env:DB}
        lite: {sqlite: \(folder.file("lite.db"))}
        api: {http: '\(server.url)'}
        hook: {webhook: env:HOOK}

      """, to: "playbooks/environments/test.yaml")
    try add("inside", top: "", steps: Torture.innerSteps(ledger: ledger))
    try add(
      "torture", top: "connections: [db, lite, api, hook]\n" + top, steps: Torture.steps(ledger: ledger) + "\n" + more)
  }

  func add(_ id: String, top: String, steps: String) throws {
    let indented = steps.split(separator: "\n", omittingEmptySubsequences: false).map { "  \($0)" }
    try folder.write(
      "format: 1\nid: \(id)\nname: Test \(id)\n\(top)\nsteps:\n\(indented.joined(separator: "\n"))\n",
      to: "playbooks/\(id).yaml")
  }

  // MARK: - The program

  static let begin = ["run", "torture", "--auto", "--yes", "--on-failure", "continue"]
  static let resume = ["resume", "--auto", "--yes", "--on-failure", "continue"]

  func start(_ arguments: [String], with more: [String: String] = [:]) throws -> RunningProgram {
    try AndonProgram(environment: environment.merging(more) { _, new in new }).start(arguments)
  }

  func run(_ arguments: [String], with more: [String: String] = [:]) async throws -> ProgramResult {
    try await start(arguments, with: more).wait(within: .seconds(60))
  }

  // MARK: - The record and the world

  var journal: WrittenJournal {
    get throws {
      try read.withLock { journal in
        try journal.catchUp()
        return journal
      }
    }
  }

  /// Everything that really happened.
  var effects: [Effect] {
    get throws {
      let lines = try String(contentsOfFile: folder.file("ledger"), encoding: .utf8).split(separator: "\n")
      let lite = try DatabaseQueue(path: folder.file("lite.db")).read {
        try String.fetchAll($0, sql: "SELECT mark FROM effect")
      }
      return (lines.map(String.init) + lite).compactMap { Effect(mark: $0) } + server.effects + (try database.effects)
    }
  }
}
