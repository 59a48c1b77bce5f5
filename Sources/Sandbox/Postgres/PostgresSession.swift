internal import CPostgres
internal import Foundation
internal import IncidentModel

/// One connection to the private server. Blocks; a session is used by one thread at a time.
///
/// Apart from the connections of `Actions`, which have to bear servers far away and in trouble: this one is our own.
final class PostgresSession: @unchecked Sendable {
  private let handle: OpaquePointer

  init(url: String) throws(StatementFailure) {
    guard let handle = PQconnectdb(url) else { throw StatementFailure(isAboutValues: false, reason: "out of memory") }
    self.handle = handle
    // Without this, libpq prints the server's notices to standard error.
    PQsetNoticeProcessor(handle, { _, _ in }, nil)
    guard PQstatus(handle) == CONNECTION_OK else { throw lost }
  }

  deinit { PQfinish(handle) }

  /// `15`
  var serverVersion: String { "\(PQserverVersion(handle) / 10_000)" }

  /// Runs any number of statements, for what they do.
  func run(script: String) throws(StatementFailure) {
    // A playbook may end sessions, this one among them.
    if PQstatus(handle) != CONNECTION_OK { PQreset(handle) }
    let result = PQexec(handle, script)
    defer { PQclear(result) }
    try check(result)
  }

  /// Runs one statement. The values are texts unless the statement casts them; `nil` is NULL.
  func rows(of statement: String, _ values: [String?]) throws(StatementFailure) -> [[String: Value]] {
    let texts = values.map { $0.flatMap { strdup($0) } }
    defer { for text in texts { free(text) } }
    let result = PQexecParams(
      handle, statement, Int32(values.count), Self.textTypes(values.count), texts.map { UnsafePointer($0) }, nil, nil, 0
    )
    defer { PQclear(result) }
    try check(result)
    let names = Self.columns(of: result)
    return (0..<PQntuples(result)).map { row in
      let values = names.indices.map { column in
        let isNull = PQgetisnull(result, row, Int32(column)) == 1
        return isNull
          ? Value.null
          : Value(String(cString: PQgetvalue(result, row, Int32(column))), type: PQftype(result, Int32(column)))
      }
      return Dictionary(zip(names, values), uniquingKeysWith: { _, last in last })
    }
  }

  /// What a statement would return, without running it.
  func columns(of statement: String, parameters: Int) throws(StatementFailure) -> [String] {
    let prepared = PQprepare(handle, "", statement, Int32(parameters), Self.textTypes(parameters))
    defer { PQclear(prepared) }
    try check(prepared)
    let described = PQdescribePrepared(handle, "")
    defer { PQclear(described) }
    try check(described)
    return Self.columns(of: described)
  }

  private static func textTypes(_ count: Int) -> [Oid] { Array(repeating: 25, count: count) }

  private static func columns(of result: OpaquePointer?) -> [String] {
    (0..<PQnfields(result)).map { String(cString: PQfname(result, $0)) }
  }

  private func check(_ result: OpaquePointer?) throws(StatementFailure) {
    guard let result else { throw lost }
    switch PQresultStatus(result) {
    case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: return
    default:
      func field(_ letter: Unicode.Scalar) -> String? {
        PQresultErrorField(result, Int32(letter.value)).map { String(cString: $0) }
      }
      let state = field("C") ?? ""
      // 22: a value that is none of its type; 23: a broken constraint.
      throw StatementFailure(
        isAboutValues: state.hasPrefix("22") || state.hasPrefix("23"), reason: field("M") ?? lost.reason)
    }
  }

  private var lost: StatementFailure {
    let text = String(cString: PQerrorMessage(handle)).split(separator: "\n").joined(separator: "; ")
    return StatementFailure(isAboutValues: false, reason: text.isEmpty ? "the connection broke" : text)
  }
}

extension Value {
  /// A column by the OID of its type. What has no counterpart stays text.
  fileprivate init(_ text: String, type: Oid) {
    self =
      switch type {
      case 16: .bool(text == "t")
      case 20, 21, 23, 26, 700, 701, 1700: Number(text).map(Value.number) ?? .text(text)
      case 114, 3802: (try? Value.json(Data(text.utf8))) ?? .text(text)
      default: .text(text)
      }
  }

  /// As a parameter: bools as 1 and 0, lists and maps as JSON text.
  var parameter: String? {
    switch self {
    case .null, .absent: nil
    case .bool(let flag): flag ? "1" : "0"
    case .text(let text): text
    case .number, .duration, .list, .map: displayText
    }
  }
}
