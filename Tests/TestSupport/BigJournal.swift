internal import Foundation

/// A long journal in a state folder of its own, written by `Tests/big_journal.py`: a program that knows of Andon's format
/// only what its page says. INC-1 is about as long as every other incident but the last, which is open, with an open run
/// and a message that was not sent. The same figures give the same entries.
public struct BigJournal: Sendable {
  public let folder: TemporaryFolder

  public var state: String { folder.path }
  public var file: String { folder.file("journal.db") }

  /// - Parameter format: of the file; the newest when not told.
  public init(entries: Int, incidents: Int, format: Int? = nil) async throws {
    folder = try TemporaryFolder()
    let figures = [entries, incidents] + [format].compactMap { $0 }
    let made = try await RunningProgram(
      [Repository.python ?? "", Repository.file("Tests/big_journal.py"), folder.file("journal.db")]
        + figures.map(String.init), environment: ["PATH": "/usr/bin:/bin"]
    ).wait(within: .seconds(600))
    guard made.code == 0 else { throw CocoaError(.fileWriteUnknown, userInfo: ["reason": made.description]) }
  }
}
