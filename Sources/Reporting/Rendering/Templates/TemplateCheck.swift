internal import IncidentModel

/// Whether everything that a template names is there. Mustache itself prints nothing for a name that it does not know,
/// and a report in which something is silently missing is worse than none.
struct TemplateCheck {
  private let file: String
  /// What the open sections stand on, the whole report first.
  private var stack: [TemplateShape]

  static func check(_ tags: TemplateTags, against shape: TemplateShape, file: String) throws(Problem) {
    var check = TemplateCheck(file: file, stack: [shape])
    for tag in tags.tags { try check.take(tag) }
  }

  private mutating func take(_ tag: TemplateTags.Tag) throws(Problem) {
    switch tag.kind {
    case .end: if stack.count > 1 { stack.removeLast() }
    case .section: stack.append(try shape(of: tag).inside)
    // Where nothing is there, nothing can be named in it.
    case .inverted:
      _ = try shape(of: tag)
      stack.append(.text)
    case .value, .raw:
      guard try shape(of: tag).isPrinted else {
        throw refusal(tag, "'\(tag.name)' is not one text", "Go through it: {{#\(tag.name)}}…{{/\(tag.name)}}")
      }
      if tag.kind == .value, tag.name.hasPrefix("markdown.") {
        throw refusal(tag, "'\(tag.name)' is Markdown already", "Print it as it is: {{{\(tag.name)}}}")
      }
    }
  }

  private func shape(of tag: TemplateTags.Tag) throws(Problem) -> TemplateShape {
    guard let function = tag.function else { return try shape(named: tag.name, tag) }
    let shape = tag.name.isEmpty ? TemplateShape.unknown : try shape(named: tag.name, tag)
    let isRight: Bool =
      switch function {
      case "first", "last", "even", "odd", "index": tag.name.isEmpty
      case "count": !tag.name.isEmpty && shape.isList
      case "uppercased", "lowercased", "capitalized": !tag.name.isEmpty && shape.isPrinted
      default: false
      }
    guard isRight else {
      throw refusal(
        tag, "'\(function)(\(tag.name))' cannot be made",
        "There are first(), last(), even(), odd() and index() in a list; count(LIST); uppercased, lowercased and "
          + "capitalized of a text.")
    }
    return function == "count" || function == "index" ? .number : .text
  }

  /// Looked for where the tag stands, then further out, as mustache does.
  private func shape(named name: String, _ tag: TemplateTags.Tag) throws(Problem) -> TemplateShape {
    if name == "." { return stack[stack.count - 1] }
    let parts = name.split(separator: ".").map(String.init)
    guard let first = parts.first, !name.hasPrefix(".") else { throw refusal(tag, "'\(name)' is not a name", nil) }
    guard var shape = stack.reversed().lazy.compactMap({ $0[first] }).first else {
      throw unknown(first, among: stack, tag)
    }
    for part in parts.dropFirst() {
      guard let next = shape[part] else { throw unknown(part, among: [shape], tag) }
      shape = next
    }
    return shape
  }

  private func unknown(_ name: String, among shapes: [TemplateShape], _ tag: TemplateTags.Tag) -> Problem {
    let names = shapes.flatMap { shape in if case .map(let members) = shape { Array(members.keys) } else { [String]() }
    }
    let meant = nearMiss(to: name, among: names).map { "Did you mean '\($0)'? " } ?? ""
    return refusal(
      tag, "nothing is called '\(name)'\(tag.name == name ? "" : " in '\(tag.name)'") here",
      "\(meant)docs/postmortem-templates.md lists every name.")
  }

  private func refusal(_ tag: TemplateTags.Tag, _ what: String, _ advice: String?) -> Problem {
    Problem("\(file):\(tag.line): \(what.visible)", advice: advice)
  }
}
