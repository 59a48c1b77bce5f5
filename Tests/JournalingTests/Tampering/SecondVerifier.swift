import Foundation
import IncidentModel
import Journaling
import TestSupport
import Testing

/// The verifier in Python, which shares nothing with the one in Swift but the page that describes the format.
enum SecondVerifier {
  /// Its exit codes for many files, each with the anchors beside it.
  static func codes(of paths: [String]) async throws -> [Int32] {
    let result = try await RunningProgram(
      [Repository.python ?? "", Repository.file("Tests/verify_journal.py"), "--each"] + paths,
      environment: ["PATH": "/usr/bin:/bin"]
    ).wait(within: .seconds(600))
    #expect(result.code == 0, "\(result)")
    return result.stdout.split(separator: "\n").map { Int32($0.prefix { $0 != " " }) ?? -1 }
  }

  /// As `journal verify` would exit.
  static func code(of verdict: JournalVerifier.Verdict) -> Int32 {
    switch verdict {
    case .anchored: 0
    case .altered: 1
    case .shortened: 2
    case .unanchored: 3
    }
  }
}
