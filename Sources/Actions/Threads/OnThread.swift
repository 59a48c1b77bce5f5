internal import IncidentModel

/// Runs `body`, which may block, on a thread of its own, so that it never holds up Swift's cooperative pool.
///
/// If no thread can be made, `body` runs where the caller stands: slow is better than not at all.
func onThread<T: Sendable>(_ body: @escaping @Sendable () -> T) async -> T {
  await withCheckedContinuation { continuation in
    let work = { @Sendable in continuation.resume(returning: body()) }
    if !SpareThread.run(work) { work() }
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
