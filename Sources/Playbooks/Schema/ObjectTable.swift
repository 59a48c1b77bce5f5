internal import IncidentModel
internal import Yams

/// The keys of one kind of object.
struct ObjectTable: Sendable {
  /// Its name in the JSON Schema.
  let name: String
  /// As messages call it: `a step`.
  let title: String
  let doc: String
  let fields: [FieldInfo]
  /// Of each of these sets of keys exactly one stands in the object.
  let exactlyOne: [ExactlyOne]
  /// Of each of these sets of keys at most one stands in the object.
  let atMostOne: [[String]]

  struct ExactlyOne: Sendable {
    let keys: [String]
    /// As messages call them: `an action`.
    let title: String
  }

  init(
    _ name: String, title: String, _ doc: String, _ fields: [FieldInfo], exactlyOne: [ExactlyOne] = [],
    atMostOne: [[String]] = []
  ) {
    self.name = name
    self.title = title
    self.doc = doc
    self.fields = fields
    self.exactlyOne = exactlyOne
    self.atMostOne = atMostOne
  }

  func has(_ key: String) -> Bool { fields.contains { $0.key == key } }
}

/// An object that was read by its table: its keys are known ones, each stands once, none is missing.
struct Section {
  struct Entry {
    let key: String
    let keyPlace: Place
    let node: Node
  }

  let place: Place
  /// The key path of the object; empty for the file itself.
  let path: String
  let entries: [Entry]
  /// False when something about its keys was wrong.
  let isWhole: Bool
  let reading: Reading

  var location: SourceLocation { reading.location(place) }

  func has<Value>(_ field: Field<Value>) -> Bool { node(field.key) != nil }

  func node(_ key: String) -> Node? { entries.first { $0.key == key }?.node }

  func entry(_ key: String) -> Entry? { entries.first { $0.key == key } }

  subscript<Value>(field: Field<Value>) -> Value? {
    guard let node = node(field.key) else { return nil }
    return field.kind.read(Input(node, key: field.key, parent: path), reading)
  }
}

extension Reading {
  /// Opens an object by its table and reports every key that is unknown, repeated, missing or one too many.
  func section(_ input: Input, _ table: ObjectTable) -> Section? {
    guard case .mapping(let mapping) = input.node else {
      error(
        at: input.place, "\(input.label) must be \(table.title), but is \(input.node.form)",
        hint: "write keys under it: \(table.fields.prefix(4).map(\.key).joined(separator: ", "))…")
      return nil
    }
    var unknown: [(key: String, meant: String?)] = []
    var entries: [Section.Entry] = []
    for entry in self.entries(of: mapping) {
      if entry.key.hasPrefix("x-") { continue }
      if table.has(entry.key) {
        entries.append(entry)
      } else if !isFull {
        let meant = nearMiss(to: entry.key, among: table.fields.lazy.map(\.key))
        unknown.append((entry.key, meant))
        unknownKey(entry, meant: meant, in: table)
      }
    }
    let found = Section(
      place: input.place, path: input.path, entries: entries, isWhole: unknown.isEmpty, reading: self)
    let complete = checkMissing(found, table, unknown)
    let fitting = checkChoices(found, table, unknownKeys: !unknown.isEmpty)
    return Section(
      place: found.place, path: found.path, entries: entries, isWhole: unknown.isEmpty && complete && fitting,
      reading: self)
  }

  /// The keys and values of a map in the order of the file, without repeated and impossible keys.
  func entries(of mapping: Node.Mapping) -> [Section.Entry] {
    var entries: [Section.Entry] = []
    entries.reserveCapacity(mapping.count)
    for (key, node) in mapping {
      guard case .scalar(let scalar) = key else {
        error(at: key.place, "a key must be text, but this is \(key.form)")
        continue
      }
      if !document.repeatedKeys.isEmpty, document.repeatedKeys.contains(key.place) { continue }
      if scalar.string == "<<", scalar.isPlain {
        error(at: key.place, "merge keys are not used here", hint: "write the keys out where they are needed")
        continue
      }
      entries.append(Section.Entry(key: scalar.string, keyPlace: key.place, node: node))
    }
    return entries
  }

  private func unknownKey(_ entry: Section.Entry, meant: String?, in table: ObjectTable) {
    let all = table.fields.map(\.key).joined(separator: ", ")
    error(
      at: entry.keyPlace, "\(table.title) has no key '\(entry.key)'",
      hint: meant.map { "did you mean '\($0)'?" } ?? "its keys are: \(all)")
  }

  private func checkMissing(
    _ section: Section, _ table: ObjectTable, _ unknown: [(key: String, meant: String?)]
  ) -> Bool {
    var complete = true
    for field in table.fields where field.required && section.node(field.key) == nil {
      complete = false
      // A misspelt key has been pointed at; it is not missing as well.
      if unknown.contains(where: { $0.meant == field.key }) { continue }
      error(at: section.place, "\(table.title) needs the key '\(field.key)'", hint: field.doc)
    }
    return complete
  }

  private func checkChoices(_ section: Section, _ table: ObjectTable, unknownKeys: Bool) -> Bool {
    var fitting = true
    for choice in table.exactlyOne {
      let present = section.entries.filter { choice.keys.contains($0.key) }
      if present.count == 1 { continue }
      fitting = false
      if present.isEmpty, !unknownKeys {
        error(
          at: section.place, "\(table.title) needs \(choice.title)",
          hint: "one of: \(choice.keys.joined(separator: ", "))")
      }
      for extra in present.dropFirst() {
        error(
          at: extra.keyPlace, "\(table.title) has \(choice.title) already: '\(present[0].key)'",
          hint: "only one of '\(present[0].key)' and '\(extra.key)' can stand here")
      }
    }
    for keys in table.atMostOne {
      let present = section.entries.filter { keys.contains($0.key) }
      for extra in present.dropFirst() {
        fitting = false
        error(at: extra.keyPlace, "'\(extra.key)' cannot stand beside '\(present[0].key)'", hint: "keep one of the two")
      }
    }
    return fitting
  }
}
