internal import IncidentModel

/// Reads an expression in one pass, by precedence: `or`, `and`, `not`, comparisons, `+ -`, `* / %`, sign, members.
///
/// Length, nesting and the number of operations are bounded, so that no text can exhaust the stack, neither here nor
/// in what walks the tree later.
struct ExpressionParser {
  static let maximumLength = 4096
  static let maximumNesting = 64
  /// A chain such as `1 + 1 + …` nests without brackets, to the left.
  static let maximumOperations = 128

  private typealias Node = ExpressionNode
  private typealias Token = ExpressionToken

  private let source: String
  private let tokens: [ExpressionToken]
  private var position = 0
  private var nesting = 0
  private var operations = 0

  init(_ source: String) throws(ExpressionSyntaxError) {
    guard source.utf8.count <= Self.maximumLength else {
      throw ExpressionSyntaxError(
        "an expression has at most \(Self.maximumLength) bytes, this one has \(source.utf8.count)", offset: 0)
    }
    self.source = source
    tokens = try ExpressionLexer.tokens(of: source)
  }

  mutating func parse() throws(ExpressionSyntaxError) -> ExpressionNode {
    if current.kind == .end { throw error("an expression is missing here") }
    let node = try expression(from: .or)
    guard current.kind == .end else { throw unexpected("the end of the expression") }
    return node
  }
}

// MARK: - Moving along

extension ExpressionParser {
  // The last token is always `.end`, and `advance` never goes past it.
  private var current: Token { tokens[position] }
  private var following: Token { tokens[min(position + 1, tokens.count - 1)] }

  private mutating func advance() { position = min(position + 1, tokens.count - 1) }

  private mutating func skip(_ word: Token.Word) -> Bool {
    guard current.kind == .word(word) else { return false }
    advance()
    return true
  }

  private mutating func skip(_ sign: Token.Sign) -> Bool {
    guard current.kind == .sign(sign) else { return false }
    advance()
    return true
  }

  private mutating func expect(_ sign: Token.Sign, toClose opening: Token) throws(ExpressionSyntaxError) {
    if skip(sign) { return }
    if current.kind == .end {
      throw error("this bracket has no closing '\(sign.rawValue)'", at: opening)
    }
    throw unexpected("'\(sign.rawValue)'")
  }

  private mutating func nested(
    at opening: Token, _ body: (inout Self) throws(ExpressionSyntaxError) -> ExpressionNode
  ) throws(ExpressionSyntaxError) -> ExpressionNode {
    guard nesting < Self.maximumNesting else {
      throw error("an expression nests at most \(Self.maximumNesting) levels deep", at: opening)
    }
    nesting += 1
    defer { nesting -= 1 }
    return try body(&self)
  }

  private mutating func countOperation(at token: Token) throws(ExpressionSyntaxError) {
    operations += 1
    guard operations <= Self.maximumOperations else {
      throw error(
        "an expression has at most \(Self.maximumOperations) operations", at: token,
        hint: "name a part of it with 'set' or 'register'")
    }
  }
}

// MARK: - Errors

extension ExpressionParser {
  private func error(_ message: String, at token: Token? = nil, hint: String? = nil) -> ExpressionSyntaxError {
    ExpressionSyntaxError(
      message, offset: source.characterOffset(ofScalar: (token ?? current).offset), hint: hint)
  }

  private func unexpected(_ wanted: String) -> ExpressionSyntaxError {
    error("expected \(wanted), found \(Self.describe(current.kind))", hint: hintForUnexpected)
  }

  private var hintForUnexpected: String? {
    let previous = position > 0 ? tokens[position - 1].kind : .end
    if case .member(let name) = previous, current.kind == .sign(.open) {
      return "functions stand in front: \(name)(x)"
    }
    for case .name(let name) in [current.kind, previous] {
      if let word = nearMiss(to: name, among: Token.Word.allCases.map(\.rawValue)) { return "did you mean '\(word)'?" }
    }
    return nil
  }

  private static func describe(_ kind: Token.Kind) -> String {
    switch kind {
    case .number(let number): "the number \(number.description.shortened)"
    case .duration(let duration): "the duration \(duration.playbookText)"
    case .text: "a text"
    case .name(let name): "'\(name.shortened)'"
    case .member(let name): "'.\(name.shortened)'"
    case .word(let word): "'\(word.rawValue)'"
    case .sign(let sign): "'\(sign.rawValue)'"
    case .end: "the end"
    }
  }
}

// MARK: - Operators between two operands

extension ExpressionParser {
  private enum Infix {
    case or, and, membership, matches, test
    case comparison(ExpressionNode.Comparison)
    case arithmetic(ExpressionNode.Arithmetic)

    var level: ExpressionNode.Level {
      switch self {
      case .or: .or
      case .and: .and
      case .comparison, .membership, .matches, .test: .comparison
      case .arithmetic(.add), .arithmetic(.subtract): .sum
      case .arithmetic: .product
      }
    }
  }

  /// The operator here; `not in` and `not matches` are two words.
  private var infix: (operation: Infix, negated: Bool)? {
    switch (current.kind, following.kind) {
    case (.word(.or), _): (.or, false)
    case (.word(.and), _): (.and, false)
    case (.word(.in), _): (.membership, false)
    case (.word(.matches), _): (.matches, false)
    case (.word(.is), _): (.test, false)
    case (.word(.not), .word(.in)): (.membership, true)
    case (.word(.not), .word(.matches)): (.matches, true)
    case (.sign(let sign), _): Self.infix(sign).map { ($0, false) }
    default: nil
    }
  }

  private static func infix(_ sign: Token.Sign) -> Infix? {
    if let comparison = ExpressionNode.Comparison(rawValue: sign.rawValue) { return .comparison(comparison) }
    if let arithmetic = ExpressionNode.Arithmetic(rawValue: sign.rawValue) { return .arithmetic(arithmetic) }
    return nil
  }

  /// An expression of operators that bind at least as tightly as `level`.
  private mutating func expression(
    from level: ExpressionNode.Level
  ) throws(ExpressionSyntaxError) -> ExpressionNode {
    var left = try firstOperand(from: level)
    var compared = false
    while let (operation, negated) = infix, operation.level >= level {
      if compared, operation.level == .comparison {
        throw error("comparisons do not chain", hint: "join them with 'and'")
      }
      if compared, operation.level > .comparison { throw unexpected("the end of the comparison") }
      compared = operation.level == .comparison
      try countOperation(at: current)
      if negated { advance() }
      advance()
      left = try combine(left, operation)
      if negated { left = .not(left) }
    }
    return left
  }

  private mutating func firstOperand(
    from level: ExpressionNode.Level
  ) throws(ExpressionSyntaxError) -> ExpressionNode {
    let token = current
    guard skip(.not) else { return try operand() }
    guard level <= .not else {
      throw error("'not' is looser than the operator before it", at: token, hint: "put brackets around it: (not x)")
    }
    try countOperation(at: token)
    return try nested(at: token) { parser throws(ExpressionSyntaxError) in .not(try parser.expression(from: .not)) }
  }

  /// Stands after the operator.
  private mutating func combine(
    _ left: ExpressionNode, _ operation: Infix
  ) throws(ExpressionSyntaxError) -> ExpressionNode {
    switch operation {
    case .or: .or(left, try expression(from: .and))
    case .and: .and(left, try expression(from: .not))
    case .comparison(let sign): .comparison(sign, left, try expression(from: .sum))
    case .membership: .membership(left, try expression(from: .sum))
    case .arithmetic(let sign):
      .arithmetic(sign, left, try expression(from: operation.level == .sum ? .product : .operand))
    case .matches: .matches(left, try pattern())
    case .test: try vacancyTest(left)
    }
  }

  private mutating func pattern() throws(ExpressionSyntaxError) -> Pattern {
    let token = current
    guard case .text(let source) = token.kind else {
      throw unexpected("a pattern in quotes after 'matches'")
    }
    advance()
    do { return try Pattern(source) } catch {
      throw self.error("this pattern cannot be read: \(error)", at: token)
    }
  }

  private mutating func vacancyTest(_ operand: ExpressionNode) throws(ExpressionSyntaxError) -> ExpressionNode {
    let negated = skip(.not)
    if skip(.absent) { return .test(operand, .absent, negated: negated) }
    if skip(.null) { return .test(operand, .null, negated: negated) }
    throw error(
      "expected 'absent' or 'null' after 'is', found \(Self.describe(current.kind))",
      hint: "compare values with '==' or '!='")
  }
}

// MARK: - Operands

extension ExpressionParser {
  /// A value with its sign and with the members and items taken from it.
  private mutating func operand() throws(ExpressionSyntaxError) -> ExpressionNode {
    let token = current
    if skip(.minus) {
      try countOperation(at: token)
      return try nested(at: token) { parser throws(ExpressionSyntaxError) in .negative(try parser.operand()) }
    }
    var node = try primary()
    while true {
      let token = current
      if case .member(let name) = token.kind {
        try countOperation(at: token)
        advance()
        node = .member(node, name)
      } else if skip(.openBracket) {
        try countOperation(at: token)
        let key = try nested(at: token) { parser throws(ExpressionSyntaxError) in try parser.expression(from: .or) }
        try expect(.closeBracket, toClose: token)
        node = .index(node, key)
      } else {
        return node
      }
    }
  }

  private mutating func primary() throws(ExpressionSyntaxError) -> ExpressionNode {
    let token = current
    advance()
    switch token.kind {
    case .number(let number): return .literal(.number(number))
    case .duration(let duration): return .literal(.duration(duration))
    case .text(let text): return .literal(.text(text))
    case .word(.true): return .literal(.bool(true))
    case .word(.false): return .literal(.bool(false))
    case .word(.null): return .literal(.null)
    case .name(let name): return try nameOrCall(name, at: token)
    case .sign(.open):
      let node = try nested(at: token) { parser throws(ExpressionSyntaxError) in try parser.expression(from: .or) }
      try expect(.close, toClose: token)
      return node
    case .sign(.openBracket):
      return .list(try items(until: .closeBracket, opening: token))
    case .word(.absent):
      throw error("'absent' stands after 'is' only", at: token, hint: "write 'x is absent'")
    default:
      throw error("expected a value, found \(Self.describe(token.kind))", at: token)
    }
  }

  private mutating func nameOrCall(_ name: String, at token: Token) throws(ExpressionSyntaxError) -> ExpressionNode {
    let opening = current
    guard skip(.open) else { return .name(name) }
    guard let function = ExpressionFunction(rawValue: name) else {
      let near = nearMiss(to: name, among: ExpressionFunction.allCases.map(\.rawValue))
      throw error(
        "there is no function '\(name.shortened)'", at: token,
        hint: near.map { "did you mean '\($0)'?" }
          ?? "functions: \(ExpressionFunction.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    try countOperation(at: token)
    let arguments = try items(until: .close, opening: opening)
    guard arguments.count == function.arity else {
      throw error(
        "\(function.signature) takes \(function.arity == 1 ? "one value" : "\(function.arity) values"), "
          + "not \(arguments.count)", at: token)
    }
    return .call(function, arguments)
  }

  /// Stands after the opening bracket; a comma after the last item is allowed.
  private mutating func items(
    until close: Token.Sign, opening: Token
  ) throws(ExpressionSyntaxError) -> [ExpressionNode] {
    var items: [ExpressionNode] = []
    while current.kind != .sign(close) {
      items.append(
        try nested(at: opening) { parser throws(ExpressionSyntaxError) in try parser.expression(from: .or) })
      guard skip(.comma) else { break }
    }
    try expect(close, toClose: opening)
    return items
  }
}
