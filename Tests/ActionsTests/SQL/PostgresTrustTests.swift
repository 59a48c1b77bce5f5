import Foundation
import IncidentModel
import Synchronization
import Testing

@testable import Actions

@Suite("Whom to trust with the password", .enabled(if: TestDatabase.isThere, TestDatabase.absence))
struct PostgresTrustTests {
  let performer = SQLPerformer()

  private let question = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"

  private func connect(host: String = "127.0.0.1", _ query: String?, authority: String? = nil) async throws
    -> ActionResult
  {
    let url = try TestDatabase.url { parts in
      parts.host = host
      parts.query = query
    }
    return await performer.perform(
      TestDatabase.request(question, read: true, url: url, authority: authority), mark: .fresh())
  }

  @Test(
    "on this machine every mode connects, encrypted where it allows that; one below verify-full is warned of when asked for",
    arguments: [(nil, true), ("sslmode=disable", false), ("sslmode=prefer", true), ("sslmode=require", true)])
  func loopback(query: String?, isEncrypted: Bool) async throws {
    let result = try await connect(query)
    #expect(result.outputs["rows"] == .list([.map(["ssl": .bool(isEncrypted)])]), "\(result)")
    #expect(result.warnings.count == (query == nil ? 0 : 1), "\(result.warnings)")
    #expect(result.warnings.allSatisfy { $0.contains("use sslmode=verify-full") })
  }

  @Test("verify-full accepts the authority that the environment names")
  func authority() async throws {
    let result = try await connect("sslmode=verify-full", authority: TestDatabase.authority)
    #expect(result.outputs["rows"] == .list([.map(["ssl": .bool(true)])]), "\(result)")
  }

  @Test("verify-full refuses a certificate that the system's authorities did not sign")
  func unknownAuthority() async throws {
    for query in ["sslmode=verify-full", "sslmode=verify-full&sslrootcert=system"] {
      let failure = try #require(try await connect(query).failure)
      #expect(failure.code == .tlsFailed)
      #expect(failure.message.contains("certificate verify failed"))
      #expect(failure.advice?.contains("`ca:`") == true)
    }
  }

  @Test("a name that is not this machine's is verified by default, and a foreign certificate refused")
  func foreignName() async throws {
    let result = try await connect(
      host: "db.example", "hostaddr=127.0.0.1", authority: TestDatabase.authority)
    #expect(result.failure?.code == .tlsFailed)
    #expect(result.failure?.message.contains("does not match host name \"db.example\"") == true)
  }

  @Test(
    "a mode below verify-full is obeyed for another machine, with a warning",
    arguments: ["disable", "prefer", "require", "verify-ca"])
  func warning(mode: String) async throws {
    let authority = TestDatabase.authority
    let result = try await connect(host: "db.example", "hostaddr=127.0.0.1&sslmode=\(mode)", authority: authority)
    #expect(result.outcome == .succeeded, "\(result)")
    #expect(result.warnings.count == 1)
    #expect(result.warnings.first?.hasPrefix("connection 'database': sslmode=\(mode) ") == true)
    #expect(result.warnings.first?.hasSuffix("use sslmode=verify-full") == true)
  }

  @Test("a server without TLS gets neither a password nor a statement")
  func stripped() async throws {
    let ears = Ears()
    let server = try Listener { client in
      while let bytes = Listener.read(client) {
        ears.hear(bytes)
        _ = Listener.write(client, [UInt8(ascii: "N")])
      }
    }
    let url = "postgres://app:s3cret@db.example:\(server.port)/shop?hostaddr=127.0.0.1"
    let result = await performer.perform(TestDatabase.request("SELECT 1", url: url), mark: .fresh())
    #expect(result.failure?.code == .tlsFailed)
    #expect(result.failure?.message.contains("server does not support SSL") == true)
    // The request for TLS, and not a byte more.
    #expect(ears.all == [0, 0, 0, 8, 4, 210, 22, 47])
  }

  @Test("variables of the environment do not redirect a connection")
  func environment() async throws {
    let address = try #require(PostgresAddress(url: "postgres://app@db.example", certificateAuthority: nil))
    let endpoint = try #require(address.endpoints.first)
    let parameters = address.parameters(for: endpoint, numericAddress: "192.0.2.1", applicationName: "x")
    for keyword in [
      "host", "hostaddr", "port", "user", "dbname", "sslmode", "application_name", "client_encoding",
      "channel_binding", "gssencmode", "target_session_attrs",
    ] {
      #expect(parameters[keyword]?.isEmpty == false, "\(keyword)")
    }
    #expect(parameters["port"] == "5432")
    #expect(parameters["dbname"] == "app")
    #expect(parameters["sslmode"] == "verify-full")
  }

  @Test("localhost that resolves to another machine is verified")
  func rebound() throws {
    let address = try #require(PostgresAddress(url: "postgres://app@localhost/shop", certificateAuthority: nil))
    let endpoint = try #require(address.endpoints.first)
    #expect(address.sslMode(for: endpoint, numericAddress: "::1") == "prefer")
    #expect(address.sslMode(for: endpoint, numericAddress: "192.0.2.1") == "verify-full")
  }
}

/// What a listener has heard.
private final class Ears: Sendable {
  private let heard = Mutex<[UInt8]>([])

  func hear(_ bytes: [UInt8]) { heard.withLock { $0 += bytes } }
  var all: [UInt8] { heard.withLock { $0 } }
}
