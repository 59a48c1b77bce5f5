internal import IncidentModel

extension ExpressionNode {
  /// The value in `scope`. Nothing is converted silently: values of different kinds do not compare or add up,
  /// only bools are true or false, and nothing compares with a value that is absent or null.
  func evaluate(in scope: some Scope) throws(EvaluationError) -> Value {
    switch self {
    case .literal(let value): return value
    case .name(let name):
      guard let value = scope.value(of: name) else { throw error("unknown name '\(name)'") }
      return value
    case .member(let base, let key): return try member(key, of: base.evaluate(in: scope), base)
    case .index(let base, let key): return try item(key.evaluate(in: scope), key, of: base.evaluate(in: scope), base)
    case .list(let items): return .list(try Self.values(of: items, in: scope))
    case .negative(let operand): return try negated(operand.present(in: scope), operand)
    case .not(let operand): return .bool(!(try operand.flag(in: scope, before: "not")))
    case .and(let left, let right):
      return .bool(try left.flag(in: scope, before: "and") ? right.flag(in: scope, before: "and") : false)
    case .or(let left, let right):
      return .bool(try left.flag(in: scope, before: "or") ? true : right.flag(in: scope, before: "or"))
    case .comparison(let sign, let left, let right): return .bool(try compare(left, sign, right, in: scope))
    case .arithmetic(let sign, let left, let right): return try calculate(left, sign, right, in: scope)
    case .membership(let left, let right): return .bool(try isMember(left, right, in: scope))
    case .matches(let operand, let pattern): return .bool(try matches(operand, pattern, in: scope))
    case .test(let operand, let vacancy, let negated):
      return .bool((try operand.evaluate(in: scope).vacancy == vacancy) != negated)
    case .call(let function, let arguments): return try call(function, arguments, in: scope)
    }
  }

  private static func values(of nodes: [ExpressionNode], in scope: some Scope) throws(EvaluationError) -> [Value] {
    var values: [Value] = []
    values.reserveCapacity(nodes.count)
    for node in nodes { values.append(try node.evaluate(in: scope)) }
    return values
  }

  private func error(_ message: String) -> EvaluationError { EvaluationError(message, expression: text) }

  /// The value of this operand, which must have one.
  private func present(in scope: some Scope) throws(EvaluationError) -> Value {
    let value = try evaluate(in: scope)
    if let vacancy = value.vacancy {
      throw error(
        "'\(text)' is \(vacancy.rawValue); say what then, with 'is \(vacancy.rawValue)' or default(\(text), …)")
    }
    return value
  }
}

// MARK: - Members and items

extension ExpressionNode {
  private func member(_ key: String, of value: Value, _ base: ExpressionNode) throws(EvaluationError) -> Value {
    switch value {
    case .map(let members): return members[key] ?? .absent
    case .absent, .null: return .absent
    case .list: throw error("'\(base.text)' is a list and has no member '\(key)'; take an item first: \(base.text)[0]")
    default: throw error("'\(base.text)' is \(value.kind) and has no member '\(key)'")
    }
  }

  private func item(
    _ key: Value, _ keyNode: ExpressionNode, of value: Value, _ base: ExpressionNode
  ) throws(EvaluationError) -> Value {
    switch (value, key) {
    case (.list(let items), .number(let number)):
      guard let position = number.integer else {
        throw error("'\(keyNode.text)' is \(number.description), but the items of a list have whole numbers from 0")
      }
      return items.indices.contains(position) ? items[position] : .absent
    case (.map(let members), .text(let name)): return members[name] ?? .absent
    case (.absent, _), (.null, _): return .absent
    case (.list, _): throw error("'\(base.text)' is a list, so '\(keyNode.text)' must be a number, but is \(key.kind)")
    case (.map, _): throw error("'\(base.text)' is a map, so '\(keyNode.text)' must be text, but is \(key.kind)")
    default: throw error("'\(base.text)' is \(value.kind) and has no items")
    }
  }
}

// MARK: - True or false

extension ExpressionNode {
  private func flag(in scope: some Scope, before word: String) throws(EvaluationError) -> Bool {
    let value = try present(in: scope)
    guard case .bool(let flag) = value else {
      throw error("'\(word)' takes true or false, but '\(text)' is \(value.kind)")
    }
    return flag
  }

  private func matches(
    _ operand: ExpressionNode, _ pattern: Pattern, in scope: some Scope
  ) throws(EvaluationError) -> Bool {
    let value = try operand.present(in: scope)
    guard case .text(let text) = value else {
      throw error("'matches' takes text, but '\(operand.text)' is \(value.kind)")
    }
    return pattern.matchesWhole(text)
  }

  private func isMember(
    _ left: ExpressionNode, _ right: ExpressionNode, in scope: some Scope
  ) throws(EvaluationError) -> Bool {
    let (value, container) = (try left.present(in: scope), try right.present(in: scope))
    switch (value, container) {
    case (_, .list(let items)):
      // Every item is looked at, so that a list of the wrong kind is an error whatever stands first in it.
      var found = false
      for item in items where try same(value, left, item, right, as: "an item of ") { found = true }
      return found
    case (.text(let part), .text(let text)): return text.holds(part)
    default:
      throw error(
        "'in' takes a list, or text in text, "
          + "but '\(left.text)' is \(value.kind) and '\(right.text)' is \(container.kind)"
      )
    }
  }
}

// MARK: - Comparing

extension ExpressionNode {
  private func compare(
    _ left: ExpressionNode, _ sign: Comparison, _ right: ExpressionNode, in scope: some Scope
  ) throws(EvaluationError) -> Bool {
    let (first, second) = (try left.present(in: scope), try right.present(in: scope))
    switch sign {
    case .equal: return try same(first, left, second, right)
    case .notEqual: return !(try same(first, left, second, right))
    case .less: return try isOrdered(first, left, second, right)
    case .greater: return try isOrdered(second, right, first, left)
    case .lessOrEqual: return !(try isOrdered(second, right, first, left))
    case .greaterOrEqual: return !(try isOrdered(first, left, second, right))
    }
  }

  /// Whether two values are the same; lists and maps are compared item by item by the same rule.
  private func same(
    _ first: Value, _ left: ExpressionNode, _ second: Value, _ right: ExpressionNode, as part: String = ""
  ) throws(EvaluationError) -> Bool {
    switch (first, second) {
    case (.bool(let first), .bool(let second)): return first == second
    case (.number(let first), .number(let second)): return first == second
    case (.text(let first), .text(let second)): return first == second
    case (.duration(let first), .duration(let second)): return first == second
    case (.list(let first), .list(let second)):
      guard first.count == second.count else { return false }
      var equal = true
      for (one, other) in zip(first, second) where !(try same(one, left, other, right, as: "an item of ")) {
        equal = false
      }
      return equal
    case (.map(let first), .map(let second)):
      guard Set(first.keys) == Set(second.keys) else { return false }
      var equal = true
      for (key, value) in first.sorted(by: { $0.key < $1.key })
      where !(try same(value, left, second[key] ?? .absent, right, as: "a member of ")) {
        equal = false
      }
      return equal
    default: throw mismatch(first, left, second, right, part)
    }
  }

  private func isOrdered(
    _ first: Value, _ left: ExpressionNode, _ second: Value, _ right: ExpressionNode
  ) throws(EvaluationError) -> Bool {
    switch (first, second) {
    case (.number(let first), .number(let second)): return first < second
    case (.duration(let first), .duration(let second)): return first < second
    case (.text, .text):
      throw error("'\(left.text)' and '\(right.text)' are text and have no order; compare number(…) or duration(…)")
    default:
      if first.kind == second.kind {
        throw error("'\(left.text)' and '\(right.text)' are each \(first.kind), which has no order")
      }
      throw mismatch(first, left, second, right, "")
    }
  }

  private func mismatch(
    _ first: Value, _ left: ExpressionNode, _ second: Value, _ right: ExpressionNode, _ part: String
  ) -> EvaluationError {
    let advice =
      switch (first, second) {
      case (.text, .bool(let flag)), (.bool(let flag), .text): "; to compare texts, write \"\(flag)\" in quotes"
      case (.text, .number), (.number, .text): "; convert one side with number() or text()"
      case (.text, .duration), (.duration, .text): "; convert one side with duration()"
      default: ""
      }
    return error(
      "cannot compare \(first.kind) with \(second.kind): "
        + "\(part)'\(left.text)' is \(first.kind) and \(part)'\(right.text)' is \(second.kind)\(advice)")
  }
}

// MARK: - Calculating

extension ExpressionNode {
  private func negated(_ value: Value, _ operand: ExpressionNode) throws(EvaluationError) -> Value {
    switch value {
    case .number(let number):
      guard let result = ExactDecimal(number)?.negated.number else { throw error("'\(text)' is out of range") }
      return .number(result)
    case .duration(let duration): return .duration(.zero - duration)
    default: throw error("'-' takes a number or a duration, but '\(operand.text)' is \(value.kind)")
    }
  }

  private func calculate(
    _ left: ExpressionNode, _ sign: Arithmetic, _ right: ExpressionNode, in scope: some Scope
  ) throws(EvaluationError) -> Value {
    let (first, second) = (try left.present(in: scope), try right.present(in: scope))
    do { return try sign.result(first, second) } catch {
      switch error {
      case .divisionByZero: throw self.error("'\(text)' divides by zero")
      case .outOfRange: throw self.error("'\(text)' goes beyond what can be calculated exactly")
      case .kinds:
        let advice =
          switch (first, second) {
          case (.text, _), (_, .text): "; convert with number() or text()"
          default: ""
          }
        throw self.error(
          "'\(sign.rawValue)' does not take \(first.kind) and \(second.kind): "
            + "'\(left.text)' is \(first.kind) and '\(right.text)' is \(second.kind)\(advice)")
      }
    }
  }
}

// MARK: - Functions

extension ExpressionNode {
  private func call(
    _ function: ExpressionFunction, _ arguments: [ExpressionNode], in scope: some Scope
  ) throws(EvaluationError) -> Value {
    if function == .default {
      let value = try arguments[0].evaluate(in: scope)
      return value.vacancy == nil ? value : try arguments[1].evaluate(in: scope)
    }
    var values: [Value] = []
    for argument in arguments { values.append(try argument.present(in: scope)) }
    do { return try function.call(values) } catch {
      throw self.error("\(function.rawValue)(): '\(arguments[error.argument].text)' \(error.reason)")
    }
  }
}

extension Value {
  fileprivate var vacancy: ExpressionNode.Vacancy? {
    switch self {
    case .absent: .absent
    case .null: .null
    default: nil
    }
  }
}
