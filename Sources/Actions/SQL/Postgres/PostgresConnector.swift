internal import IncidentModel

/// Opens connections to one database.
struct PostgresConnector: Sendable {
  let address: PostgresAddress

  /// Tries the addresses in order, each with its share of the time, so that one that never answers cannot use it all up.
  func connect(applicationName: String, within patience: Patience) throws(PostgresFault) -> PostgresConnection {
    var reasons: [String] = []
    var sqlState: String?
    try FailPoint.pass("sql.before-connect") { PostgresFault.notConnected(reasons: [$0], sqlState: nil) }
    let candidates = try candidates(within: patience)
    for (index, candidate) in candidates.enumerated() {
      let share = patience.remaining / (candidates.count - index)
      do {
        let connection = try PostgresConnection(
          address.parameters(
            for: candidate.endpoint, numericAddress: candidate.numericAddress, applicationName: applicationName),
          within: patience.atMost(share))
        try FailPoint.pass("sql.after-connect") { PostgresFault.notConnected(reasons: [$0], sqlState: nil) }
        return connection
      } catch .notConnected(let more, let state) {
        reasons += more.filter { !reasons.contains($0) }
        sqlState = sqlState ?? state
        // The server knows us and says no: asking another one with the same password is of no use.
        if state?.hasPrefix("28") == true { break }
      } catch .stopped(.timedOut) where index < candidates.count - 1 {
        reasons.append("no answer")
      }
    }
    throw .notConnected(reasons: reasons, sqlState: sqlState)
  }

  private struct Candidate {
    let endpoint: PostgresAddress.Endpoint
    let numericAddress: String?
  }

  private func candidates(within patience: Patience) throws(PostgresFault) -> [Candidate] {
    var candidates: [Candidate] = []
    var failures: [String] = []
    for endpoint in address.endpoints {
      if endpoint.isSocket || endpoint.numericAddress != nil {
        candidates.append(Candidate(endpoint: endpoint, numericAddress: endpoint.numericAddress))
        continue
      }
      do {
        let found = try HostResolver.addresses(of: endpoint.host, within: patience)
        candidates += found.map { Candidate(endpoint: endpoint, numericAddress: $0) }
      } catch {
        switch error {
        case .stopped(let end): throw .stopped(end)
        case .unknown(let reason): failures.append("cannot look up \(endpoint.host): \(reason)")
        }
      }
    }
    guard !candidates.isEmpty else { throw .notConnected(reasons: failures, sqlState: nil) }
    return candidates
  }
}
