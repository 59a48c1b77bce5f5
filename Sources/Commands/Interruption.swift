internal import Actions
internal import Console
internal import Dispatch
internal import Execution
internal import IncidentModel
import Synchronization

#if canImport(Glibc)
  internal import Glibc
#endif

/// Ctrl-C, a polite kill, or the limit of the whole run.
///
/// In a guided walk the first Ctrl-C calls off the step that runs, and the person is asked how to go on. Everywhere
/// else it stops the run before its next step and leaves it open. The second one does not wait for anything to end by
/// itself.
final class Interruption: Sendable {
  private let cause = Mutex<Ending?>(nil)

  var exitCode: Ending? { cause.withLock { $0 } }

  /// - Parameter stepwise: whether the first Ctrl-C is for the step alone.
  func watch(
    _ task: Task<RunResult, any Error>, _ workplace: Workplace, on signals: [Int32], after limit: Duration?,
    screen: Screen, stepwise: Bool
  ) -> Watch {
    var sources: [any DispatchSourceSignal] = []
    for number in signals {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { [self] in
        interrupt(by: number, task, workplace, screen, stepwise: stepwise && number == SIGINT)
      }
      // Until a source listens, the signal is lost; a question must not stand there before.
      let listens = DispatchSemaphore(value: 0)
      source.setRegistrationHandler { listens.signal() }
      source.resume()
      _ = listens.wait(timeout: .now() + 1)
      sources.append(source)
    }
    let timer = limit.map { limit in
      Task { [self] in
        try await Task.sleep(for: limit)
        note(Ending(.timedOut))
        screen.warn("the run's limit of \(limit.playbookText) is over; it stays open")
        task.cancel()
      }
    }
    return Watch(sources: sources, timer: timer)
  }

  private func interrupt(
    by number: Int32, _ task: Task<RunResult, any Error>, _ workplace: Workplace, _ screen: Screen, stepwise: Bool
  ) {
    let control = workplace.control
    if stepwise, control.isStepRunning, !control.isStopping {
      screen.warn("\nstopping this step; what came of it is asked next. Ctrl-C again ends it at once and leaves")
      return control.stopSteps()
    }
    if exitCode != nil || control.isStopping {
      screen.warn("\nending it at once; the run stays open, and what was running is unknown until andon resume asks")
      workplace.equipment.performer.hurry()
    } else {
      let what = control.isStepRunning ? "stopping what runs" : "leaving"
      screen.warn("\n\(what); the run stays open. Ctrl-C again ends it at once")
    }
    note(Ending(signal: number))
    task.cancel()
  }

  private func note(_ ending: Ending) { cause.withLock { $0 = $0 ?? ending } }

  struct Watch {
    let sources: [any DispatchSourceSignal]
    let timer: Task<Void, any Error>?

    func cancel() {
      timer?.cancel()
      for source in sources { source.cancel() }
    }
  }
}
