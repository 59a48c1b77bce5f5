import Foundation
import TestSupport
import Testing

/// A folder of playbooks for one test, with an environment that is not production.
struct TestPlaybooks {
  let folder: TemporaryFolder
  private let variables: [String: String]

  /// - Parameter connections: the YAML under `connections:`.
  init(connections: String = "{}", variables: [String: String] = [:]) throws {
    folder = try TemporaryFolder()
    let usual = [
      "PATH": "/usr/bin:/bin", "HOME": folder.path, "USER": "tester", "ANDON_STATE": folder.file("state"),
      "ANDON_PLAYBOOKS": folder.file("playbooks"), "ANDON_ENV": "test", "LANG": "C.UTF-8",
    ]
    self.variables = usual.merging(variables) { _, new in new }
    try folder.write(
      "format: 1\nenvironment: test\nproduction: false\nconnections: \(connections)\n",
      to: "playbooks/environments/test.yaml")
  }

  var state: String { folder.file("state") }

  /// All that `andon` gets.
  var environment: [String: String] { variables }

  /// Writes a playbook: its steps, and what else stands at the top.
  @discardableResult
  func add(_ id: String, top: String = "", steps: String) throws -> String {
    let indented = steps.split(separator: "\n", omittingEmptySubsequences: false).map { "  \($0)" }.joined(
      separator: "\n")
    return try folder.write(
      "format: 1\nid: \(id)\nname: Test \(id)\n\(top)\nsteps:\n\(indented)\n", to: "playbooks/\(id).yaml")
  }

  func andon(_ arguments: String..., changing changes: [String: String?] = [:], within limit: Duration = .seconds(90))
    async throws -> ProgramResult
  {
    var variables = variables
    for (name, value) in changes { variables[name] = value }
    return try await AndonProgram(environment: variables).run(arguments, within: limit)
  }

  /// Somebody in front of it.
  func terminal(_ arguments: String...) throws -> Terminal { try terminal(arguments) }

  func terminal(_ arguments: [String], changing changes: [String: String] = [:]) throws -> Terminal {
    try Terminal(
      [AndonProgram.path] + arguments, environment: variables.merging(changes) { _, new in new })
  }

  /// Runs a playbook with nobody there.
  func run(_ id: String, _ more: String..., within limit: Duration = .seconds(90)) async throws -> ProgramResult {
    try await AndonProgram(environment: variables).run(["run", id, "--auto", "--yes"] + more, within: limit)
  }

  func record(_ id: String = "RUN-1") async throws -> Record { try Record(await andon("show", id, "--json")) }

  /// Everything recorded about a step.
  func step(_ step: String, of run: String = "RUN-1") async throws -> Record {
    try Record(await andon("show", run, "--step", step, "--json"))
  }
}
