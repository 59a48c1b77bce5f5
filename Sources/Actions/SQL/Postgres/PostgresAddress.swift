internal import Foundation
internal import Glibc

/// Where a connection URL points and how far the server there is to be trusted. Made without touching the network.
struct PostgresAddress: Sendable {
  struct Endpoint: Sendable, Hashable {
    /// A name, a numeric address, or the folder of a unix socket.
    var host: String
    /// Given in the URL: connect there, whatever the name resolves to.
    var numericAddress: String?
    var port: String

    var isSocket: Bool { host.hasPrefix("/") || host.hasPrefix("@") }

    /// True when the name itself means this machine; what it resolves to has to agree.
    var isLoopbackName: Bool {
      host == "localhost" || host.hasSuffix(".localhost") || HostResolver.isLoopback(address: host)
    }

    var text: String {
      if isSocket { return "\(host), port \(port)" }
      return host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
  }

  let endpoints: [Endpoint]
  let user: String
  let database: String
  /// Everything else the URL says, as libpq's keywords.
  private let given: [String: String]
  private let certificateAuthority: String?

  /// `nil` if the text is not a connection URL.
  init?(url: String, certificateAuthority: String?) {
    guard var given = PostgresConnection.options(ofURL: url), given["service"] == nil else { return nil }
    guard let endpoints = Self.endpoints(takenFrom: &given) else { return nil }
    // An '@' in a host is the rest of a password whose '@' was not written as %40.
    guard !endpoints.contains(where: { !$0.isSocket && $0.host.contains("@") }) else { return nil }
    self.endpoints = endpoints
    user = given.removeValue(forKey: "user") ?? NSUserName()
    database = given.removeValue(forKey: "dbname") ?? user
    self.given = given
    self.certificateAuthority = certificateAuthority
  }

  /// How messages name the server. Never holds the password.
  var text: String { endpoints.map(\.text).joined(separator: ", ") }

  private static func endpoints(takenFrom given: inout [String: String]) -> [Endpoint]? {
    func list(_ keyword: String) -> [String] {
      guard let text = given.removeValue(forKey: keyword), !text.isEmpty else { return [] }
      return text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    let (hosts, numbers, ports) = (list("host"), list("hostaddr"), list("port"))
    let count = max(hosts.count, numbers.count, 1)
    func fits(_ items: [String]) -> Bool { items.isEmpty || items.count == count }
    guard fits(hosts), fits(numbers), fits(ports) || ports.count == 1 else { return nil }
    return (0..<count).map { index in
      let number = numbers.isEmpty || numbers[index].isEmpty ? nil : numbers[index]
      let host = hosts.isEmpty || hosts[index].isEmpty ? number ?? socketFolder : hosts[index]
      let port = ports.isEmpty ? "" : ports.count == 1 ? ports[0] : ports[index]
      return Endpoint(host: host, numericAddress: number, port: port.isEmpty ? "5432" : port)
    }
  }

  /// Where a server on this machine listens when the URL names no host.
  private static var socketFolder: String {
    access("/var/run/postgresql", F_OK) == 0 ? "/var/run/postgresql" : "/tmp"
  }
}

// MARK: - TLS

extension PostgresAddress {
  /// The mode for one address: the URL's, else `prefer` on this machine and `verify-full` for any other.
  func sslMode(for endpoint: Endpoint, numericAddress: String?) -> String {
    if let mode = given["sslmode"] { return mode }
    if endpoint.isSocket { return "prefer" }
    let staysHere = endpoint.isLoopbackName && numericAddress.map(HostResolver.isLoopback(address:)) != false
    return staysHere ? "prefer" : "verify-full"
  }

  /// Said with every result that went over a connection which somebody in between could have answered.
  func warnings(connection: String) -> [String] {
    guard let mode = given["sslmode"], mode != "verify-full",
      let distant = endpoints.first(where: { !$0.isSocket })
    else { return [] }
    let lack =
      switch mode {
      case "disable": "is not encrypted and does not check who answers at \(distant.host)"
      case "allow", "prefer": "may fall back to plain text and does not check who answers at \(distant.host)"
      case "verify-ca": "does not check that the certificate belongs to \(distant.host)"
      default: "does not check who answers at \(distant.host)"
      }
    return ["connection '\(connection)': sslmode=\(mode) \(lack); use sslmode=verify-full"]
  }

  /// The bundle of authorities that the system trusts.
  private static var systemAuthorities: String? {
    ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"]
      .first { access($0, R_OK) == 0 }
  }

  private func rootCertificate(mode: String) -> String? {
    switch given["sslrootcert"] {
    // libpq knows this word from 16 on; before, it would look for a file of that name.
    case "system" where PostgresConnection.libraryVersion < 160_000: Self.systemAuthorities
    case let path?: path
    case nil: mode.hasPrefix("verify-") ? certificateAuthority ?? Self.systemAuthorities : nil
    }
  }
}

// MARK: - Parameters

extension PostgresAddress {
  /// libpq's keywords for one address. Whatever libpq would take from a `PG…` variable instead is said here.
  func parameters(for endpoint: Endpoint, numericAddress: String?, applicationName: String) -> [String: String] {
    var parameters = Self.defaults.merging(given) { _, given in given }
    let mode = sslMode(for: endpoint, numericAddress: numericAddress)
    parameters["host"] = endpoint.host
    parameters["hostaddr"] = endpoint.isSocket ? nil : numericAddress
    parameters["port"] = endpoint.port
    parameters["user"] = user
    parameters["dbname"] = database
    parameters["sslmode"] = mode
    parameters["sslrootcert"] = rootCertificate(mode: mode)
    parameters["client_encoding"] = "UTF8"
    parameters["application_name"] = applicationName
    // An empty text would not do: libpq takes it for "not given" and reads the variable.
    if parameters["options"] == nil, getenv("PGOPTIONS") != nil { parameters["options"] = " " }
    return parameters
  }

  private static let defaults = [
    "channel_binding": "prefer",
    "gssencmode": "disable",
    "target_session_attrs": "any",
    "keepalives": "1",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "15000",
  ]
}
