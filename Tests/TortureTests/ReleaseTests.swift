import Foundation
import TestSupport
import Testing

@Suite("Fail points stay at home")
struct ReleaseTests {
  private static let release = Repository.file(".build/release/andon")

  private func holds(_ text: String, in file: String) throws -> Bool {
    try Data(contentsOf: URL(filePath: file), options: .alwaysMapped).range(of: Data(text.utf8)) != nil
  }

  @Test(
    "A release build holds neither the variable nor a name of a fail point",
    .enabled(if: FileManager.default.fileExists(atPath: release), "no release build here: make build"))
  func absent() throws {
    for text in ["ANDON_FAIL_POINTS", "journal.before-commit", "sql.commit-sent"] {
      #expect(try !holds(text, in: Self.release), "\(text)")
    }
  }

  #if FAIL_POINTS
    @Test("A debug build holds them, and refuses a name that it does not know")
    func present() async throws {
      #expect(try holds("ANDON_FAIL_POINTS", in: AndonProgram.path))
      let folder = try TemporaryFolder()
      for plan in ["journal.before-comit=crash", "journal.before-commit=explode", "journal.before-commit"] {
        let result = try await AndonProgram(
          environment: ["PATH": "/usr/bin:/bin", "ANDON_STATE": folder.path, "ANDON_FAIL_POINTS": plan]
        ).run(["incident", "open", "x", "--severity", "P3", "--why", "y"])
        #expect(result.code == 64 && result.stderr.contains(plan), "\(result)")
      }
    }
  #endif
}
