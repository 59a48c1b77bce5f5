import Foundation
import TestSupport
import Testing

/// Lets a few tests run at a time: each starts several programs, and a crowded machine proves nothing. What the log says
/// of their time has the waiting in it; with `ANDON_TEST_TIMES=1` each prints its own.
struct InTurn: SuiteTrait, TestTrait, TestScoping {
  /// How many of the places it takes.
  let places: Int
  let isRecursive = true
  private static let tellsTime = ProcessInfo.processInfo.environment["ANDON_TEST_TIMES"] == "1"

  func provideScope(for test: Test, testCase: Test.Case?, performing body: @Sendable () async throws -> Void)
    async throws
  {
    await Turnstile.shared.enter(places)
    let begin = ContinuousClock.now
    defer {
      if Self.tellsTime { print("took \(Int((ContinuousClock.now - begin) / .milliseconds(1))) ms: \(test.id)") }
    }
    do { try await body() } catch {
      await Turnstile.shared.leave(places)
      throw error
    }
    await Turnstile.shared.leave(places)
  }
}

extension Trait where Self == InTurn {
  static var inTurn: Self { InTurn(places: 1) }
  /// For suites that measure how long something takes: while one of their tests runs, no other does.
  static var alone: Self { InTurn(places: Turnstile.places) }
}

private actor Turnstile {
  static let places = 5
  static let shared = Turnstile()

  private var free = places
  private var queue: [(places: Int, go: CheckedContinuation<Void, Never>)] = []

  func enter(_ places: Int) async {
    if free >= places, places < Self.places || queue.isEmpty {
      free -= places
    } else {
      await withCheckedContinuation { queue.append((places, $0)) }
    }
  }

  /// First come, first served, but for those who want the machine to themselves: they come when nobody else waits. To
  /// empty it for each of them in between takes longer than they do.
  func leave(_ places: Int) {
    free += places
    while let next = queue.firstIndex(where: { $0.places <= free }) {
      free -= queue[next].places
      queue.remove(at: next).go.resume()
    }
  }
}

extension Trait where Self == ConditionTrait {
  static var needsDatabase: Self { .enabled(if: ScratchDatabase.isThere, Comment(rawValue: ScratchDatabase.absence)) }
  static var needsChain: Self { .enabled(if: Chain.isThere, Comment(rawValue: Chain.absence)) }
  static var needsPython: Self { .enabled(if: Repository.python != nil, Comment(rawValue: Chain.absence)) }
}
