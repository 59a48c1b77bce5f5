internal import IncidentModel

extension ExpressionNode.Arithmetic {
  /// Why there is no result, to be completed with the expression.
  enum Failure: Error {
    case divisionByZero
    /// Beyond 38 digits, or beyond the range of durations.
    case outOfRange
    case kinds
  }

  /// About 31,700 years; any duration up to here can be written down and read back.
  private static let longestDuration: Int64 = 1_000_000_000_000_000 - 1

  func result(_ left: Value, _ right: Value) throws(Failure) -> Value {
    switch (self, left, right) {
    case (_, .number(let left), .number(let right)):
      return .number(try Self.number(calculate(ExactDecimal(left), ExactDecimal(right))))
    case (.add, .text(let left), .text(let right)):
      return .text(left + right)
    case (.add, .duration(let left), .duration(let right)), (.subtract, .duration(let left), .duration(let right)):
      return .duration(try Self.duration(calculate(Self.milliseconds(left), Self.milliseconds(right))))
    case (.divide, .duration(let left), .duration(let right)):
      return .number(try Self.number(calculate(Self.milliseconds(left), Self.milliseconds(right))))
    case (.multiply, .duration(let duration), .number(let factor)),
      (.multiply, .number(let factor), .duration(let duration)),
      (.divide, .duration(let duration), .number(let factor)):
      return .duration(try Self.duration(calculate(Self.milliseconds(duration), ExactDecimal(factor))))
    default:
      throw .kinds
    }
  }

  private func calculate(_ left: ExactDecimal?, _ right: ExactDecimal?) throws(Failure) -> ExactDecimal? {
    guard let left, let right else { throw .outOfRange }
    switch self {
    case .add: return left.adding(right)
    case .subtract: return left.subtracting(right)
    case .multiply: return left.multiplied(by: right)
    case .divide where right.isZero, .remainder where right.isZero: throw .divisionByZero
    case .divide: return left.divided(by: right)
    case .remainder: return left.remainder(dividingBy: right)
    }
  }

  private static func number(_ result: ExactDecimal?) throws(Failure) -> Number {
    guard let number = result?.number else { throw .outOfRange }
    return number
  }

  /// Rounded towards zero to a whole millisecond.
  private static func duration(_ milliseconds: ExactDecimal?) throws(Failure) -> Duration {
    guard let count = milliseconds?.wholePart, count.magnitude <= longestDuration.magnitude else { throw .outOfRange }
    return .milliseconds(count)
  }

  private static func milliseconds(_ duration: Duration) -> ExactDecimal? { ExactDecimal(duration.wholeMilliseconds) }
}
