import Foundation
import TestSupport

/// How often something is to be tried.
enum Tries {
  /// For work on the tests themselves: `ANDON_TORTURE=2%` is so much of the quick tier.
  private static let share = ProcessInfo.processInfo.environment["ANDON_TORTURE"]
    .flatMap { $0.hasSuffix("%") ? Int($0.dropLast()) : nil }

  /// False where too little is tried to ask for a figure.
  static var areMany: Bool { share == nil }

  /// As the tier says.
  static func of(quick: Int, long: Int) -> Int {
    share.map { max(quick * $0 / 100, 1) } ?? Figures.tries(quick: quick, long: long)
  }
}
