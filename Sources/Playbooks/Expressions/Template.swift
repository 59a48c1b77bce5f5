public import IncidentModel

/// Text with `${…}` places. Resolved in one pass: what a value holds is never read as a template again.
public struct Template: Sendable, Hashable {
  public enum Segment: Sendable, Hashable {
    case literal(String)
    case expression(Expression)
  }

  public let source: String
  public let segments: [Segment]

  public init(source: String, segments: [Segment]) {
    self.source = source
    self.segments = segments
  }

  /// A template without places.
  public init(literal: String) { self.init(source: literal, segments: [.literal(literal)]) }

  public var expressions: [Expression] {
    segments.compactMap { if case .expression(let expression) = $0 { expression } else { nil } }
  }

  public var isLiteral: Bool { expressions.isEmpty }

  /// The value: typed when the template is one place and nothing else, otherwise text.
  public func value(in scope: some Scope) throws(EvaluationError) -> Value {
    if segments.count == 1, case .expression(let only) = segments[0] { return try only.evaluate(in: scope) }
    return .text(try text(in: scope))
  }

  /// The text, each value as it reads in a sentence; `encoding` is applied to values, not to literals.
  /// Throws for a value that is `absent`.
  public func text(
    in scope: some Scope, encoding: (String) -> String = { $0 }
  ) throws(EvaluationError) -> String {
    var text = ""
    for segment in segments {
      switch segment {
      case .literal(let literal): text += literal
      case .expression(let expression):
        let value = try expression.evaluate(in: scope)
        if case .absent = value {
          throw EvaluationError("'\(expression.source)' has no value here", expression: expression.source)
        }
        text += encoding(value.displayText)
      }
    }
    return text
  }
}

/// JSON with templates in its texts.
public indirect enum ValueTemplate: Sendable {
  case fixed(Value)
  case template(Template)
  case list([ValueTemplate])
  case map([(key: String, value: ValueTemplate)])

  public func value(in scope: some Scope) throws(EvaluationError) -> Value {
    switch self {
    case .fixed(let value): return value
    case .template(let template): return try template.value(in: scope)
    case .list(let items):
      var values: [Value] = []
      for item in items { values.append(try item.value(in: scope)) }
      return .list(values)
    case .map(let members):
      var values: [String: Value] = [:]
      for member in members { values[member.key] = try member.value.value(in: scope) }
      return .map(values)
    }
  }
}

extension ValueTemplate {
  public var expressions: [Expression] {
    switch self {
    case .fixed: []
    case .template(let template): template.expressions
    case .list(let items): items.flatMap(\.expressions)
    case .map(let members): members.flatMap(\.value.expressions)
    }
  }
}
