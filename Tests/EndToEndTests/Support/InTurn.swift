import TestSupport
import Testing

/// Lets a few tests run at a time: each starts several programs, and a crowded machine proves nothing.
struct InTurn: SuiteTrait, TestTrait, TestScoping {
  let isRecursive = true

  func provideScope(for test: Test, testCase: Test.Case?, performing body: @Sendable () async throws -> Void)
    async throws
  {
    await Turnstile.shared.enter()
    do { try await body() } catch {
      await Turnstile.shared.leave()
      throw error
    }
    await Turnstile.shared.leave()
  }
}

extension Trait where Self == InTurn {
  static var inTurn: Self { InTurn() }
}

private actor Turnstile {
  static let shared = Turnstile(4)

  private var free: Int
  private var queue: [CheckedContinuation<Void, Never>] = []

  init(_ places: Int) { free = places }

  func enter() async {
    if free > 0 { free -= 1 } else { await withCheckedContinuation { queue.append($0) } }
  }

  func leave() {
    if queue.isEmpty { free += 1 } else { queue.removeFirst().resume() }
  }
}

extension Trait where Self == ConditionTrait {
  static var needsDatabase: Self { .enabled(if: ScratchDatabase.isThere, Comment(rawValue: ScratchDatabase.absence)) }
  static var needsChain: Self { .enabled(if: Chain.isThere, Comment(rawValue: Chain.absence)) }
  static var needsPython: Self { .enabled(if: Repository.python != nil, Comment(rawValue: Chain.absence)) }
}
