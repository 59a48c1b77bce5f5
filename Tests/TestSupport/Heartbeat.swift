internal import Foundation
internal import Synchronization

/// How much time this machine did not give us: a thread that wants to wake up every 10 milliseconds, and notes by how
/// much it was late. A test of a time limit must not fail because others keep the processors busy.
public final class Heartbeat: Sendable {
  public static let shared = Heartbeat()

  private static let beat = Duration.milliseconds(10)
  private let delays = Mutex<[(at: ContinuousClock.Instant, by: Duration)]>([])

  private init() {
    Thread.detachNewThread { [self] in
      var last = ContinuousClock.now
      while true {
        usleep(10_000)
        let now = ContinuousClock.now
        let late = now - last - Self.beat
        if late > .milliseconds(5) { delays.withLock { $0.append((now, late)) } }
        last = now
      }
    }
  }

  /// How late the machine was in all since that moment.
  public func lateness(since moment: ContinuousClock.Instant) -> Duration {
    delays.withLock { delays in delays.reversed().prefix { $0.at >= moment }.reduce(.zero) { $0 + $1.by } }
  }

  /// Does something, and says by how much it took longer than `limit`, without what the machine took for others.
  public func overrun<Result>(
    of limit: Duration, _ body: () async throws -> Result
  ) async rethrows -> (Result, overrun: Duration) {
    let start = ContinuousClock.now
    let result = try await body()
    return (result, overrun(of: limit, since: start))
  }

  public func overrun(of limit: Duration, since start: ContinuousClock.Instant) -> Duration {
    ContinuousClock.now - start - limit - lateness(since: start)
  }
}
