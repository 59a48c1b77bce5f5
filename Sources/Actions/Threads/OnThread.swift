internal import Glibc

/// Runs `body`, which may block, on a thread of its own, so that it never holds up Swift's cooperative pool.
///
/// If no thread can be made, `body` runs where the caller stands: slow is better than not at all.
func onThread<T: Sendable>(_ body: @escaping @Sendable () -> T) async -> T {
  await withCheckedContinuation { continuation in
    let work = { @Sendable in continuation.resume(returning: body()) }
    if !startThread(work) { work() }
  }
}

/// The same for work that can be called off: `body` is handed a signal that is given when the task is cancelled.
func onThread<T: Sendable>(_ body: @escaping @Sendable (WakeUp) -> T) async -> T {
  let calledOff = WakeUp()
  return await withTaskCancellationHandler {
    await onThread { body(calledOff) }
  } onCancel: {
    calledOff.give()
  }
}

/// Starts `body` on a new detached thread. False if the system has no thread left to give.
func startThread(_ body: @escaping @Sendable () -> Void) -> Bool {
  let job = Unmanaged.passRetained(ThreadJob(body: body))
  var thread: pthread_t = 0
  let start: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { context in
    if let context { Unmanaged<ThreadJob>.fromOpaque(context).takeRetainedValue().body() }
    return nil
  }
  let status = pthread_create(&thread, nil, start, job.toOpaque())
  if status == 0 { pthread_detach(thread) } else { job.release() }
  return status == 0
}

private final class ThreadJob: Sendable {
  let body: @Sendable () -> Void

  init(body: @escaping @Sendable () -> Void) { self.body = body }
}
