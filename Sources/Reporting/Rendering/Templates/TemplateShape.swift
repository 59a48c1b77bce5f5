internal import IncidentModel

/// What stands behind a name of a template: something to print, or something with names of its own.
indirect enum TemplateShape: Sendable, Hashable {
  case text, number, flag, moment, milliseconds, pairs
  case list(TemplateShape)
  case map([String: TemplateShape])
  /// Nothing that could tell.
  case unknown

  /// - Parameter names: as `TemplateNames` writes them.
  init(names: String) {
    var shape = TemplateShape.map([:])
    for line in names.split(separator: "\n") {
      let words = line.split(separator: " ")
      let place = words[0] == "." ? [] : words[0].split(separator: ".").map(String.init)
      var members: [String: TemplateShape] = [:]
      for word in words.dropFirst() {
        let (name, shape) = Self.member(String(word))
        members[name] = shape
      }
      shape = shape.merged(with: Self.nested(.map(members), in: place[...]))
    }
    self = shape
  }

  /// As a value has it; of a list, all its elements together.
  init(_ value: Value) {
    self =
      switch value {
      case .null, .absent: .unknown
      case .bool: .flag
      case .number: .number
      case .text, .duration: .text
      case .list(let items): .list(items.reduce(.unknown) { $0.merged(with: TemplateShape($1)) })
      case .map(let members): .map(members.mapValues(TemplateShape.init))
      }
  }

  private static func member(_ word: String) -> (String, TemplateShape) {
    let marks: [(String, TemplateShape)] = [
      ("#", .number), ("?", .flag), ("@", .moment), ("~", .milliseconds), ("[]", .list(.text)), ("{}", .pairs),
    ]
    for (mark, shape) in marks where word.hasSuffix(mark) { return (String(word.dropLast(mark.count)), shape) }
    return (word, .text)
  }

  private static func nested(_ shape: TemplateShape, in place: ArraySlice<String>) -> TemplateShape {
    guard let name = place.first else { return shape }
    let inner = nested(shape, in: place.dropFirst())
    return .map(name.hasSuffix("[]") ? [String(name.dropLast(2)): .list(inner)] : [name: inner])
  }

  /// What both know.
  func merged(with other: TemplateShape) -> TemplateShape {
    switch (self, other) {
    case (.map(let mine), .map(let others)): .map(mine.merging(others) { $0.merged(with: $1) })
    case (.list(let mine), .list(let others)): .list(mine.merged(with: others))
    case (.unknown, _): other
    default: self
    }
  }

  subscript(_ name: String) -> TemplateShape? {
    switch self {
    case .map(let members): members[name]
    case .unknown: .unknown
    default: nil
    }
  }

  /// What a section over it stands on, once for each of its elements.
  var inside: TemplateShape {
    if case .list(let element) = self { element } else { self }
  }

  var isPrinted: Bool {
    switch self {
    case .list, .map, .pairs: false
    default: true
    }
  }

  var isList: Bool {
    switch self {
    case .list, .pairs, .unknown: true
    default: false
    }
  }
}
