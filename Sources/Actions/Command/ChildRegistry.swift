import CLinux
import Glibc
import Synchronization

/// Which children of this process somebody waits for, so that everything else can be put away when it ends.
///
/// We adopt the orphans of our children: that is how a whole tree can be found and ended. An orphan that has ended
/// keeps its place in the process table until we collect it; a child that we started is collected by the library
/// that started it, and must never be taken from it. Children belong to the process, so there is one registry.
final class ChildRegistry: Sendable {
  static let shared = ChildRegistry()

  private struct State {
    var isReady = false
    /// Spawns under way: a child may exist that is not in `direct` yet.
    var starting = 0
    /// Started by us, and collected by whoever started them.
    var direct: Set<pid_t> = []
    /// Those of them that did not run alone all the time.
    var accompanied: Set<pid_t> = []
    /// Ended children that nobody registered, and when they were first seen so.
    var seen: [pid_t: ContinuousClock.Instant] = [:]
  }

  /// How long an ended child of unknown origin is left to its owner, should it have one after all.
  private static let patience = Duration.seconds(2)
  private let state = Mutex(State())

  func willStart() {
    state.withLock { state in
      if !state.isReady {
        // Without it (a very old kernel), orphans go to init: they are still found by the mark they carry.
        _ = clinux_become_subreaper()
        state.isReady = true
      }
      state.starting += 1
    }
  }

  func didStart(_ child: pid_t) {
    state.withLock { state in
      state.starting -= 1
      state.direct.insert(child)
      if state.direct.count > 1 { state.accompanied.formUnion(state.direct) }
    }
  }

  func didNotStart() { state.withLock { $0.starting -= 1 } }

  /// Call it when the child has been collected, never before.
  func wasCollected(_ child: pid_t) {
    state.withLock { state in
      state.direct.remove(child)
      state.accompanied.remove(child)
    }
  }

  /// The orphans that came to us while nothing but this child ran: whatever became of their environment and their
  /// session, they can be nobody else's. Empty where there was company, since nobody can tell then.
  func orphans(of child: ProcessEntry) -> Set<pid_t> {
    let isAlone = state.withLock { state in
      state.starting == 0 && state.direct.contains(child.id) && !state.accompanied.contains(child.id)
    }
    guard isAlone else { return [] }
    return Set(adopted().filter { $0.start >= child.start }.map(\.id))
  }

  /// Our adopted children that are still alive.
  func adopted() -> [ProcessEntry] {
    state.withLock { state in
      guard state.starting == 0 else { return [] }
      let own = getpid()
      return ProcessTable.ownChildren().filter { !state.direct.contains($0) }
        .compactMap(ProcessTable.entry).filter { $0.isAlive && $0.parent == own }
    }
  }

  /// Collects orphans that have ended: those of a session of ours or among `ended` at once, others when they have been
  /// waiting for a while. Never touches a child that somebody waits for.
  func reapOrphans(ofSession session: pid_t? = nil, ended: Set<pid_t> = []) {
    state.withLock { state in
      guard state.starting == 0 else { return }
      let own = getpid()
      let now = ContinuousClock.now
      var seen: [pid_t: ContinuousClock.Instant] = [:]
      for id in ProcessTable.ownChildren() where !state.direct.contains(id) {
        guard let entry = ProcessTable.entry(of: id), entry.parent == own, !entry.isAlive else { continue }
        let first = state.seen[id] ?? now
        if entry.session == session || ended.contains(id) || now - first >= Self.patience {
          waitpid(id, nil, WNOHANG)
        } else {
          seen[id] = first
        }
      }
      state.seen = seen
    }
  }
}
