import Foundation
import IncidentModel
import TestSupport
import Testing

/// What a command took, counted instead of timed: the same on every machine.
struct Expense {
  let code: Int
  /// Bytes that it read, of the journal and of everything else.
  let read: Int
  /// The most memory it had, in KiB.
  let peak: Int

  init(of arguments: [String], environment: [String: String]) async throws {
    let program = [Repository.python ?? "", Repository.file("Tests/expense"), AndonProgram.path]
    let result = try await RunningProgram(program + arguments, environment: environment).wait(within: .seconds(300))
    let json = try Value.json(Data(result.stdout.utf8))
    code = Int(json.text("code")) ?? -1
    read = Int(json.text("read")) ?? -1
    peak = Int(json.text("peak")) ?? -1
    try #require(read > 0 && peak > 0, "\(result)")
  }
}
