import Foundation
import IncidentModel
import TestSupport
import Testing

/// What the product says about a run or an incident, read through `--json`.
struct Record {
  let json: Value

  init(_ result: ProgramResult, sourceLocation: Testing.SourceLocation = #_sourceLocation) throws {
    try #require(result.code == 0, "\(result)", sourceLocation: sourceLocation)
    json = try Value.json(Data(result.stdout.utf8))
    #expect(json["schema_version"]?.displayText == "1", sourceLocation: sourceLocation)
  }

  struct Step {
    let json: Value

    var id: String { json["id"]?.displayText ?? "" }
    var state: String { json["state"]?.displayText ?? "" }
    var verification: String { json["verification"]?.displayText ?? "" }
    var reason: String { json["reason"]?.displayText ?? "" }
    var attempts: Int { Int(json["attempts"]?.displayText ?? "") ?? -1 }
    var entries: [Value] { json["entries"]?.items ?? [] }
    /// `done verified`
    var outcome: String { "\(state) \(verification)" }
  }

  var steps: [Step] { json["steps"]?.items.map(Step.init) ?? [] }

  /// The step of that id; one that matches nothing where there is none.
  func step(_ id: String) -> Step {
    Step(json: json["steps"]?.items.first { $0["id"]?.displayText == id } ?? .null)
  }

  func target(_ name: String) -> String {
    json["targets"]?.items.first { $0["name"]?.displayText == name }?["state"]?.displayText ?? ""
  }

  subscript(_ path: String...) -> String {
    var value: Value? = json
    for key in path { value = value?[key] }
    return value?.displayText ?? ""
  }
}

extension Value {
  var items: [Value] { if case .list(let items) = self { items } else { [] } }

  /// What stands under a key; empty where there is nothing.
  func text(_ key: String) -> String { self[key]?.displayText ?? "" }
}

extension Platform {
  /// What the journal has about a run.
  func run(_ id: String = "RUN-1", sourceLocation: Testing.SourceLocation = #_sourceLocation) async throws -> Record {
    try Record(await andon("show", id, "--json"), sourceLocation: sourceLocation)
  }

  /// What the journal has about an incident.
  func incident(_ id: String = "INC-1") async throws -> Record { try Record(await andon("show", id, "--json")) }

  /// The usual way to pull the cord without anybody there.
  func pull(
    _ more: String..., changing changes: [String: String?] = [:], within limit: Duration = .seconds(90)
  ) async throws -> ProgramResult {
    try await AndonProgram(environment: variables(changing: changes)).run(
      ["pull", "pause-trading", "--confirm", "PAUSE"] + more, within: limit)
  }
}

/// Asks again and again until it is so; fails the test when it does not come true.
func eventually(
  _ what: Comment, within limit: Duration = .seconds(60), sourceLocation: Testing.SourceLocation = #_sourceLocation,
  _ isSo: () async throws -> Bool
) async throws {
  let end = ContinuousClock.now + limit
  while ContinuousClock.now < end {
    if try await isSo() { return }
    try await Task.sleep(for: .milliseconds(20))
  }
  Issue.record("did not come true in \(limit): \(what)", sourceLocation: sourceLocation)
  throw CancellationError()
}
