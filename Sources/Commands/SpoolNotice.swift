internal import Console
import Synchronization

/// Says once in the life of a command that spools wait: one may open the journal more than once.
final class SpoolNotice: Sendable {
  private let isSaid = Mutex(false)

  func mention(_ waiting: [String], on screen: Screen) {
    if waiting.isEmpty
      || isSaid.withLock({ said in
        defer { said = true }
        return said
      })
    {
      return
    }
    let what = waiting.count == 1 ? "a spool waits" : "\(waiting.count) spools wait"
    screen.warn("\(what) to be brought into the journal: andon journal import-spool")
  }
}
