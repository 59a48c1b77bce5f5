import Glibc
import Synchronization

/// Reads whole lines from the terminal, on a thread of its own so that a waiting prompt blocks nothing else.
public struct Keyboard: Sendable {
  public init() {}

  /// The next line without its line break; `nil` at end of input, or when the task is cancelled.
  public func line() async -> String? {
    let request = LineRequest()
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        request.begin(continuation)
        var thread = pthread_t()
        let started = pthread_create(
          &thread, nil,
          { pointer in
            guard let pointer else { return nil }
            let request = Unmanaged<LineRequest>.fromOpaque(pointer).takeRetainedValue()
            request.end(readLine(strippingNewline: true))
            return nil
          }, Unmanaged.passRetained(request).toOpaque())
        if started == 0 { pthread_detach(thread) } else { request.end(nil) }
      }
    } onCancel: {
      // The thread stays in its read; the process is about to leave.
      request.end(nil)
    }
  }
}

/// Answers once, whoever comes first: the keyboard or the cancellation.
private final class LineRequest: Sendable {
  private enum State: Sendable {
    case idle
    case waiting(CheckedContinuation<String?, Never>)
    case over
  }

  private let state = Mutex(State.idle)

  func begin(_ continuation: CheckedContinuation<String?, Never>) {
    let isOver = state.withLock { state in
      if case .over = state { return true }
      state = .waiting(continuation)
      return false
    }
    if isOver { continuation.resume(returning: nil) }
  }

  func end(_ line: String?) {
    let waiting = state.withLock { state -> CheckedContinuation<String?, Never>? in
      defer { state = .over }
      if case .waiting(let continuation) = state { return continuation }
      return nil
    }
    waiting?.resume(returning: line)
  }
}
