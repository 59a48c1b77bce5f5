import Synchronization

/// Somebody will not wait any longer: processes that were asked to end are made to. It holds for the whole process,
/// which is about to leave.
final class Impatience: Sendable {
  static let shared = Impatience()

  private let flag = Atomic(false)

  func set() { flag.store(true, ordering: .relaxed) }
  var isSet: Bool { flag.load(ordering: .relaxed) }
}
