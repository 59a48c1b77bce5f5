/// The parts of a connection URL that PostgreSQL's own programs take from `PG…` variables: `pg_dump` has no other way to
/// connect as Andon does without an address on its command line, which every user of the machine could read.
public enum PostgresParts {
  /// libpq's keywords. Each is the field of that name of every connection that has a `postgres`.
  public static let names = ["host", "port", "user", "password", "dbname", "sslmode", "sslrootcert"]

  /// One part, empty where the URL says nothing about it; the TLS mode is the one Andon itself would use.
  /// `nil` if the text is not a connection URL.
  public static func part(_ name: String, ofURL url: String, certificateAuthority: String?) -> String? {
    guard let address = PostgresAddress(url: url, certificateAuthority: certificateAuthority) else { return nil }
    let servers = address.endpoints
    switch name {
    case "host": return servers.map(\.host).joined(separator: ",")
    case "port": return servers.map(\.port).joined(separator: ",")
    default:
      // One mode goes for all servers of a list: the strictest that any of them gets.
      let strictest =
        servers.first { address.sslMode(for: $0, numericAddress: $0.numericAddress) == "verify-full" } ?? servers[0]
      let parameters = address.parameters(
        for: strictest, numericAddress: strictest.numericAddress, applicationName: "andon")
      return parameters[name] ?? ""
    }
  }
}
