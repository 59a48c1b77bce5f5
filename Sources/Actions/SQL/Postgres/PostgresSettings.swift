internal import IncidentModel

/// What every transaction tells the server about its limits, so that they hold even if we are gone.
struct PostgresSettings {
  let statement: String
  let parameters: [String?]

  init(request: SQLRequest, applicationName: String, serverVersion: Int, remaining: Duration) {
    var settings = [
      ("statement_timeout", Self.milliseconds(Self.statementLimit(within: remaining))),
      ("lock_timeout", Self.milliseconds(request.lockLimit)),
      // If this process freezes before COMMIT, its locks must not outlast the attempt by much.
      ("idle_in_transaction_session_timeout", Self.milliseconds(remaining + .seconds(1))),
      ("application_name", applicationName),
    ]
    // A server asks only from 14 on whether the client of a running statement is still there.
    if serverVersion >= 140_000 { settings.append(("client_connection_check_interval", "1s")) }
    let calls = settings.indices.map { index in
      "set_config('\(settings[index].0)', $\(index + 1), true)"
    }
    statement = "SELECT " + calls.joined(separator: ", ")
    parameters = settings.map(\.1)
  }

  /// A little less than is left, so that the server's clear answer arrives before we stop listening.
  static func statementLimit(within remaining: Duration) -> Duration {
    remaining - min(remaining / 10, .milliseconds(250))
  }

  /// Never 0, which would mean no limit at all.
  private static func milliseconds(_ limit: Duration) -> String {
    String(min(max(1, limit.wholeMilliseconds), Int64(Int32.max)))
  }
}
