/// Characters that one place of a pattern takes.
struct ScalarSet: Sendable {
  private let ranges: [ClosedRange<UInt32>]
  private let negated: Bool
  private let ignoresCase: Bool

  init(_ ranges: [ClosedRange<UInt32>], negated: Bool, ignoresCase: Bool) {
    self.ranges = ranges
    self.negated = negated
    self.ignoresCase = ignoresCase
  }

  func contains(_ scalar: Unicode.Scalar) -> Bool {
    var found = holds(scalar.value)
    if ignoresCase, !found {
      found =
        Self.only(scalar.properties.lowercaseMapping).map(holds) == true
        || Self.only(scalar.properties.uppercaseMapping).map(holds) == true
    }
    return found != negated
  }

  private func holds(_ value: UInt32) -> Bool { ranges.contains { $0.contains(value) } }

  private static func only(_ text: String) -> UInt32? {
    text.unicodeScalars.count == 1 ? text.unicodeScalars.first?.value : nil
  }

  static let digits: [ClosedRange<UInt32>] = [0x30...0x39]
  static let wordParts: [ClosedRange<UInt32>] = [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A]
  static let spaces: [ClosedRange<UInt32>] = [0x09...0x0D, 0x20...0x20]
  static let lineEnds: [ClosedRange<UInt32>] = [0x0A...0x0D, 0x85...0x85, 0x2028...0x2029]

  /// Everything outside of `ranges`, which ascend and do not touch.
  static func complement(of ranges: [ClosedRange<UInt32>]) -> [ClosedRange<UInt32>] {
    var gaps: [ClosedRange<UInt32>] = []
    var next: UInt32 = 0
    for range in ranges {
      if range.lowerBound > next { gaps.append(next...(range.lowerBound - 1)) }
      next = range.upperBound + 1
    }
    return gaps + [next...0x10FFFF]
  }

  static func isWordPart(_ scalar: Unicode.Scalar?) -> Bool {
    guard let scalar else { return false }
    return wordParts.contains { $0.contains(scalar.value) }
  }
}
