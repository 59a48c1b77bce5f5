internal import IncidentModel

/// Says why there is no connection to a database, and what to do about it.
struct ConnectionFailure {
  let connection: String
  let address: PostgresAddress
  let limit: Duration

  private var place: String { "database '\(connection)' at \(address.text)" }

  func failure(_ fault: PostgresFault) -> Failure {
    switch fault {
    case .stopped(.timedOut): unreachable("no answer within \(limit.spokenText)")
    case .stopped(.cancelled): Failure(.cancelled, "cancelled while connecting to \(place); nothing was sent")
    case .lost(let reason, _): unreachable(reason)
    case .unsupported(let reason): unreachable(reason)
    case .notConnected(let reasons, let sqlState): refused(reasons.joined(separator: "; "), sqlState: sqlState)
    }
  }

  private func refused(_ reason: String, sqlState: String?) -> Failure {
    if sqlState?.hasPrefix("28") == true { return notLetIn(reason) }
    if sqlState != nil { return unreachable(reason) }
    if reason.contains("password") { return notLetIn(reason) }
    let words = ["SSL", "TLS", "certificate", "channel binding"]
    return words.contains(where: reason.contains) ? untrusted(reason) : unreachable(reason)
  }

  private func unreachable(_ reason: String) -> Failure {
    Failure(
      .connectFailed, "cannot reach \(place): \(reason.lowercasingFirst)",
      advice: "check that the server is up and that this machine may reach it")
  }

  private func notLetIn(_ reason: String) -> Failure {
    Failure(
      .authenticationFailed, "\(place) does not let user '\(address.user)' in: \(reason.lowercasingFirst)",
      advice: reason.contains("pg_hba.conf")
        ? "the server's pg_hba.conf has no line for this user, database, address and encryption"
        : "check user and password in the URL of connection '\(connection)'")
  }

  private func untrusted(_ reason: String) -> Failure {
    Failure(
      .tlsFailed, "no trusted TLS connection to \(place): \(reason.lowercasingFirst)", advice: adviceOnTrust(reason))
  }

  private func adviceOnTrust(_ reason: String) -> String {
    if reason.contains("does not support SSL") {
      return "turn on TLS at the server; only on a network you trust, say sslmode=disable in the URL"
    }
    if reason.contains("does not match host name") {
      return "use the name that the certificate was made for, or have one made for this name"
    }
    return "name the authority that signed the server's certificate with `ca:` beside the connection; "
      + "sslmode=require in the URL would encrypt without checking who answers"
  }
}

extension String {
  /// For a foreign sentence after a colon. Words in capitals stay.
  var lowercasingFirst: String {
    guard let first, dropFirst().first?.isLowercase == true else { return self }
    return first.lowercased() + dropFirst()
  }
}
