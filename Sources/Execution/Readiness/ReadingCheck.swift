internal import Actions
internal import Foundation
internal import IncidentModel
internal import Playbooks

/// Do the addresses that steps read from answer as those steps want it? Only what reads is asked, as the step would
/// ask it, token and all.
struct ReadingCheck {
  private static let limit = Duration.seconds(5)

  let check: ConnectionCheck

  func findings() async -> [ReadinessFinding] {
    var users: [String: [Needs.Reading]] = [:]
    for reading in check.needs.readings where reading.action.connection == check.name {
      users[Self.key(reading.action), default: []].append(reading)
    }
    return await withTaskGroup(of: ReadinessFinding.self) { group in
      for readings in users.values { group.addTask { await finding(readings) } }
      return await group.reduce(into: []) { $0.append($1) }
    }
  }

  /// What is asked in the same way is asked once.
  private static func key(_ action: HTTPAction) -> String {
    let items = (action.query + action.headers).map { "\($0.name)=\($0.value.source)" }
    return ([action.method.rawValue, action.path.source, "\(action.follow)"] + items + action.status.map(String.init))
      .joined(separator: "\n")
  }

  private func finding(_ readings: [Needs.Reading]) async -> ReadinessFinding {
    let first = readings[0]
    let title = "\(first.action.method.rawValue.uppercased()) \(first.action.path.source)"
    return await answer(first.action, title).about(
      playbooks: readings.map(\.playbook).unique, step: readings.count == 1 ? first.step : nil)
  }

  private func answer(_ action: HTTPAction, _ title: String) async -> ReadinessFinding {
    guard action.needsOnlyConnections else {
      return ReadinessFinding(
        .note, .step, "\(title) was not asked: only a run knows what belongs into it",
        advice: "try it where nothing can break, with --env")
    }
    do throws(Failure) {
      let builder = RequestBuilder(connections: check.connections, names: Names())
      let request = try await builder.http(action, timeLimit: Self.limit)
      let mark = AttemptMark(run: RunID(number: 0), step: "doctor", attempt: 1, idempotencyKey: "")
      let result = await Performer(redactor: check.redactor).perform(.http(request), mark: mark)
      if let failure = result.failure { return ReadinessFinding(.fail, .step, failure) }
      let status = result.outputs["status"]?.displayText ?? "nothing"
      return ReadinessFinding(.ok, .step, "\(title) on '\(check.name)' answers \(status)")
    } catch { return ReadinessFinding(.fail, .step, error) }
  }
}

extension HTTPAction {
  /// Every value in it stands in the environment file.
  fileprivate var needsOnlyConnections: Bool {
    let templates = [path] + (query + headers).map(\.value)
    return body == nil
      && templates.flatMap(\.expressions).flatMap(\.references).allSatisfy { $0.first == "connections" }
  }
}
