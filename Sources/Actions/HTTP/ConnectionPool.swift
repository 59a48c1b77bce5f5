import Synchronization

/// Idle handles with their open connections, so that the second request to a host needs no new connection.
/// A handle is lent to one borrower at a time.
final class ConnectionPool: Sendable {
  private static let perOrigin = 2
  private static let overall = 16

  /// The oldest first.
  private let idle = Mutex<[(origin: CurlTransfer.Origin, transfer: CurlTransfer)]>([])

  /// An idle handle for that place, or a new one. `nil` when the system is out of memory or descriptors.
  func borrow(for origin: CurlTransfer.Origin) -> CurlTransfer? {
    let kept = idle.withLock { idle in
      idle.lastIndex { $0.origin == origin }.map { idle.remove(at: $0).transfer }
    }
    return kept ?? CurlTransfer()
  }

  func giveBack(_ transfer: CurlTransfer, for origin: CurlTransfer.Origin) {
    // Closing connections can take a moment, so it happens outside the lock, when `surplus` goes.
    let surplus = idle.withLock { idle -> [CurlTransfer] in
      idle.append((origin, transfer))
      var surplus: [CurlTransfer] = []
      if idle.count(where: { $0.origin == origin }) > Self.perOrigin,
        let first = idle.firstIndex(where: { $0.origin == origin })
      {
        surplus.append(idle.remove(at: first).transfer)
      }
      if idle.count > Self.overall { surplus.append(idle.removeFirst().transfer) }
      return surplus
    }
    withExtendedLifetime(surplus) {}
  }
}
