/// How values lie. An average says little about times that are now and then very long, so it never stands alone.
public struct Spread: Sendable, Hashable {
  /// How many values; never 0.
  public let count: Int
  public let minimum: Int64
  /// The one in the middle; of an even number of values, half-way between the two in the middle, rounded down.
  public let median: Int64
  /// The 90th percentile by nearest rank: the smallest of the values that at least nine in ten do not exceed. Always one
  /// that really occurred; of fewer than ten values, the largest.
  public let p90: Int64
  /// The arithmetic mean, rounded to the nearest whole.
  public let mean: Int64
  public let maximum: Int64

  /// `nil` without values.
  public init?(_ values: some Sequence<Int64>) {
    let sorted = values.sorted()
    guard let first = sorted.first, let last = sorted.last else { return nil }
    let middle = sorted.count / 2
    count = sorted.count
    (minimum, maximum) = (first, last)
    median =
      sorted.count.isMultiple(of: 2)
      ? sorted[middle - 1] + (sorted[middle] - sorted[middle - 1]) / 2 : sorted[middle]
    p90 = sorted[(sorted.count * 9 + 9) / 10 - 1]
    mean = Int64((sorted.reduce(0.0) { $0 + Double($1) } / Double(sorted.count)).rounded())
  }
}
