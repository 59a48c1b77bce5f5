public import IncidentModel

/// What the names in an expression stand for at one moment.
public protocol Scope {
  /// The value of a root name: `params`, `steps`, `rows`… `nil`: no such name here.
  func value(of root: String) -> Value?
}

/// Roots by name; later ones hide earlier ones.
public struct Names: Scope, Sendable {
  public var roots: [String: Value]

  public init(_ roots: [String: Value] = [:]) { self.roots = roots }

  public func value(of root: String) -> Value? { roots[root] }

  /// The same names, with `more` in front of them.
  public func adding(_ more: [String: Value]) -> Names { Names(roots.merging(more) { _, new in new }) }
}

/// Why an expression has no value: a type that does not fit, a name without a value, a division by zero.
public struct EvaluationError: Error, Sendable, Hashable {
  public let message: String
  /// The expression as it stands in the file.
  public let expression: String

  public init(_ message: String, expression: String) {
    self.message = message
    self.expression = expression
  }
}
