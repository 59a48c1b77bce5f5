internal import Foundation
internal import IncidentModel

/// What a request brings along, by name: from the path, then the query, then the JSON body.
struct PlatformRequest: Sendable {
  /// For SQL and answers. `body` is the whole body as text.
  let values: [String: Value]
  /// The members of the JSON body, sorted by key; empty without one.
  let members: [(key: String, value: Value)]

  /// `nil` when there is a body that is not JSON.
  init?(path: [String: Value], query: [(name: String, value: String)], body: Data) {
    var values: [String: Value] = [:]
    var json: [String: Value] = [:]
    if !body.isEmpty {
      guard let value = try? Value.json(body) else { return nil }
      if case .map(let members) = value { json = members }
      values["body"] = .text(String(decoding: body, as: UTF8.self))
    }
    values.merge(json) { _, new in new }
    for (name, value) in query { values[name] = .text(value) }
    values.merge(path) { _, new in new }
    self.values = values
    members = json.sorted { $0.key < $1.key }.map { (key: $0.key, value: $0.value) }
  }

  /// The same, with one member as `:key` and `:value`, both as text.
  func values(for member: (key: String, value: Value)) -> [String: Value] {
    values.merging(["key": .text(member.key), "value": .text(member.value.displayText)]) { _, new in new }
  }
}
