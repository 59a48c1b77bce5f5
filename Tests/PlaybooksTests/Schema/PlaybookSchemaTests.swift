import Foundation
import IncidentModel
import Testing

@testable import Playbooks

@Suite("The JSON Schema says what the loader reads")
struct PlaybookSchemaTests {
  @Test("every object and every key has its line", arguments: PlaybookSchema.tables.indices)
  func documented(_ index: Int) {
    let table = PlaybookSchema.tables[index]
    #expect(!table.doc.isEmpty)
    for field in table.fields { #expect(!field.doc.isEmpty, "\(table.name).\(field.key)") }
    #expect(Set(table.fields.map(\.key)).count == table.fields.count)
    for key in table.exactlyOne.flatMap(\.keys) + table.atMostOne.flatMap(\.self) { #expect(table.has(key)) }
    // YAML 1.1 readers take these for booleans.
    for key in ["on", "off", "yes", "no", "y", "n"] { #expect(!table.has(key)) }
  }

  @Test("it is JSON, and every reference in it leads somewhere", arguments: PlaybookSchema.File.allCases)
  func references(_ file: PlaybookSchema.File) throws {
    let text = PlaybookSchema.json(for: file)
    let schema = try Value.json(Data(text.utf8))
    let definitions = try #require(schema["definitions"])
    for name in text.matches(of: /"#\/definitions\/([a-z_]+)"/).map({ String($0.1) }) {
      #expect(definitions[name] != nil, "\(name)")
    }
    #expect(text == PlaybookSchema.json(for: file))
  }

  @Test("it accepts a playbook with every key, read as an editor reads YAML")
  func accepts() throws {
    let validator = try SchemaValidator(PlaybookSchema.json())
    #expect(validator.mistakes(in: try editorValue(wholePlaybook)) == [])
  }

  @Test(
    "it refuses what the loader refuses, where a schema can tell",
    arguments: [
      "ownr: x", "severity: P9", "tags: x", "format: 2.5", "steps: [{id: one}]", "targets: {a: 5}",
      "steps: [{id: one, wait: {for: 1s}, set: {a: 1}}]", "steps: [{id: one, wait: {for: soon}}]",
      "steps: [{id: one, http: {connection: api, get: /, json: 1, body: x}}]", "steps: [{id: One, wait: {for: 1s}}]",
      "steps: [{id: one, wait: {}}]",
      "steps: [{id: one, incident: {}}]", "steps: [{id: one, incident: {classify: true, suggest: true}}]",
      "steps: [{id: one, incident: {milestone: over}}]", "steps: [{id: one, incident: {follow_up: {due: 24h}}}]",
      "schedule: yearly", "params: {a: {type: string}}",
      "steps: [{id: one, undo: {playbook: {}}, wait: {for: 1s}}]",
    ])
  func refuses(_ yaml: String) throws {
    #expect(load(yaml).playbook == nil)
    let validator = try SchemaValidator(PlaybookSchema.json())
    #expect(validator.mistakes(in: try editorValue(completed(yaml))) != [])
  }

  private func editorValue(_ yaml: String) throws -> Value {
    let reading = try #require(Reading.open(Array(yaml.utf8), file: "test.yaml").reading)
    return try #require(Kind<Value>.data.read(reading.root, reading))
  }
}

/// The part of draft-07 that our schemas use.
private struct SchemaValidator {
  private let root: Value

  init(_ json: String) throws { root = try Value.json(Data(json.utf8)) }

  func mistakes(in value: Value) -> [String] { mistakes(value, root, "") }

  private func mistakes(_ value: Value, _ schema: Value, _ path: String) -> [String] {
    if case .text(let reference)? = schema["$ref"] {
      let name = String(reference.split(separator: "/").last ?? "")
      guard let definition = root["definitions"]?[name] else { return ["\(path): no \(reference)"] }
      return mistakes(value, definition, path)
    }
    var found: [String] = []
    if let types = schema["type"], !types.texts.contains(where: { value.isOf($0) }) {
      found.append("\(path): is \(value.kind), not \(types.texts)")
    }
    if case .list(let words)? = schema["enum"], !words.contains(value) { found.append("\(path): not in enum") }
    if case .text(let pattern)? = schema["pattern"], case .text(let text) = value,
      (try? Regex(pattern).wholeMatch(in: text)) == nil
    {
      found.append("\(path): '\(text)' does not match \(pattern)")
    }
    if case .number(let least)? = schema["minimum"], case .number(let number) = value, number < least {
      found.append("\(path): less than \(least)")
    }
    found += combined(value, schema, path)
    if case .map(let members) = value { found += self.members(members, schema, path) }
    if case .list(let items) = value, let item = schema["items"] {
      for (index, value) in items.enumerated() { found += mistakes(value, item, "\(path)[\(index)]") }
    }
    return found
  }

  private func combined(_ value: Value, _ schema: Value, _ path: String) -> [String] {
    var found: [String] = []
    for part in schema["allOf"]?.items ?? [] { found += mistakes(value, part, path) }
    if let parts = schema["anyOf"]?.items, parts.allSatisfy({ !mistakes(value, $0, path).isEmpty }) {
      found.append("\(path): none of anyOf")
    }
    if let parts = schema["oneOf"]?.items, parts.count(where: { mistakes(value, $0, path).isEmpty }) != 1 {
      found.append("\(path): not one of oneOf")
    }
    if let part = schema["not"], mistakes(value, part, path).isEmpty { found.append("\(path): is what it must not be") }
    return found
  }

  private func members(_ members: [String: Value], _ schema: Value, _ path: String) -> [String] {
    var found = (schema["required"]?.texts ?? []).filter { members[$0] == nil }.map { "\(path): no \($0)" }
    for (key, value) in members {
      if let property = schema["properties"]?[key] {
        found += mistakes(value, property, "\(path).\(key)")
      } else if key.hasPrefix("x-"), schema["patternProperties"] != nil {
        continue
      } else if let other = schema["additionalProperties"] {
        found += other == .bool(false) ? ["\(path): key \(key)"] : mistakes(value, other, "\(path).\(key)")
      }
    }
    return found
  }
}

extension Value {
  fileprivate var items: [Value] { if case .list(let items) = self { items } else { [] } }

  fileprivate var texts: [String] {
    switch self {
    case .text(let text): [text]
    case .list(let items): items.flatMap(\.texts)
    default: []
    }
  }

  fileprivate func isOf(_ type: String) -> Bool {
    switch (type, self) {
    case ("string", .text), ("number", .number), ("boolean", .bool), ("null", .null), ("array", .list),
      ("object", .map):
      true
    case ("integer", .number(let number)): number.integer != nil
    default: false
    }
  }
}
