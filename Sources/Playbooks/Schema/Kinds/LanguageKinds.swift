internal import IncidentModel
internal import Yams

extension Kind where Value == Expression {
  /// A condition or a value: bare names, no `${…}`.
  static let expression = Kind(.text) { input, reading in
    guard let scalar = reading.text(input) else { return nil }
    if let template = scalar.string.placeOfTemplate {
      let bare = scalar.string.replacing("${", with: "").replacing("}", with: "")
      reading.error(
        at: reading.place(of: template, in: scalar, input),
        "\(input.label) is an expression and takes bare names", hint: "write \(bare.excerpt)")
      return nil
    }
    do throws(ExpressionSyntaxError) { return try Expression(parsing: scalar.string) } catch {
      reading.report(error, in: scalar, input)
      return nil
    }
  }
}

extension Kind where Value == Template {
  /// Text with `${…}` places.
  static let template = Kind(.text) { input, reading in
    guard let scalar = reading.text(input) else { return nil }
    do throws(ExpressionSyntaxError) { return try Template(parsing: scalar.string) } catch {
      reading.report(error, in: scalar, input)
      return nil
    }
  }
}

extension Kind where Value == ValueTemplate {
  /// JSON whose texts are templates. Only unquoted true, false, null and JSON numbers are more than text.
  static let json = Kind(.anything) { input, reading in reading.valueTemplate(input) }
}

extension Kind where Value == IncidentModel.Value {
  /// The same without templates, as data for whoever understands it.
  static let data = Kind(.anything) { input, reading in reading.value(input) }
}

extension Reading {
  fileprivate func report(_ problem: ExpressionSyntaxError, in scalar: Node.Scalar, _ input: Input) {
    let text = scalar.string
    let index = text.index(text.startIndex, offsetBy: problem.offset, limitedBy: text.endIndex) ?? text.endIndex
    error(at: place(of: index, in: scalar, input), problem.message, hint: problem.hint)
  }

  fileprivate func place(of index: String.Index, in scalar: Node.Scalar, _ input: Input) -> Place {
    let prefix = scalar.string[..<index]
    return source.place(ofScalarOffset: prefix.unicodeScalars.count, in: scalar.string, at: input.place)
  }

  fileprivate func valueTemplate(_ input: Input) -> ValueTemplate? {
    switch input.node {
    case .scalar(let scalar):
      if let value = plainValue(scalar) { return .fixed(value) }
      if scalar.string.isEmpty { return .fixed(.text("")) }
      return Kind<Template>.template.read(input, self).map { .template($0) }
    case .sequence(let sequence):
      return .list(sequence.enumerated().compactMap { valueTemplate(input.item($1, at: $0)) })
    case .mapping(let mapping):
      return .map(
        entries(of: mapping).compactMap { entry in
          valueTemplate(Input(entry.node, key: entry.key, parent: input.path)).map { (key: entry.key, value: $0) }
        })
    case .alias: return nil
    }
  }

  fileprivate func value(_ input: Input) -> Value? {
    switch input.node {
    case .scalar(let scalar): return plainValue(scalar) ?? .text(scalar.string)
    case .sequence(let sequence):
      return .list(sequence.enumerated().compactMap { value(input.item($1, at: $0)) })
    case .mapping(let mapping):
      var members: [String: Value] = [:]
      for entry in entries(of: mapping) {
        members[entry.key] = value(Input(entry.node, key: entry.key, parent: input.path))
      }
      return .map(members)
    case .alias: return nil
    }
  }

  /// What an unquoted scalar is as JSON, if it is anything but text.
  private func plainValue(_ scalar: Node.Scalar) -> Value? {
    guard scalar.isPlain else { return nil }
    switch scalar.string {
    case "true": return .bool(true)
    case "false": return .bool(false)
    case "null", "": return .null
    default:
      guard let first = scalar.string.utf8.first, Words.isDigit(first) || first == UInt8(ascii: "-") else { return nil }
      return Number(scalar.string).map { .number($0) }
    }
  }
}
