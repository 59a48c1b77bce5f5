import Glibc

/// The processes that one command has become: everything in its session, everything descended from those, and
/// everything that carries its mark, however it was detached.
struct ProcessFamily {
  /// What the environment of every member was started with, as `NAME=value`; empty: do not look.
  private let mark: [String]
  /// The first process, whose session all ordinary members share.
  private let root: pid_t?
  /// The same as it was when it ran.
  private let first: ProcessEntry?
  /// All members ever seen, with their start times.
  private var known: [pid_t: UInt64] = [:]
  /// Processes whose environment has been looked at in vain.
  private var strangers: [pid_t: UInt64] = [:]
  /// This process and all above it: a run inside a command of another run must not end itself.
  private let forbidden: Set<pid_t>
  private let forbiddenSessions: Set<pid_t>
  /// Process groups that must not be signalled as a whole.
  let forbiddenGroups: Set<pid_t>

  init(root: pid_t?, mark: [String]) {
    self.root = root
    self.mark = mark
    forbidden = Self.ourselves()
    forbiddenSessions = Set(forbidden.map { $0 == 0 ? 0 : getsid($0) })
    forbiddenGroups = Set(forbidden.map { $0 == 0 ? 0 : getpgid($0) })
    first = root.flatMap(ProcessTable.entry)
    if let first { known[first.id] = first.start }
  }

  /// Every id that was ever a member.
  var everSeen: Set<pid_t> { Set(known.keys) }

  /// Looks again. Members that have ended are not among them.
  mutating func living() -> [ProcessEntry] {
    let table = ProcessTable.all().filter { !forbidden.contains($0.id) }
    let orphans = first.map { ChildRegistry.shared.orphans(of: $0) } ?? []
    for entry in table where orphans.contains(entry.id) || belongs(entry) { known[entry.id] = entry.start }
    var grew = true
    while grew {
      grew = false
      let members = table.filter { known[$0.id] == $0.start }
      let ids = Set(members.map(\.id))
      let sessions = Set(members.map(\.session)).subtracting(forbiddenSessions)
      for entry in table where known[entry.id] != entry.start {
        guard ids.contains(entry.parent) || sessions.contains(entry.session) else { continue }
        known[entry.id] = entry.start
        grew = true
      }
    }
    return table.filter { $0.isAlive && known[$0.id] == $0.start }
  }

  private mutating func belongs(_ entry: ProcessEntry) -> Bool {
    if known[entry.id] == entry.start { return true }
    if let root, entry.session == root { return true }
    guard !mark.isEmpty, entry.isAlive, strangers[entry.id] != entry.start else { return false }
    if ProcessTable.environment(of: entry.id, holds: mark) { return true }
    strangers[entry.id] = entry.start
    return false
  }

  private static func ourselves() -> Set<pid_t> {
    var ids: Set<pid_t> = [0, 1, getpid()]
    var next = getppid()
    while next > 1, ids.insert(next).inserted, let entry = ProcessTable.entry(of: next) { next = entry.parent }
    return ids
  }
}
