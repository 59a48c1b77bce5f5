/// Why talking to a PostgreSQL server came to an end. A refused statement is not a fault: it is an answer.
enum PostgresFault: Error, Sendable {
  /// There was no more time, or the work was called off.
  case stopped(Patience.End)
  /// There is no connection. `sqlState` is set when the server itself said no.
  case notConnected(reasons: [String], sqlState: String?)
  /// The connection broke. `server` is set when the server said why before it hung up.
  case lost(reason: String, server: ServerError?)
  /// The statement asks for something this client does not do.
  case unsupported(String)
}

/// What the server says about a statement it refuses.
struct ServerError: Sendable, Hashable {
  var sqlState: String
  var message: String
  var detail: String?
  var hint: String?
  /// Counts characters of the statement from 1.
  var position: Int?
  var constraint: String?
  var table: String?
  /// The server ends the session after saying it.
  var isFatal = false
}
