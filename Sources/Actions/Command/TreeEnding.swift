import Glibc

/// Ends a family of processes: politely first, then for certain. Blocks; run it on a thread of its own.
struct TreeEnding {
  /// What came of it.
  struct Report: Sendable {
    /// Every process that was asked or made to end.
    var ended: Set<pid_t> = []
    /// Those that were alive when we began, by name, the first process left out.
    var others: [String] = []
    /// Those that would not go.
    var survivors: [ProcessEntry] = []
  }

  /// How long the processes have to end by themselves.
  let grace: Duration
  /// How long the certain way may take before the rest are called survivors.
  let certain = Duration.seconds(1)

  func end(_ family: inout ProcessFamily, root: pid_t?) -> Report {
    var report = Report()
    let first = family.living()
    report.others = first.filter { $0.id != root }.map(\.name)
    ask(first)
    if !waitUntilGone(&family, until: .now + grace) { report.survivors = kill(&family, until: .now + certain) }
    report.ended = family.everSeen
    ChildRegistry.shared.reapOrphans(ofSession: root, ended: report.ended)
    return report
  }

  /// A stopped process sees no signal but this pair.
  private func ask(_ members: [ProcessEntry]) {
    for member in members {
      signal(member, SIGTERM)
      signal(member, SIGCONT)
    }
  }

  private func waitUntilGone(_ family: inout ProcessFamily, until end: ContinuousClock.Instant) -> Bool {
    var pause = UInt32(2_000)
    while true {
      if family.living().isEmpty { return true }
      if ContinuousClock.now >= end || Impatience.shared.isSet { return false }
      usleep(pause)
      pause = min(pause * 2, 50_000)
    }
  }

  /// Sweeps until two looks in a row find nobody: a look is not a snapshot, and a fork can slip through one.
  private func kill(_ family: inout ProcessFamily, until end: ContinuousClock.Instant) -> [ProcessEntry] {
    var emptyLooks = 0
    while true {
      let living = family.living()
      emptyLooks = living.isEmpty ? emptyLooks + 1 : 0
      if emptyLooks == 2 { return [] }
      if ContinuousClock.now >= end, !living.isEmpty { return living }
      // A whole group at once: no member can fork its way out between two signals.
      for group in Set(living.map(\.group)).subtracting(family.forbiddenGroups) where group > 1 {
        Glibc.kill(-group, SIGKILL)
      }
      for member in living { signal(member, SIGKILL) }
      usleep(2_000)
    }
  }

  /// Only if the id still means the process that we saw.
  private func signal(_ member: ProcessEntry, _ signal: Int32) {
    guard let now = ProcessTable.entry(of: member.id), now.start == member.start else { return }
    Glibc.kill(member.id, signal)
  }
}
