import Foundation
import TestSupport
import Testing

/// A running `andon sandbox` on its private PostgreSQL, and a connection of our own to that.
final class PrivatePostgres: Sendable {
  let program: RunningProgram
  /// What it printed to export, beside the usual ones.
  let variables: [String: String]
  let database: ScratchDatabase.Session

  /// Whether a server is installed here that this user can run.
  static let canRun: Bool = {
    let versions = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql")) ?? []
    let isInstalled = versions.contains {
      FileManager.default.isExecutableFile(atPath: "/usr/lib/postgresql/\($0)/bin/initdb")
    }
    return isInstalled && (getuid() != 0 || getpwnam("postgres") != nil)
  }()

  static func usual(_ folder: TemporaryFolder) -> [String: String] {
    ["PATH": "/usr/bin:/bin", "HOME": folder.path, "USER": "trainee", "ANDON_STATE": folder.file("state")]
  }

  init(in folder: TemporaryFolder, _ more: String...) async throws {
    let usual = Self.usual(folder)
    let program = try AndonProgram(environment: usual).start(["sandbox"] + more)
    self.program = program
    try await eventually("the sandbox says what it is") { program.stderr.contains("Ctrl-C ends it.") }
    var variables = usual
    for line in program.stdout.split(separator: "\n") where line.hasPrefix("export ") {
      let pair = line.dropFirst("export ".count).split(separator: "=", maxSplits: 1).map(String.init)
      if pair.count == 2 { variables[pair[0]] = pair[1] }
    }
    self.variables = variables
    database = try ScratchDatabase.Session(try #require(variables["ANDON_SANDBOX_POSTGRES"]))
  }

  deinit {
    database.close()
    program.kill(SIGTERM)
  }

  /// Everything below the program, and the program itself.
  var family: [ProcessTable.Entry] { ProcessTable.family(of: program.pid) }

  func value(_ statement: String) throws -> String? { try database.run(statement).first?.first ?? nil }
}

extension Trait where Self == ConditionTrait {
  static var needsPostgresServer: Self { .enabled(if: PrivatePostgres.canRun, "no PostgreSQL server is installed") }
}
