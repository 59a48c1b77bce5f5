import Engine
import Testing

@Suite("How values lie")
struct SpreadTests {
  struct Known: Sendable {
    let values: [Int64]
    let median: Int64
    let p90: Int64
    let mean: Int64
  }

  /// Worked out by hand. p90 is the value at the place ⌈0.9 n⌉ of the sorted ones.
  static let known = [
    Known(values: [7], median: 7, p90: 7, mean: 7),
    Known(values: [4, 1], median: 2, p90: 4, mean: 3),
    Known(values: [9, 1, 5], median: 5, p90: 9, mean: 5),
    Known(values: [40, 10, 30, 20], median: 25, p90: 40, mean: 25),
    Known(values: [9, 8, 7, 6, 5, 4, 3, 2, 1], median: 5, p90: 9, mean: 5),
    Known(values: [10, 9, 8, 7, 6, 5, 4, 3, 2, 1], median: 5, p90: 9, mean: 6),
    Known(values: [11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1], median: 6, p90: 10, mean: 6),
    Known(values: [0, 0, 0, 0, 1000], median: 0, p90: 1000, mean: 200),
    Known(values: Array(1...100), median: 50, p90: 90, mean: 51),
    Known(values: Array(1...101), median: 51, p90: 91, mean: 51),
  ]

  @Test("median, p90 and mean are those worked out by hand, in whatever order the values come", arguments: known)
  func figures(_ known: Known) throws {
    for values in [known.values, known.values.reversed(), known.values.sorted()] {
      let spread = try #require(Spread(values))
      #expect(spread.count == known.values.count)
      #expect(spread.median == known.median)
      #expect(spread.p90 == known.p90)
      #expect(spread.mean == known.mean)
      #expect(spread.minimum == known.values.min() && spread.maximum == known.values.max())
    }
  }

  @Test("of nothing there is nothing to say, and large values do not overflow")
  func edges() throws {
    #expect(Spread([]) == nil)
    let huge = try #require(Spread([Int64.max / 2, Int64.max / 2, Int64.max / 2]))
    #expect(huge.median == Int64.max / 2 && huge.p90 == Int64.max / 2)
  }
}
