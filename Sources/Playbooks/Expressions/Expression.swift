public import IncidentModel

/// A typed expression without side effects. See `docs/playbook-reference.md` for the language.
public struct Expression: Sendable, Hashable {
  /// As it stands in the file.
  public let source: String
  let root: ExpressionNode
  /// Every name it reads, outermost first: `["steps", "disable-trades", "row_count"]`.
  public let references: [[String]]

  /// Reads an expression. The error's offset counts characters from the start of `source`.
  public init(parsing source: String) throws(ExpressionSyntaxError) {
    var parser = try ExpressionParser(source)
    let root = try parser.parse()
    self.source = source
    self.root = root
    references = root.references
  }

  public func evaluate(in scope: some Scope) throws(EvaluationError) -> Value {
    do { return try root.evaluate(in: scope) } catch {
      throw EvaluationError(error.message, expression: source)
    }
  }

  /// For `when`, `until`, `expect`…: anything but a bool is an error, there is no truthiness.
  public func holds(in scope: some Scope) throws(EvaluationError) -> Bool {
    let value = try evaluate(in: scope)
    guard case .bool(let flag) = value else {
      throw EvaluationError("'\(source)' must be true or false, but is \(value.kind)", expression: source)
    }
    return flag
  }
}

/// Why a text is not an expression, and where.
public struct ExpressionSyntaxError: Error, Sendable, Hashable {
  public let message: String
  /// In characters from the start of the expression.
  public let offset: Int
  public let hint: String?

  public init(_ message: String, offset: Int, hint: String? = nil) {
    self.message = message
    self.offset = offset
    self.hint = hint
  }
}
