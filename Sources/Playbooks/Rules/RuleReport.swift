internal import IncidentModel
internal import Yams

/// What a rule may know beside the playbook, and where it says what it found.
final class RuleReport {
  /// Every step of the file: those inside groups, handlers and `undo` too, in the order of the file.
  let steps: [Step]
  let library: PlaybookLibrary?
  /// `YYYY-MM-DD`
  let today: String?
  private let reading: Reading
  /// Built when the first mistake is found: most files have none.
  private lazy var objects = reading.document.root.mappings

  init(_ playbook: Playbook, reading: Reading, library: PlaybookLibrary?, today: String?) {
    steps = playbook.everyStep
    self.reading = reading
    self.library = library
    self.today = today
  }

  /// False when the action or the check of a step could not be read, so that nothing can be said about it.
  func isComplete(_ step: Step) -> Bool { !reading.incomplete.contains(step.location) }

  func error(_ message: String, at spot: Spot, hint: String? = nil) {
    reading.error(at: place(of: spot), message, hint: hint)
  }

  func warning(_ message: String, at spot: Spot, hint: String? = nil) {
    reading.warning(at: place(of: spot), message, hint: hint)
  }

  private func place(of spot: Spot) -> Place {
    let start = spot.owner.map { Place(line: $0.line, column: $0.column) } ?? reading.document.root.place
    guard case .mapping(let mapping)? = spot.owner == nil ? reading.document.root : objects[start].map(Node.mapping)
    else { return start }
    var (node, place) = (Node.mapping(mapping), start)
    for (index, step) in spot.path.enumerated() {
      guard let (key, value) = node.child(step) else {
        // In monitors.yaml the probe stands in the object itself.
        if index == 0, case .key("monitor") = step { continue }
        return place
      }
      let isLast = index == spot.path.count - 1
      place = isLast && spot.pointsAtKey ? key ?? value.place : value.place
      node = value
    }
    if case .scalar(let scalar) = node, let offset = spot.word.flatMap({ $0.offset(in: scalar.string) }) {
      return reading.source.place(ofScalarOffset: offset, in: scalar.string, at: place)
    }
    return place
  }
}

/// A place that a rule knows by its keys; line and column are looked up when something is said about it.
struct Spot: Sendable {
  enum PathStep: Sendable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    case key(String)
    case item(Int)

    init(stringLiteral value: String) { self = .key(value) }
    init(integerLiteral value: Int) { self = .item(value) }
  }

  /// Where the object stands whose keys the path begins with; `nil`: the file.
  let owner: SourceLocation?
  let path: [PathStep]
  var pointsAtKey = false
  var word: Word?

  /// A name in an expression: `steps.traige`, and which of its parts is meant.
  struct Word: Sendable {
    let path: [String]
    let part: Int

    /// In Unicode scalars from the start of `text`.
    func offset(in text: String) -> Int? {
      let scalars = Array(text.unicodeScalars)
      let whole = Array(path[...part].joined(separator: ".").unicodeScalars)
      let name = Array(path[part].unicodeScalars)
      if let start = scalars.first(whole, isName: true) { return start + whole.count - name.count }
      return scalars.first(name, isName: true) ?? scalars.first(name, isName: false)
    }
  }

  func pointing(to path: [String], part: Int) -> Spot {
    var spot = self
    spot.word = Word(path: path, part: part)
    return spot
  }

  func pointing(to word: String) -> Spot { pointing(to: [word], part: 0) }
}

extension Playbook {
  func at(_ path: Spot.PathStep...) -> Spot { Spot(owner: nil, path: path) }
  func at(key: String) -> Spot { Spot(owner: nil, path: [.key(key)], pointsAtKey: true) }
}

extension Step {
  func at(_ path: Spot.PathStep...) -> Spot { Spot(owner: location, path: path) }
  func at(_ path: [Spot.PathStep]) -> Spot { Spot(owner: location, path: path) }
  func at(key: String) -> Spot { Spot(owner: location, path: [.key(key)], pointsAtKey: true) }
}

extension Node {
  fileprivate func child(_ step: Spot.PathStep) -> (key: Place?, value: Node)? {
    switch (self, step) {
    case (.mapping(let mapping), .key(let name)):
      mapping.first { $0.key.scalar?.string == name }.map { ($0.key.place, $0.value) }
    case (.sequence(let sequence), .item(let index)):
      index < sequence.count ? (nil, sequence[index]) : nil
    // One item may stand without its brackets.
    case (.scalar, .item(0)): (nil, self)
    default: nil
    }
  }

  /// Every map of the document by its place.
  fileprivate var mappings: [Place: Node.Mapping] {
    var found: [Place: Node.Mapping] = [:]
    collect(into: &found)
    return found
  }

  private func collect(into found: inout [Place: Node.Mapping]) {
    switch self {
    case .mapping(let mapping):
      found[place] = mapping
      for (_, value) in mapping { value.collect(into: &found) }
    case .sequence(let sequence): for item in sequence { item.collect(into: &found) }
    case .scalar, .alias: break
    }
  }
}

extension [Unicode.Scalar] {
  fileprivate func first(_ word: [Unicode.Scalar], isName: Bool) -> Int? {
    guard !word.isEmpty, word.count <= count else { return nil }
    func joins(_ index: Int) -> Bool {
      guard indices.contains(index) else { return false }
      return self[index].properties.isAlphabetic || self[index] == "_" || ("0"..."9").contains(self[index])
    }
    for start in 0...(count - word.count) where self[start] == word[0] {
      guard self[start..<(start + word.count)].elementsEqual(word) else { continue }
      if !isName || !joins(start - 1) && !joins(start + word.count) { return start }
    }
    return nil
  }
}
