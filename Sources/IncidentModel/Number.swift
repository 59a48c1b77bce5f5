public import Foundation

/// An exact decimal number that keeps the form it was written in: `70.10` stays `70.10`.
///
/// Range: 38 significant digits, as `numeric(38, …)`. Two numbers are equal when their values are.
public struct Number: Sendable, Hashable, Comparable, LosslessStringConvertible {
  public let decimal: Decimal
  public let description: String

  public init(_ integer: Int) {
    decimal = Decimal(integer)
    description = String(integer)
  }

  public init(_ decimal: Decimal) {
    self.decimal = decimal
    description = decimal.description
  }

  /// Reads a JSON number. `nil` for any other text, and for more digits than can be kept exactly.
  public init?(_ description: String) {
    guard Number.isJSONNumber(description), let decimal = Decimal(string: description, locale: nil), decimal.isFinite,
      Number.significantDigits(of: description) <= 38
    else { return nil }
    self.decimal = decimal
    self.description = description
  }

  /// The value as an `Int`, if it is whole and fits.
  public var integer: Int? { Int(decimal.description) }

  public static func == (left: Number, right: Number) -> Bool { left.decimal == right.decimal }
  public static func < (left: Number, right: Number) -> Bool { left.decimal < right.decimal }
  public func hash(into hasher: inout Hasher) { hasher.combine(decimal) }

  private static func significantDigits(of text: String) -> Int {
    let mantissa = text.prefix { $0 != "e" && $0 != "E" }.filter(\.isNumber)
    return mantissa.drop { $0 == "0" }.count
  }

  /// The grammar of RFC 8259, section 6.
  private static func isJSONNumber(_ text: String) -> Bool {
    var rest = Substring(text)
    func digits() -> Int {
      let run = rest.prefix { $0.isASCII && $0.isNumber }
      rest = rest.dropFirst(run.count)
      return run.count
    }
    if rest.first == "-" { rest = rest.dropFirst() }
    let leadingZero = rest.first == "0"
    let whole = digits()
    guard whole > 0, !(leadingZero && whole > 1) else { return false }
    if rest.first == "." {
      rest = rest.dropFirst()
      guard digits() > 0 else { return false }
    }
    if rest.first == "e" || rest.first == "E" {
      rest = rest.dropFirst()
      if rest.first == "+" || rest.first == "-" { rest = rest.dropFirst() }
      guard digits() > 0 else { return false }
    }
    return rest.isEmpty
  }
}
