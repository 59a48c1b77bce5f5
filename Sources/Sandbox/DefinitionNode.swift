internal import IncidentModel

/// One place in the `sandbox:` data, which knows its own path for messages: `sandbox.routes[2].refuse[0]`.
struct DefinitionNode {
  let value: Value
  let path: String

  /// What stands under `key`; an empty value counts as none.
  func member(_ key: String) -> DefinitionNode? {
    guard let member = value[key], member != .null, member != .absent else { return nil }
    return DefinitionNode(value: member, path: "\(path).\(key)")
  }

  func required(_ key: String) throws(Problem) -> DefinitionNode {
    guard let member = member(key) else { throw Problem("\(path) has no '\(key)'") }
    return member
  }

  /// Any key that is not among `keys` is an error with the near miss.
  func allow(_ keys: [String]) throws(Problem) {
    guard case .map(let members) = value else { throw Problem("\(path) must be a map, but is \(value.kind)") }
    for key in members.keys.sorted() where !keys.contains(key) && !key.hasPrefix("x-") {
      throw Problem(
        "\(path) has the unknown key '\(key)'",
        advice: nearMiss(to: key, among: keys).map { "Did you mean '\($0)'?" }
          ?? "Known keys: \(keys.joined(separator: ", ")).")
    }
  }

  func text() throws(Problem) -> String {
    guard case .text(let text) = value, !text.isEmpty else {
      throw Problem("\(path) must be text, but is \(value.kind)")
    }
    return text
  }

  func flag() throws(Problem) -> Bool {
    guard case .bool(let flag) = value else {
      throw Problem("\(path) must be true or false, but is \(value.kind)")
    }
    return flag
  }

  func status() throws(Problem) -> Int {
    guard case .number(let number) = value, let code = number.integer, (200...599).contains(code) else {
      throw Problem("\(path) must be an HTTP status from 200 to 599")
    }
    return code
  }

  func items() throws(Problem) -> [DefinitionNode] {
    guard case .list(let items) = value else { throw Problem("\(path) must be a list, but is \(value.kind)") }
    return items.enumerated().map { DefinitionNode(value: $1, path: "\(path)[\($0)]") }
  }

  func members() throws(Problem) -> [(key: String, node: DefinitionNode)] {
    guard case .map(let members) = value else { throw Problem("\(path) must be a map, but is \(value.kind)") }
    return members.sorted { $0.key < $1.key }
      .map { (key: $0.key, node: DefinitionNode(value: $0.value, path: "\(path).\($0.key)")) }
  }
}
