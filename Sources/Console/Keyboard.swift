import Glibc
import Synchronization

/// Reads whole lines from the terminal, on a thread of its own so that a waiting prompt blocks nothing else.
public struct Keyboard: Sendable {
  public init() {}

  /// The next line without its line break; `nil` at end of input.
  public func line() async -> String? {
    await withCheckedContinuation { continuation in
      let box = LineRequest(continuation)
      var thread = pthread_t()
      let started = pthread_create(
        &thread, nil,
        { pointer in
          if let pointer { Unmanaged<LineRequest>.fromOpaque(pointer).takeRetainedValue().answer() }
          return nil
        }, Unmanaged.passRetained(box).toOpaque())
      if started == 0 { pthread_detach(thread) } else { continuation.resume(returning: nil) }
    }
  }
}

private final class LineRequest: Sendable {
  private let continuation: CheckedContinuation<String?, Never>

  init(_ continuation: CheckedContinuation<String?, Never>) { self.continuation = continuation }

  func answer() { continuation.resume(returning: readLine(strippingNewline: true)) }
}
