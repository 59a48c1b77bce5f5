internal import IncidentModel

extension ExpressionNode {
  /// The expression as an author would write it; reading it gives the same tree. For messages.
  var text: String {
    switch self {
    case .literal(let value): Self.literalText(value)
    case .name(let name): name
    case .member(let base, let key): "\(base.text(within: .operand)).\(key)"
    case .index(let base, let key): "\(base.text(within: .operand))[\(key.text)]"
    case .list(let items): "[\(items.map(\.text).joined(separator: ", "))]"
    case .negative(let operand): "-\(operand.text(within: .operand))"
    case .not(let operand): "not \(operand.text(within: .not))"
    case .and(let left, let right): "\(left.text(within: .and)) and \(right.text(within: .not))"
    case .or(let left, let right): "\(left.text(within: .or)) or \(right.text(within: .and))"
    case .comparison(let sign, let left, let right): Self.infix(left, sign.rawValue, right)
    case .membership(let left, let right): Self.infix(left, "in", right)
    case .matches(let operand, let pattern):
      "\(operand.text(within: .sum)) matches \(Self.literalText(.text(pattern.source)))"
    case .test(let operand, let vacancy, let negated):
      "\(operand.text(within: .sum)) is \(negated ? "not " : "")\(vacancy.rawValue)"
    case .arithmetic(let sign, let left, let right):
      "\(left.text(within: level)) \(sign.rawValue) \(right.text(within: level == .sum ? .product : .operand))"
    case .call(let function, let arguments): "\(function.rawValue)(\(arguments.map(\.text).joined(separator: ", ")))"
    }
  }

  /// How tightly operators bind, loosest first.
  enum Level: Int, Comparable {
    case or, and, not, comparison, sum, product, operand

    static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
  }

  private var level: Level {
    switch self {
    case .or: .or
    case .and: .and
    case .not: .not
    case .comparison, .membership, .matches, .test: .comparison
    case .arithmetic(.add, _, _), .arithmetic(.subtract, _, _): .sum
    case .arithmetic: .product
    case .negative: .product
    case .literal, .name, .member, .index, .list, .call: .operand
    }
  }

  private func text(within outer: Level) -> String { level < outer ? "(\(text))" : text }

  private static func infix(_ left: ExpressionNode, _ sign: String, _ right: ExpressionNode) -> String {
    "\(left.text(within: .sum)) \(sign) \(right.text(within: .sum))"
  }

  private static func literalText(_ value: Value) -> String {
    guard case .text(let text) = value else { return value.displayText }
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\t": quoted += "\\t"
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
