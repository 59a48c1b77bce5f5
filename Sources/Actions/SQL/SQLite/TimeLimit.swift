internal import GRDB
internal import IncidentModel

/// Interrupts a database whose statement runs for too long or is called off.
struct TimeLimit {
  private let patience: Patience

  init(_ patience: Patience) { self.patience = patience }

  /// Runs `body`; it is interrupted again and again from the limit on, since an interruption between two statements
  /// would be lost.
  func interrupting<T>(_ database: DatabaseQueue, _ body: () throws -> T) throws -> T {
    let done = WakeUp()
    defer { done.give() }
    let patience = patience
    _ = SpareThread.run {
      // Either the work is done first, or this throws.
      if (try? patience.wait(for: done.descriptor)) != nil { return }
      let untilDone = Patience(.seconds(3600), calledOff: done)
      repeat { database.interrupt() } while (try? untilDone.pause(for: .milliseconds(20))) != nil
    }
    return try body()
  }
}
