import Foundation
import TestSupport
import Testing

@Suite("Deploying the API", .inTurn, .timeLimit(.minutes(40)))
struct APIDeploymentTests {
  /// An API that answers from what the stand-in for Render has made live.
  private struct Service {
    let folder: TemporaryFolder
    let server: ScriptedHTTPServer
    let andon: AndonProgram

    init(next: String = "2.0.0", health: String = "200 OK") throws {
      let folder = try TemporaryFolder()
      self.folder = folder
      try folder.write("1.0.0", to: "render/trades-api/live")
      try folder.write(next, to: "render/trades-api/next")
      try FileManager.default.createDirectory(atPath: folder.file("bin"), withIntermediateDirectories: true)
      try FileManager.default.createSymbolicLink(
        atPath: folder.file("bin/render"), withDestinationPath: Repository.file("Tests/StandIns/render-stand-in"))
      server = try ScriptedHTTPServer { request in
        let live = (try? String(contentsOfFile: folder.file("render/trades-api/live"), encoding: .utf8)) ?? ""
        let status = live == "1.0.0" || request.target != "/health" ? "200 OK" : health
        return [.answer(status, headers: ["Content-Type: application/json"], body: #"{"version":"\#(live)"}"#)]
      }
      andon = AndonProgram(environment: [
        "PATH": "\(folder.file("bin")):/usr/bin:/bin", "HOME": folder.path, "USER": "dana", "LANG": "C.UTF-8",
        "ANDON_STATE": folder.file("state"), "API_URL": server.url, "ADMIN_TOKEN": "adm-\(UUID().uuidString)",
      ])
    }

    var live: String {
      get throws { try String(contentsOfFile: folder.file("render/trades-api/live"), encoding: .utf8) }
    }

    func deploy(_ more: String...) async throws -> ProgramResult {
      try await andon.run(["run", "api", "--auto", "--confirm", "DEPLOY", "--var", "watch=1s"] + more)
    }

    var record: Record { get async throws { try Record(await andon.run(["show", "RUN-1", "--json"])) } }
  }

  @Test("It goes out: the service is live, healthy, and tells the version that was wanted")
  func works() async throws {
    let service = try Service()
    let result = try await service.deploy("--var", "version=2.0.0")
    #expect(result.code == 0, "\(result)")
    #expect(try service.live == "2.0.0")
    let run = try await service.record
    #expect(run.steps.count == 5)
    for step in run.steps { #expect(step.outcome == "done verified", "\(step.id): \(step.reason)") }
  }

  @Test("Without a version to look for it goes by the health alone, and says that it skipped the rest")
  func anyVersion() async throws {
    let service = try Service()
    let result = try await service.deploy()
    #expect([0, 3].contains(result.code), "\(result)")
    #expect(try await service.record.step("new-version").state == "skipped")
  }

  @Test("Render says that all is well, but the health is bad: the deployment failed")
  func badHealth() async throws {
    let service = try Service(health: "503 Service Unavailable")
    let result = try await service.deploy("--var", "version=2.0.0")
    #expect(result.code == 1, "\(result)")
    #expect(try service.live == "2.0.0", "the stand-in deployed nothing")
    let step = try await service.record.step("deploy")
    #expect(step.outcome == "failed failed", "\(step.reason)")
    #expect(step.reason.contains("503"), "\(step.reason)")
  }

  @Test("Healthy, but another version than the one that was wanted: the deployment failed, and says which answers")
  func wrongVersion() async throws {
    let service = try Service(next: "1.9.9")
    let result = try await service.deploy("--var", "version=2.0.0")
    #expect(result.code == 1, "\(result)")
    let step = try await service.record.step("new-version")
    #expect(step.outcome == "failed failed")
    #expect(step.reason.contains("1.9.9"), "\(step.reason)")
  }

  @Test("Render refuses: nothing is live that was not before, and its words are told")
  func refused() async throws {
    let service = try Service()
    try service.folder.write("Error: build failed\n", to: "render/trades-api/refuse")
    let result = try await service.deploy()
    #expect(result.code == 1, "\(result)")
    #expect(try service.live == "1.0.0")
    #expect(try await service.record.step("deploy").reason.contains("build failed"))
  }
}
