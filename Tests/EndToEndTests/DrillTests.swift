import Foundation
import IncidentModel
import TestSupport
import Testing

@Suite("A drill", .inTurn, .timeLimit(.minutes(40)))
struct DrillTests {
  private func environment(_ folder: TemporaryFolder, database: String = "any") -> [String: String] {
    [
      "PATH": "/usr/bin:/bin", "HOME": folder.path, "USER": "trainee", "ANDON_STATE": folder.file("state"),
      "ANDON_SANDBOX": database,
    ]
  }

  @Test("It needs no variables, goes through every step, and is marked as a drill everywhere")
  func wholeDrill() async throws {
    let folder = try TemporaryFolder()
    let andon = AndonProgram(environment: environment(folder))
    let result = try await andon.run(["pull", "--drill", "--confirm", "PAUSE", "--var", "contract_pause=true"])
    #expect(result.code == 4, "\(result)")
    #expect(result.stdout.contains("DRILL"))
    #expect(!result.stdout.contains("PRODUCTION"))
    let run = try Record(await andon.run(["show", "RUN-1", "--json"]))
    #expect(run["run", "drill"] == "true")
    for step in ["disable-trades", "site-says-disabled", "order-creation-refused", "order-fill-refused"] {
      #expect(run.step(step).outcome == "done verified", "\(step): \(run.step(step).reason)")
    }
    #expect(run.step("pause-contract").verification != "verified", "nothing stands in for the contract")
    #expect(try await andon.run(["history"]).stdout.contains("DRILL"))
    let real = try Record(await andon.run(["history", "--drill", "--json"]))
    #expect(real.json["runs"]?.items.count == 1)
    let report = try await andon.run(["postmortem", "create", "INC-1", "--out", "-"])
    #expect(report.code == 0)
    #expect(report.stdout.uppercased().contains("DRILL"))
    #expect(try await andon.run(["journal", "verify"]).code == 0)
  }

  @Test("Production refuses drills")
  func productionRefuses() async throws {
    let folder = try TemporaryFolder()
    let result = try await AndonProgram(environment: environment(folder)).run(
      ["pull", "--drill", "--confirm", "PAUSE", "--env", "production"])
    #expect(result.code == 77, "\(result)")
    #expect(result.stderr.contains("production"))
    #expect(!FileManager.default.fileExists(atPath: folder.file("state/journal.db")))
  }

  @Test("A database that no sandbox has is named, and nothing begins")
  func unknownDatabase() async throws {
    let folder = try TemporaryFolder()
    let result = try await AndonProgram(environment: environment(folder, database: "oracle")).run(
      ["pull", "--drill", "--confirm", "PAUSE"])
    #expect(result.code == 78, "\(result)")
    #expect(result.stderr.contains("ANDON_SANDBOX is 'oracle'") && result.stderr.contains("any, sqlite, postgres"))
  }

  @Test("Run twice, it works twice")
  func twice() async throws {
    let folder = try TemporaryFolder()
    let andon = AndonProgram(environment: environment(folder))
    for number in 1...2 {
      let result = try await andon.run(["pull", "--drill", "--confirm", "PAUSE"])
      #expect(result.code == 4, "\(result)")
      #expect(result.stdout.contains("RUN-\(number) "))
    }
  }

  @Test(
    "Pause and resume both work in the sandbox, on PostgreSQL where it is there, and on SQLite",
    arguments: ["any", "sqlite"])
  func resumeDrill(_ database: String) async throws {
    let folder = try TemporaryFolder()
    let andon = AndonProgram(environment: environment(folder, database: database))
    let pause = try await andon.run(["pull", "--drill", "--confirm", "PAUSE"])
    #expect(pause.code == 4)
    let expected = database == "any" && PrivatePostgres.canRun ? "sandbox: PostgreSQL " : "sandbox: SQLite; "
    #expect(pause.stderr.contains(expected), "\(pause)")
    let result = try await andon.run([
      "run", "resume-trading", "--drill", "--auto", "--confirm", "RESUME", "--var", "watch=1s", "--var",
      "issue_resolved=true", "--var", "systems_verified=true", "--var", "audit_complete=true",
    ])
    #expect(result.code == 4, "\(result)")
    let run = try Record(await andon.run(["show", "RUN-2", "--json"]))
    #expect(run.step("enable-trades").outcome == "done verified")
    #expect(run.step("test-order").outcome == "done verified")
  }
}
