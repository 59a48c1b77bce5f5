internal import IncidentModel
internal import Yams

extension Kind {
  /// A list; items that are wrong are reported and left out.
  static func list<Item>(_ kind: Kind<Item>, least: Int = 0) -> Kind where Value == [Item] {
    Kind(.list(kind.shape)) { input, reading in
      guard case .sequence(let sequence) = input.node else {
        reading.notAList(input)
        return nil
      }
      guard sequence.count >= least else {
        reading.error(at: input.place, "\(input.label) is empty", hint: "put at least one item under it")
        return nil
      }
      return sequence.enumerated().compactMap { kind.read(input.item($1, at: $0), reading) }
    }
  }

  /// A list, or one item without the brackets.
  static func oneOrMany<Item>(_ kind: Kind<Item>) -> Kind where Value == [Item] {
    let list = Kind.list(kind, least: 1)
    return Kind(.oneOrMany(kind.shape)) { input, reading in
      if case .scalar = input.node { return kind.read(input, reading).map { [$0] } }
      return list.read(input, reading)
    }
  }

  /// A map from names of the user's choice, in the order of the file.
  static func map<Item>(
    names form: String, fits: @escaping @Sendable (String) -> Bool, _ kind: Kind<Item>
  ) -> Kind where Value == [(name: String, value: Item)] {
    Kind(.map(kind.shape)) { input, reading in
      guard case .mapping(let mapping) = input.node else {
        reading.error(
          at: input.place, "\(input.label) must be a map of names, but is \(input.node.form)",
          hint: "write 'name: value' lines under it")
        return nil
      }
      var items: [(name: String, value: Item)] = []
      for entry in reading.entries(of: mapping) {
        guard fits(entry.key) else {
          reading.error(at: entry.keyPlace, "'\(entry.key.excerpt)' cannot be a name under \(input.label)", hint: form)
          continue
        }
        if let value = kind.read(Input(entry.node, key: entry.key, parent: input.path), reading) {
          items.append((entry.key, value))
        }
      }
      return items
    }
  }

  /// An object with a table of its own.
  static func object(
    _ table: @escaping @autoclosure @Sendable () -> ObjectTable, named name: String,
    _ build: @escaping @Sendable (Section) -> Value?
  ) -> Kind {
    Kind(.object(name)) { input, reading in reading.section(input, table()).flatMap(build) }
  }
}

extension Reading {
  fileprivate func notAList(_ input: Input) {
    let written: String? = if case .scalar(let scalar) = input.node, !scalar.isEmpty { scalar.string } else { nil }
    error(
      at: input.place, "\(input.label) must be a list, but is \(input.node.form)",
      hint: written.map { "write [\($0.excerpt)], or lines that begin with '- '" } ?? "begin each item with '- '")
  }
}
