internal import Synchronization

/// A few connections per database, kept between steps so that only the first has to connect.
final class IdleConnections: Sendable {
  /// A database as it was configured. Holds the URL, so it must not be shown.
  struct Key: Hashable, Sendable {
    let url: String
    let certificateAuthority: String?
  }

  private struct Parked {
    let connection: PostgresConnection
    let since: ContinuousClock.Instant

    /// After longer than this, a firewall on the way may have forgotten the connection without telling anyone.
    var isFresh: Bool { since.duration(to: .now) < .seconds(30) }
  }

  private struct State {
    /// The one used last stands last.
    var parked: [Key: [Parked]] = [:]
    var warming: [Key: WakeUp] = [:]
    var isClosed = false
  }

  private let state = Mutex(State())
  private let most: Int

  /// - Parameter most: how many of each database are kept. At least 1.
  init(most: Int = 1) { self.most = max(most, 1) }

  /// Hands out a kept connection, if there is one that can be expected to live. The caller owns it from then on.
  func take(_ key: Key) -> PostgresConnection? {
    guard let parked = state.withLock({ $0.parked[key]?.popLast() }) else { return nil }
    return parked.isFresh ? parked.connection : nil
  }

  /// Keeps the connection, unless there are enough already or all is over: then it is closed.
  func park(_ connection: PostgresConnection, _ key: Key) {
    // Hanging up happens outside the lock, as the last reference goes.
    let stale = state.withLock { state -> [Parked] in
      guard !state.isClosed else { return [] }
      var kept = state.parked[key] ?? []
      let stale = kept.filter { !$0.isFresh }
      kept.removeAll { !$0.isFresh }
      if kept.count < most { kept.append(Parked(connection: connection, since: .now)) }
      state.parked[key] = kept
      return stale
    }
    withExtendedLifetime(stale) {}
  }

  /// True if the caller is the one to open a connection ahead of time. It must call `endWarming`.
  func beginWarming(_ key: Key) -> Bool {
    state.withLock { state in
      guard !state.isClosed, state.warming[key] == nil, state.parked[key]?.last?.isFresh != true else { return false }
      state.warming[key] = WakeUp()
      return true
    }
  }

  func endWarming(_ key: Key) { state.withLock { $0.warming.removeValue(forKey: key) }?.give() }

  /// Waits for a connection that is being opened ahead of time. Returns at once if none is.
  func awaitWarming(_ key: Key, within patience: Patience) throws(Patience.End) {
    guard let warming = state.withLock({ $0.warming[key] }) else { return }
    _ = try patience.wait(for: warming.descriptor)
  }

  /// Closes what is idle, and keeps nothing from now on.
  func close() {
    let parked = state.withLock { state in
      state.isClosed = true
      defer { state.parked = [:] }
      return state.parked
    }
    // Hanging up happens outside the lock, as the last reference goes.
    _ = parked
  }
}
