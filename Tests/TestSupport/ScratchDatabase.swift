internal import CPostgres
internal import Foundation
internal import Synchronization

/// A database with the platform's tables, for one test, on the server that `Tests/with-postgres` starts. The platform
/// reaches it as a role of its own, with a password that occurs nowhere else.
public final class ScratchDatabase: Sendable {
  public static let isThere = ProcessInfo.processInfo.environment["ANDON_TEST_DATABASE_URL"]?.isEmpty == false
  public static let absence = "no database: run Tests/with-postgres swift test"

  public let name: String
  /// As `SUPABASE_DATABASE_URL` gives it.
  public let url: String
  public let password: String
  private let server: Session
  private let session: Session

  public init() throws {
    let address = ProcessInfo.processInfo.environment["ANDON_TEST_DATABASE_URL"] ?? ""
    guard var parts = URLComponents(string: address), !address.isEmpty else { throw Trouble(Self.absence) }
    name = "andon_" + UUID().uuidString.replacing("-", with: "").lowercased().prefix(16)
    // With characters that a URL has to encode.
    password = "Pw/\(UUID().uuidString)+#"
    server = try Session(address)
    try server.run("CREATE ROLE \(name) LOGIN PASSWORD '\(password)'")
    try server.run("CREATE DATABASE \(name) OWNER \(name) TEMPLATE template0")
    parts.path = "/\(name)"
    session = try Session(parts.string ?? "")
    parts.user = name
    parts.percentEncodedPassword = password.addingPercentEncoding(withAllowedCharacters: .alphanumerics)
    url = parts.string ?? ""
    for statement in Self.platform { try session.run(statement) }
    try session.run("GRANT ALL ON ALL TABLES IN SCHEMA public TO \(name)")
    try session.run("GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO \(name)")
  }

  deinit {
    session.close()
    _ = try? server.run("DROP DATABASE IF EXISTS \(name) WITH (FORCE)")
    _ = try? server.run("DROP ROLE IF EXISTS \(name)")
    server.close()
  }

  /// Runs a statement as the owner of everything. The rows, each column as text.
  @discardableResult
  public func query(_ statement: String, _ bindings: [String] = []) throws -> [[String?]] {
    try session.run(statement, bindings)
  }

  /// The one value of the one row; `nil` for no row, or NULL.
  public func value(_ statement: String) throws -> String? { try query(statement).first?.first ?? nil }

  /// What the kill switch is about.
  public var tradesEnabled: String? {
    get throws { try value("SELECT value FROM trades_config WHERE key = 'TRADES_ENABLED'") }
  }

  /// Another session on the same database, as somebody in a console has it.
  public func foreignSession(named application: String) throws -> Session {
    let session = try Session(url)
    try session.run("SET application_name = '\(application)'")
    return session
  }

  /// One connection.
  public final class Session: Sendable {
    private let connection: Mutex<OpaquePointer?>

    public init(_ url: String) throws {
      let pointer = PQconnectdb(url)
      guard PQstatus(pointer) == CONNECTION_OK else {
        let message = String(cString: PQerrorMessage(pointer))
        PQfinish(pointer)
        throw Trouble(message)
      }
      connection = Mutex(pointer)
      try run("SET client_min_messages = warning")
    }

    deinit { close() }

    public func close() {
      connection.withLock { pointer in
        PQfinish(pointer)
        pointer = nil
      }
    }

    @discardableResult
    public func run(_ statement: String, _ bindings: [String] = []) throws -> [[String?]] {
      try connection.withLock { pointer in
        let values = bindings.map { strdup($0) }
        defer { for value in values { free(value) } }
        let pointers = values.map { UnsafePointer<CChar>($0) }
        let result = PQexecParams(pointer, statement, Int32(values.count), nil, pointers, nil, nil, 0)
        defer { PQclear(result) }
        guard [PGRES_COMMAND_OK, PGRES_TUPLES_OK].contains(PQresultStatus(result)) else {
          throw Trouble("\(statement): \(String(cString: PQerrorMessage(pointer)))")
        }
        return (0..<PQntuples(result)).map { row in
          (0..<PQnfields(result)).map { column in
            PQgetisnull(result, row, column) == 1 ? nil : String(cString: PQgetvalue(result, row, column))
          }
        }
      }
    }
  }

  struct Trouble: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
  }

  private static let platform = [
    """
    CREATE TABLE trades_config (
      key text PRIMARY KEY, value text NOT NULL, updated_at timestamptz NOT NULL DEFAULT now())
    """,
    """
    CREATE TABLE trades_orders (
      id bigserial PRIMARY KEY, maker_address text NOT NULL, side text NOT NULL, amount numeric NOT NULL,
      price numeric NOT NULL, status text NOT NULL DEFAULT 'open', created_at timestamptz NOT NULL DEFAULT now())
    """,
    "CREATE TABLE trades_order_book (order_id bigint PRIMARY KEY REFERENCES trades_orders, status text NOT NULL)",
    "CREATE TABLE trades_fills (id bigserial PRIMARY KEY, order_id bigint REFERENCES trades_orders, amount numeric)",
    "INSERT INTO trades_config (key, value) VALUES ('TRADES_ENABLED', 'true'), ('API_STATUS', 'ok')",
    """
    INSERT INTO trades_orders (maker_address, side, amount, price)
    VALUES ('0x1111111111111111111111111111111111111111', 'sell', 2.5, 0.0412)
    """,
    "INSERT INTO trades_order_book VALUES (1, 'open')",
  ]
}
