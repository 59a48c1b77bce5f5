internal import IncidentModel

/// What an expression says, as a tree.
///
/// The parser bounds its depth, so everything that walks it may recurse.
indirect enum ExpressionNode: Sendable, Hashable {
  case literal(Value)
  /// A root name: `params`, `rows`.
  case name(String)
  /// `base.key`
  case member(ExpressionNode, String)
  /// `base[key]`
  case index(ExpressionNode, ExpressionNode)
  case list([ExpressionNode])
  case negative(ExpressionNode)
  case not(ExpressionNode)
  case and(ExpressionNode, ExpressionNode)
  case or(ExpressionNode, ExpressionNode)
  case comparison(Comparison, ExpressionNode, ExpressionNode)
  case arithmetic(Arithmetic, ExpressionNode, ExpressionNode)
  /// `left in right`
  case membership(ExpressionNode, ExpressionNode)
  case matches(ExpressionNode, Pattern)
  /// `x is absent`, `x is not null`…
  case test(ExpressionNode, Vacancy, negated: Bool)
  case call(ExpressionFunction, [ExpressionNode])

  enum Comparison: String, Sendable {
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
  }

  enum Arithmetic: String, Sendable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case remainder = "%"
  }

  /// The two ways of having no value.
  enum Vacancy: String, Sendable {
    case absent
    case null
  }
}

extension ExpressionNode {
  /// Every name it reads, outermost first and each once. A path ends where a number or a computed key follows:
  /// `rows[0].value` reads `["rows"]`, `params["x"]` reads `["params", "x"]`.
  var references: [[String]] {
    var found: [[String]] = []
    collectReferences(into: &found)
    var seen: Set<[String]> = []
    return found.filter { seen.insert($0).inserted }
  }

  private func collectReferences(into found: inout [[String]]) {
    if let path {
      found.append(path)
    } else {
      for part in parts { part.collectReferences(into: &found) }
    }
  }

  /// The names from the root to here, if nothing but fixed names leads here.
  private var path: [String]? {
    switch self {
    case .name(let name): [name]
    case .member(let base, let key), .index(let base, .literal(.text(let key))): base.path.map { $0 + [key] }
    default: nil
    }
  }

  private var parts: [ExpressionNode] {
    switch self {
    case .literal, .name: []
    case .member(let base, _): [base]
    case .index(let base, let key): [base, key]
    case .list(let items), .call(_, let items): items
    case .negative(let operand), .not(let operand), .matches(let operand, _), .test(let operand, _, _): [operand]
    case .and(let left, let right), .or(let left, let right), .membership(let left, let right): [left, right]
    case .comparison(_, let left, let right), .arithmetic(_, let left, let right): [left, right]
    }
  }
}
