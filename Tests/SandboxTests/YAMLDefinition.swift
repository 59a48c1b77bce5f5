import Foundation
import IncidentModel
import Yams

/// The folder of the playbooks we ship.
let playbooksFolder = URL(filePath: #filePath).deletingLastPathComponent()
  .appending(path: "../../playbooks").standardizedFileURL.path

/// YAML as the loader hands it over: plain scalars as bool, number or null where they read as one, else text.
func value(ofYAML text: String) throws -> Value {
  guard let node = try Yams.compose(yaml: text, .basic) else { return .null }
  return value(of: node)
}

private func value(of node: Node) -> Value {
  switch node {
  case .mapping(let mapping):
    var members: [String: Value] = [:]
    for (key, member) in mapping { members[key.string ?? ""] = value(of: member) }
    return .map(members)
  case .sequence(let sequence): return .list(sequence.map(value(of:)))
  case .scalar(let scalar) where scalar.style == .plain:
    switch scalar.string {
    case "true": return .bool(true)
    case "false": return .bool(false)
    case "", "null", "~": return .null
    default: return Number(scalar.string).map(Value.number) ?? .text(scalar.string)
    }
  case .scalar(let scalar): return .text(scalar.string)
  case .alias: return .null
  }
}
