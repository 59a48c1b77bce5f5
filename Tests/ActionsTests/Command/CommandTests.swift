import Foundation
import IncidentModel
import Testing

@testable import Actions

/// All tests of commands run one after the other: they count processes and descriptors of the whole test process.
@Suite("Commands", .serialized)
struct CommandTests {}

/// One attempt's mark, different in every call, so that no test ends the processes of another.
func freshMark(_ attempt: Int = 1) -> AttemptMark {
  AttemptMark(run: RunID(number: 107), step: "a-step", attempt: attempt, idempotencyKey: UUID().uuidString)
}

func script(_ text: String, environment: [String: String] = [:], within limit: Duration = .seconds(20))
  -> CommandRequest
{
  CommandRequest(program: .script(text), environment: environment, timeLimit: limit)
}

extension CommandPerformer {
  func perform(
    _ request: CommandRequest, mark: AttemptMark = freshMark(), redactor: Redactor = Redactor()
  ) async -> ActionResult {
    await perform(request, mark: mark, redactor: redactor) { _ in }
  }
}

/// The processes that carry a mark in their environment and are alive.
func living(_ mark: AttemptMark) -> [ProcessEntry] {
  ProcessTable.all().filter { $0.isAlive && ProcessTable.environment(of: $0.id, holds: ChildEnvironment.marks(mark)) }
}

/// Waits for a condition that must come true by itself; false if it does not.
func comesTrue(within limit: Duration = .seconds(5), _ condition: () -> Bool) async -> Bool {
  let end = ContinuousClock.now + limit
  while !condition() {
    if ContinuousClock.now > end { return false }
    try? await Task.sleep(for: .milliseconds(5))
  }
  return true
}
