internal import CPostgres
internal import Glibc

/// One connection to a PostgreSQL server, in pipeline mode. The only file here that calls libpq.
///
/// Statements are enqueued and sent together; their answers are received in the same order. Nothing here blocks except
/// under a `Patience`. After a fault the connection is of no more use: let go of it.
///
/// Unchecked because a `PGconn` is a bare pointer: a connection is only ever used by the thread that opened it or took
/// it out of `IdleConnections`, which hands each one to a single taker.
final class PostgresConnection: @unchecked Sendable {
  private let handle: OpaquePointer
  /// Answers to statements that nobody waited for, each followed by a sync.
  private var owed = 0

  /// As `160002` for 16.2.
  var serverVersion: Int { Int(PQserverVersion(handle)) }

  /// True when nobody on the way can read along.
  var isEncrypted: Bool { PQsslInUse(handle) == 1 }

  /// Opens a connection. Parameters are libpq's keywords; host names must have been resolved into `hostaddr`, because
  /// libpq would look them up without any time limit.
  init(_ parameters: [String: String], within patience: Patience) throws(PostgresFault) {
    let started = Self.withCStrings(parameters.map(\.key)) { keys in
      Self.withCStrings(parameters.map(\.value)) { values in PQconnectStartParams(keys, values, 0) }
    }
    guard let started else { throw .notConnected(reasons: ["out of memory"], sqlState: nil) }
    handle = started
    // Without this, libpq prints the server's notices to standard error.
    PQsetNoticeProcessor(handle, { _, _ in }, nil)
    // The only way to see the SQLSTATE of a refused connection is to have it in the text.
    PQsetErrorVerbosity(handle, PQERRORS_VERBOSE)
    try finishConnecting(within: patience)
    PQsetErrorVerbosity(handle, PQERRORS_DEFAULT)
    guard PQsetnonblocking(handle, 1) == 0, PQenterPipelineMode(handle) == 1 else {
      throw .notConnected(reasons: ["libpq refuses pipeline mode"], sqlState: nil)
    }
  }

  deinit { PQfinish(handle) }

  private func finishConnecting(within patience: Patience) throws(PostgresFault) {
    guard PQstatus(handle) != CONNECTION_BAD else { throw refusal() }
    var wanted = Patience.Readiness.writable
    while true {
      do { _ = try patience.wait(for: PQsocket(handle), wanted) } catch { throw .stopped(error) }
      switch PQconnectPoll(handle) {
      case PGRES_POLLING_OK: return
      case PGRES_POLLING_READING: wanted = .readable
      case PGRES_POLLING_WRITING: wanted = .writable
      default: throw refusal()
      }
    }
  }

  private func refusal() -> PostgresFault {
    let refusal = ConnectionRefusal(libpqText: String(cString: PQerrorMessage(handle)))
    return .notConnected(reasons: refusal.reasons, sqlState: refusal.sqlState)
  }
}

// MARK: - Sending

extension PostgresConnection {
  /// Adds one statement to what `flush` sends. Parameters travel as text, `nil` as NULL.
  func enqueue(_ statement: String, _ parameters: [String?] = []) throws(PostgresFault) {
    let accepted = Self.withCStrings(parameters) { values in
      PQsendQueryParams(handle, statement, Int32(parameters.count), nil, values, nil, nil, 0)
    }
    guard accepted == 1 else { throw lost() }
  }

  /// Asks for the answers so far without waiting for the rest of the group.
  func enqueueFlush() throws(PostgresFault) {
    guard PQsendFlushRequest(handle) == 1 else { throw lost() }
  }

  /// Ends a group of statements: the first one refused makes the server skip the rest of its group.
  func enqueueSync() throws(PostgresFault) {
    guard PQpipelineSync(handle) == 1 else { throw lost() }
  }

  /// Sends a statement in a group of its own whose answer is picked up by `settle`, before the next use.
  func enqueueUnattended(_ statement: String) throws(PostgresFault) {
    try enqueue(statement)
    try enqueueSync()
    owed += 1
  }

  /// Picks up the answers that nobody waited for, and so finds out whether the connection still lives.
  func settle(within patience: Patience) throws(PostgresFault) {
    while owed > 0 {
      _ = try receive(within: patience)
      try receiveSync(within: patience)
      owed -= 1
    }
    // The server may have hung up since. Nothing is owed, so anything readable is bad news.
    guard PQconsumeInput(handle) == 1, PQstatus(handle) == CONNECTION_OK else { throw lost() }
  }
}

// MARK: - Receiving

extension PostgresConnection {
  /// The server's answer to one statement.
  enum Answer {
    case done(Completion)
    case refused(ServerError)
    /// An earlier statement of the group was refused.
    case skipped
  }

  struct Completion {
    /// `UPDATE`, `CREATE TABLE`…
    let command: String
    /// How many rows it returned or changed, for commands that say so.
    let rows: Int?
  }

  /// Waits until the server answers. With `pause`, returns false if that moment comes first.
  func awaitAnswer(
    within patience: Patience, pausingAt pause: ContinuousClock.Instant? = nil
  ) throws(PostgresFault) -> Bool {
    // Before the first look at an answer, or libpq gathers all its rows. It says no where there is nothing to set.
    PQsetSingleRowMode(handle)
    while true {
      let unsent = PQflush(handle)
      guard unsent >= 0 else { throw lost() }
      guard PQisBusy(handle) == 1 else { return true }
      do {
        let ready = try patience.wait(for: PQsocket(handle), unsent == 1 ? .either : .readable, pausingAt: pause)
        guard ready else { return false }
      } catch { throw .stopped(error) }
      guard PQconsumeInput(handle) == 1 else { throw lost() }
    }
  }

  /// Receives the answer to the oldest statement still unanswered, row by row, so that memory stays flat.
  func receive(
    within patience: Patience, eachRow: (borrowing PostgresRow) -> Void = { _ in }
  ) throws(PostgresFault) -> Answer {
    var answer: Answer?
    while let result = try nextResult(within: patience) {
      defer { PQclear(result) }
      switch PQresultStatus(result) {
      case PGRES_SINGLE_TUPLE: eachRow(PostgresRow(result: result, number: 0))
      case PGRES_TUPLES_OK, PGRES_COMMAND_OK:
        for number in 0..<PQntuples(result) { eachRow(PostgresRow(result: result, number: number)) }
        answer = .done(Completion(result))
      case PGRES_EMPTY_QUERY: answer = .refused(ServerError(sqlState: "42601", message: "the statement is empty"))
      case PGRES_PIPELINE_ABORTED: answer = .skipped
      case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH: throw .unsupported("COPY from or to the client")
      case PGRES_FATAL_ERROR:
        let error = ServerError(result)
        if error.isFatal { throw .lost(reason: error.message, server: error) }
        if error.sqlState.isEmpty { throw .lost(reason: error.message, server: nil) }
        answer = .refused(error)
      default: throw .lost(reason: "the server broke the protocol", server: nil)
      }
    }
    guard let answer else { throw lost() }
    return answer
  }

  /// Receives the end of a group.
  func receiveSync(within patience: Patience) throws(PostgresFault) {
    guard let result = try nextResult(within: patience) else { throw lost() }
    defer { PQclear(result) }
    guard PQresultStatus(result) == PGRES_PIPELINE_SYNC else {
      let error = ServerError(result)
      throw .lost(reason: error.message, server: error.isFatal ? error : nil)
    }
  }

  private func nextResult(within patience: Patience) throws(PostgresFault) -> OpaquePointer? {
    _ = try awaitAnswer(within: patience)
    return PQgetResult(handle)
  }

  private func lost() -> PostgresFault {
    let lines = String(cString: PQerrorMessage(handle)).split(separator: "\n")
    return .lost(reason: lines.first.map(String.init) ?? "the connection broke", server: nil)
  }
}

// MARK: - What libpq hands out

/// One row of a result, valid only while it is lent.
struct PostgresRow: ~Copyable {
  fileprivate let result: OpaquePointer
  fileprivate let number: Int32

  var columnCount: Int { Int(PQnfields(result)) }
  func name(ofColumn index: Int) -> String { PQfname(result, Int32(index)).map { String(cString: $0) } ?? "" }
  /// The OID of the column's type.
  func type(ofColumn index: Int) -> UInt32 { PQftype(result, Int32(index)) }
  func byteCount(ofColumn index: Int) -> Int { Int(PQgetlength(result, number, Int32(index))) }
  /// `nil` for NULL.
  func text(ofColumn index: Int) -> String? {
    guard PQgetisnull(result, number, Int32(index)) == 0 else { return nil }
    return PQgetvalue(result, number, Int32(index)).map { String(cString: $0) }
  }
}

extension PostgresConnection.Completion {
  fileprivate init(_ result: OpaquePointer) {
    let tag = String(cString: PQcmdStatus(result))
    command = tag.split(separator: " ").filter { Int($0) == nil }.joined(separator: " ")
    rows = Int(String(cString: PQcmdTuples(result)))
  }
}

extension ServerError {
  fileprivate init(_ result: OpaquePointer) {
    func field(_ letter: Unicode.Scalar) -> String? {
      PQresultErrorField(result, Int32(letter.value)).map { String(cString: $0) }
    }
    sqlState = field("C") ?? ""
    let whole = PQresultErrorMessage(result).map { String(cString: $0) } ?? ""
    message = field("M") ?? whole.split(separator: "\n").first.map(String.init) ?? "no reason given"
    detail = field("D")
    hint = field("H")
    position = field("P").flatMap(Int.init)
    constraint = field("n")
    table = field("t")
    isFatal = ["FATAL", "PANIC"].contains(field("V") ?? field("S") ?? "")
  }
}

extension PostgresConnection {
  /// Reads a connection URL into libpq's keywords, taking nothing from the environment. `nil` if it is not one.
  static func options(ofURL url: String) -> [String: String]? {
    // libpq's own message would quote parts of the URL, the password among them: it is not passed on.
    guard let options = PQconninfoParse(url, nil) else { return nil }
    defer { PQconninfoFree(options) }
    var given: [String: String] = [:]
    var option = options
    while let keyword = option.pointee.keyword {
      if let value = option.pointee.val { given[String(cString: keyword)] = String(cString: value) }
      option += 1
    }
    return given
  }

  /// As `150018` for 15.18.
  static var libraryVersion: Int { Int(PQlibVersion()) }

  /// Lends a NULL-terminated array of C strings.
  private static func withCStrings<Result>(
    _ strings: [String?], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Result
  ) -> Result {
    let copies = strings.map { $0.flatMap { strdup($0) } }
    defer { for copy in copies { free(copy) } }
    return body(copies.map { UnsafePointer($0) } + [nil])
  }
}
