import Synchronization

/// Remembers across concurrent closures that something happened.
final class Once: Sendable {
  private let flag = Atomic(false)

  func mark() { flag.store(true, ordering: .sequentiallyConsistent) }
  var isMarked: Bool { flag.load(ordering: .sequentiallyConsistent) }
}
