internal import Foundation

/// Where a time stands between the shortest and the longest one shown. Times that differ by much are laid out by their
/// logarithm, so that the short ones do not all fall on one spot.
struct DotScale: Sendable, Hashable {
  let low: Double
  let high: Double
  let isLogarithmic: Bool

  /// From so many times the shortest on, the longest would push everything else together.
  private static let widest = 20.0

  /// - Parameter values: everything that is shown side by side, in milliseconds, none of them negative. `nil` without any.
  init?(_ values: [Int64]) {
    guard let least = values.min(), let most = values.max() else { return nil }
    high = Double(max(most, 1))
    // What takes less than a second is as good as a second: a logarithm has no zero.
    let floor = max(Double(least), min(1000, high))
    isLogarithmic = high / floor > Self.widest
    low = isLogarithmic ? floor : 0
  }

  /// 0 at the left end, 1 at the right one.
  func place(_ value: Int64) -> Double {
    let value = min(max(Double(value), low), high)
    return isLogarithmic ? log(value / low) / log(high / low) : value / high
  }
}

/// Values as dots on one line of plain characters: `.` one, `:` two, `*` three or more on the same spot.
struct DotStrip {
  let scale: DotScale

  func text(_ values: [Int64], width: Int) -> String {
    var counts = Array(repeating: 0, count: max(1, width))
    for value in values { counts[min(counts.count - 1, Int(scale.place(value) * Double(counts.count)))] += 1 }
    return String(counts.map { $0 == 0 ? " " : $0 == 1 ? "." : $0 == 2 ? ":" : "*" })
  }

  static let legend = ". one incident, : two, * more"
}

/// A share as a bar of plain characters: `[###-------]`.
enum ShareBar {
  /// - Parameter share: 0 to 1. Anything above nothing shows at least one mark, anything below all of it leaves one out.
  static func text(_ part: Int, of whole: Int, width: Int = 10) -> String {
    guard whole > 0 else { return "[\(String(repeating: " ", count: width))]" }
    var filled = part * width / whole
    if part > 0 { filled = max(1, filled) }
    if part < whole { filled = min(width - 1, filled) }
    return "[" + String(repeating: "#", count: filled) + String(repeating: "-", count: width - filled) + "]"
  }
}

/// The last times of something, the newest at the right, as columns of three heights: `_`, `-`, `^`.
enum SparkLine {
  static let longest = 10

  static func text(_ values: [Int64]) -> String {
    let shown = values.suffix(longest)
    guard let least = shown.min(), let most = shown.max() else { return "" }
    if least == most { return String(repeating: "-", count: shown.count) }
    return String(
      shown.map { value in
        let third = (value - least) * 3 / (most - least + 1)
        return third == 0 ? "_" : third == 1 ? "-" : "^"
      })
  }
}
