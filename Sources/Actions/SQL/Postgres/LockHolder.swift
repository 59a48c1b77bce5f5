/// Who holds the lock that a statement waits for.
struct LockHolder: Sendable, Hashable {
  var pid: String
  var user: String?
  var applicationName: String?
  var clientAddress: String?
  /// How long its transaction has been open, in whole seconds.
  var openSeconds: String?
  /// `active`, `idle in transaction`…
  var state: String?
  var query: String?

  /// `session 4711 (user app, 'psql', from 10.0.0.7; its transaction is open for 12 s, idle in transaction: UPDATE …)`
  var sentence: String {
    guard let user else { return pid == "0" ? "a prepared transaction" : "session \(pid)" }
    var who = "user \(user)"
    if let applicationName, !applicationName.isEmpty { who += ", '\(applicationName)'" }
    who += clientAddress.map { ", from \($0)" } ?? ", on the server itself"
    var what = openSeconds.map { "; its transaction has been open for \($0) s" } ?? ""
    if let state { what += ", \(state)" }
    if let query, !query.isEmpty { what += ": \(query)" }
    return "session \(pid) (\(who)\(what))"
  }
}
