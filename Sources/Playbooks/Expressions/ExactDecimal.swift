internal import Foundation
internal import IncidentModel

/// A decimal number as sign, digits and power of ten, for calculating.
///
/// Foundation's own operators trap near the ends of their range and round without saying so. Here every result but a
/// quotient is exact, or it is no result at all.
struct ExactDecimal {
  /// At most 38 digits, and no zero at the end.
  private var digits: UInt128
  private var exponent: Int
  private var isNegative: Bool

  private static let powersOfTen: [UInt128] = (0..<38).reduce(into: [1]) { powers, _ in
    powers.append((powers.last ?? 1) * 10)
  }
  private static let maximumDigits = 38

  /// `nil` beyond 38 digits.
  private init?(_ digits: UInt128, exponent: Int, isNegative: Bool) {
    var (digits, exponent) = (digits, exponent)
    while digits != 0, digits.isMultiple(of: 10) {
      digits /= 10
      exponent += 1
    }
    guard digits < Self.powersOfTen[Self.maximumDigits] else { return nil }
    self.digits = digits
    self.exponent = digits == 0 ? 0 : exponent
    self.isNegative = digits != 0 && isNegative
  }

  init?(_ integer: Int64) {
    self.init(UInt128(integer.magnitude), exponent: 0, isNegative: integer < 0)
  }

  init?(_ number: Number) {
    // Plain digits with an optional sign and an optional point.
    var text = Substring(number.decimal.description)
    let isNegative = text.first == "-"
    if isNegative { text.removeFirst() }
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard let whole = parts.first else { return nil }
    let fraction = parts.count > 1 ? parts[1] : ""
    let significant = (whole + fraction).drop { $0 == "0" }
    let trailing = significant.reversed().prefix { $0 == "0" }.count
    guard let digits = UInt128(significant.dropLast(trailing).isEmpty ? "0" : significant.dropLast(trailing))
    else { return nil }
    self.init(digits, exponent: trailing - fraction.count, isNegative: isNegative)
  }

  /// `nil` beyond the range of numbers.
  var number: Number? {
    let text = String(digits)
    let sign = isNegative ? "-" : ""
    if exponent >= 0, text.count + exponent <= Self.maximumDigits {
      return Number(sign + text + String(repeating: "0", count: exponent))
    }
    if exponent < 0, exponent >= -60 {
      let padded = String(repeating: "0", count: max(0, 1 - exponent - text.count)) + text
      return Number(sign + padded.dropLast(-exponent) + "." + padded.suffix(-exponent))
    }
    return Number("\(sign)\(text)e\(exponent)")
  }

  /// The whole part, if it fits.
  var wholePart: Int64? {
    var magnitude = digits
    if exponent < 0 {
      magnitude = -exponent > Self.maximumDigits ? 0 : digits / Self.powersOfTen[-exponent]
    } else if let scaled = Self.scaled(digits, by: exponent) {
      magnitude = scaled
    } else {
      return nil
    }
    return Int64(exactly: magnitude).map { isNegative ? -$0 : $0 }
  }

  var isZero: Bool { digits == 0 }

  var negated: ExactDecimal {
    var result = self
    result.isNegative = !isNegative && !isZero
    return result
  }

  private static func scaled(_ digits: UInt128, by power: Int) -> UInt128? {
    if digits == 0 { return 0 }
    guard power < powersOfTen.count else { return nil }
    let (product, overflow) = digits.multipliedReportingOverflow(by: powersOfTen[power])
    return overflow ? nil : product
  }
}

extension ExactDecimal {
  func adding(_ other: ExactDecimal) -> ExactDecimal? {
    if isZero { return other }
    if other.isZero { return self }
    let common = min(exponent, other.exponent)
    guard let mine = Self.scaled(digits, by: exponent - common),
      let theirs = Self.scaled(other.digits, by: other.exponent - common)
    else { return nil }
    if isNegative != other.isNegative {
      return mine >= theirs
        ? ExactDecimal(mine - theirs, exponent: common, isNegative: isNegative)
        : ExactDecimal(theirs - mine, exponent: common, isNegative: other.isNegative)
    }
    let (sum, overflow) = mine.addingReportingOverflow(theirs)
    return overflow ? nil : ExactDecimal(sum, exponent: common, isNegative: isNegative)
  }

  func subtracting(_ other: ExactDecimal) -> ExactDecimal? { adding(other.negated) }

  func multiplied(by other: ExactDecimal) -> ExactDecimal? {
    let (product, overflow) = digits.multipliedReportingOverflow(by: other.digits)
    guard !overflow else { return nil }
    return ExactDecimal(product, exponent: exponent + other.exponent, isNegative: isNegative != other.isNegative)
  }

  /// Exact if it ends within 38 digits, else rounded to 38, halves away from zero. `divisor` is not zero.
  func divided(by divisor: ExactDecimal) -> ExactDecimal? {
    guard !divisor.isZero else { return nil }
    var (quotient, rest) = digits.quotientAndRemainder(dividingBy: divisor.digits)
    var power = exponent - divisor.exponent
    while rest != 0, quotient < Self.powersOfTen[Self.maximumDigits - 1] {
      let (digit, remainder) = Self.tenfold(rest, dividedBy: divisor.digits)
      quotient = quotient * 10 + digit
      rest = remainder
      power -= 1
    }
    if rest >= divisor.digits - rest { quotient += 1 }
    return ExactDecimal(quotient, exponent: power, isNegative: isNegative != divisor.isNegative)
  }

  /// What is left of a division without fractions; it has the sign of the dividend. `divisor` is not zero.
  func remainder(dividingBy divisor: ExactDecimal) -> ExactDecimal? {
    guard !divisor.isZero else { return nil }
    if exponent < divisor.exponent {
      guard let scaled = Self.scaled(divisor.digits, by: divisor.exponent - exponent) else { return self }
      return ExactDecimal(digits % scaled, exponent: exponent, isNegative: isNegative)
    }
    var rest = digits % divisor.digits
    for _ in 0..<(exponent - divisor.exponent) where rest != 0 {
      rest = Self.tenfold(rest, dividedBy: divisor.digits).remainder
    }
    return ExactDecimal(rest, exponent: divisor.exponent, isNegative: isNegative)
  }

  /// `number` is below `divisor`, so the quotient is one digit.
  private static func tenfold(
    _ number: UInt128, dividedBy divisor: UInt128
  ) -> (quotient: UInt128, remainder: UInt128) {
    let product = number.multipliedFullWidth(by: 10)
    let (quotient, remainder) = divisor.dividingFullWidth((product.high, product.low))
    return (quotient, remainder)
  }
}
