import Foundation
import TestSupport
import Testing

@Suite("Drills of deployments", .inTurn, .timeLimit(.minutes(40)))
struct DeploymentDrillTests {
  struct Drill: Sendable, CustomTestStringConvertible {
    let id: String
    let more: [String]
    var code: Int32 = 0
    /// The step that would have changed something.
    let change: String

    var testDescription: String { id }
  }

  static let drills = [
    Drill(id: "frontend", more: ["DEPLOY", "--var", "watch=1s"], change: "push-production"),
    Drill(id: "api", more: ["DEPLOY", "--var", "watch=1s"], change: "deploy"),
    Drill(
      id: "migration",
      more: ["MIGRATE", "--var", "backup_made=true", "--var", "tried_on_staging=true", "--var", "table=t"],
      change: "apply"),
    // What is left to people parks it.
    Drill(
      id: "contract",
      more: ["DEPLOY", "--var", "version=2.0.0", "--var", "audited=true", "--var", "tried_on_testnet=true"], code: 4,
      change: "deploy"),
  ]

  @Test(
    "Where nothing stands in for a tool its step is shown and not run, and nobody is told that it worked",
    arguments: drills)
  func rehearsed(_ drill: Drill) async throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("SELECT 1;\n", to: "new_migration.sql")
    let andon = AndonProgram(environment: [
      "PATH": "/usr/bin:/bin", "HOME": folder.path, "USER": "trainee", "ANDON_STATE": folder.file("state"),
      "ANDON_SANDBOX": "sqlite",  // On PostgreSQL the migration is real: PlaybookDrillTests
    ])
    let result = try await andon.run(
      ["run", drill.id, "--drill", "--auto", "--confirm"] + drill.more
        + (drill.id == "migration" ? ["--var", "file=\(file)"] : []))
    #expect(result.code == drill.code, "\(result)")
    #expect(result.stdout.contains("DRILL"))
    let step = try Record(await andon.run(["show", "RUN-1", "--json"])).step(drill.change)
    #expect(step.outcome == "done unverified" && step.reason.contains("rehearsed"), "\(step.outcome): \(step.reason)")
  }
}
