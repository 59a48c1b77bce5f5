import Foundation

/// Numbers that look random and can be had again (SplitMix64): `ANDON_TORTURE_SEED=NUMBER` repeats what a failing test
/// has printed.
struct Chance: RandomNumberGenerator {
  let seed: UInt64
  private var state: UInt64

  init(seed: UInt64) { (self.seed, state) = (seed, seed) }

  /// A new one each time, or the one that was asked for.
  static var given: Chance {
    let asked = ProcessInfo.processInfo.environment["ANDON_TORTURE_SEED"].flatMap { UInt64($0) }
    return Chance(seed: asked ?? UInt64.random(in: 1...999_999_999))
  }

  /// Another sequence for each lane of one test, from the same seed.
  func lane(_ number: Int) -> Chance { Chance(seed: seed &+ UInt64(number) &* 1_000_003) }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func milliseconds(_ range: ClosedRange<Int>) -> Duration {
    .milliseconds(Int.random(in: range, using: &self))
  }

  mutating func happens(_ share: Double) -> Bool { Double.random(in: 0..<1, using: &self) < share }
}
