import Foundation
import IncidentModel
import Testing

@testable import Actions

/// The throw-away PostgreSQL that `Tests/with-postgres` starts.
enum TestDatabase {
  static let url = ProcessInfo.processInfo.environment["ANDON_TEST_DATABASE_URL"] ?? ""
  static let authority = ProcessInfo.processInfo.environment["ANDON_TEST_DATABASE_CA"]
  static var isThere: Bool { !url.isEmpty }
  static let absence: Comment = "no database: run Tests/with-postgres swift test"

  static var components: URLComponents {
    get throws { try #require(URLComponents(string: url)) }
  }

  /// The URL with some of its parts exchanged.
  static func url(_ change: (inout URLComponents) -> Void) throws -> String {
    var components = try components
    change(&components)
    return try #require(components.string)
  }

  /// A request as the runner would make it, with defaults that tests seldom care about.
  static func request(
    _ statement: String, _ bindings: [Value] = [], read: Bool = false, rows: RowContract? = nil,
    limit: Duration = .seconds(20), lock: Duration = .seconds(5), once key: String? = nil, url: String = Self.url,
    authority: String? = nil
  ) -> SQLRequest {
    SQLRequest(
      database: .postgres(url: Secret(name: "DB", kind: .url, value: url), certificateAuthority: authority),
      connection: "database", statement: statement, bindings: bindings, readOnly: read, expectedRows: rows,
      timeLimit: limit, lockLimit: lock, exactlyOnceKey: key)
  }

  static func database(url: String = Self.url) -> SQLRequest.Database {
    .postgres(url: Secret(name: "DB", kind: .url, value: url), certificateAuthority: nil)
  }

  /// Runs a statement over a connection of its own, and hands back its first column.
  @discardableResult
  static func run(_ statement: String, _ bindings: [Value] = [], read: Bool = false) async throws -> [Value] {
    let performer = SQLPerformer()
    let result = await performer.perform(request(statement, bindings, read: read), mark: .fresh("test-itself"))
    await performer.close()
    try #require(result.outcome == .succeeded, "\(result)")
    guard case .list(let rows)? = result.outputs["rows"] else { return [] }
    return rows.compactMap { row in if case .map(let members) = row { members.values.first } else { nil } }
  }

  /// A table of `key` and `value` that no other test knows, holding `TRADES_ENABLED = true` and two flags.
  static func makeTable() async throws -> String {
    let name = "t_" + UUID().uuidString.replacing("-", with: "").lowercased()
    try await run("CREATE TABLE \(name) (key text PRIMARY KEY, value text)")
    try await run("INSERT INTO \(name) VALUES ('TRADES_ENABLED', 'true'), ('FLAG_1', 'a'), ('FLAG_2', 'b')")
    return name
  }

  static func value(of key: String, in table: String) async throws -> Value {
    try await run("SELECT value FROM \(table) WHERE key = $1", [.text(key)], read: true).first ?? .absent
  }

  /// How many sessions run under a name.
  static func sessions(named name: String, active: Bool = false) async throws -> Value {
    let condition = active ? " AND state = 'active'" : ""
    return try await run(
      "SELECT count(*) FROM pg_stat_activity WHERE application_name = $1" + condition, [.text(name)], read: true
    ).first ?? .absent
  }
}

extension AttemptMark {
  /// A mark that no other test uses.
  static func fresh(_ step: String = "step") -> AttemptMark {
    AttemptMark(
      run: RunID(number: Int.random(in: 1...9_999_999)), step: StepID(step), attempt: 1, idempotencyKey: "key")
  }
}

/// Asks again and again until it is so; fails the test after ten seconds.
func eventually(
  _ what: Comment, sourceLocation: Testing.SourceLocation = #_sourceLocation, _ isSo: () async throws -> Bool
) async throws {
  let end = ContinuousClock.now + .seconds(10)
  while ContinuousClock.now < end {
    if try await isSo() { return }
    try await Task.sleep(for: .milliseconds(10))
  }
  Issue.record("did not come true in 10 s: \(what)", sourceLocation: sourceLocation)
  throw CancellationError()
}

/// Nothing may take longer than its limit and one second. The rest is for a machine that runs other tests as well.
let slack = Duration.milliseconds(2500)

/// How long something took.
func measured<T>(_ body: () async throws -> T) async rethrows -> (T, Duration) {
  let start = ContinuousClock.now
  let value = try await body()
  return (value, .now - start)
}
