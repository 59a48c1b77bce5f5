internal import Foundation
internal import IncidentModel
internal import Synchronization

/// The trades API: an HTTP server that really follows a database, and can be told to misbehave.
public final class TradesAPI: Sendable {
  /// What is wrong with it.
  public struct Fault: Sendable {
    /// Only for requests of this method; `nil` for all.
    public var method: String?
    public var acts: [ScriptedHTTPServer.Act]

    public init(method: String? = nil, _ acts: [ScriptedHTTPServer.Act]) {
      self.method = method
      self.acts = acts
    }

    /// Answers with a status and a JSON body.
    public static func status(_ line: String, method: String? = nil, body: String = "{}") -> Fault {
      Fault(method: method, [.answer(line, headers: ["Content-Type: application/json"], body: body)])
    }
  }

  private let server: ScriptedHTTPServer
  private let fault = Holder()

  public init(_ database: ScratchDatabase, token: String) throws {
    server = try ScriptedHTTPServer { [fault] request in
      if let fault = fault.current, fault.method == nil || fault.method == request.method { return fault.acts }
      return [Self.answer(request, database, token)]
    }
  }

  public var url: String { server.url }
  public var requests: [ScriptedHTTPServer.Request] { server.requests }

  public func requests(_ method: String, _ target: String) -> Int {
    requests.count { $0.method == method && $0.target == target }
  }

  /// From now on. `nil` mends it.
  public func misbehave(_ fault: Fault?) { self.fault.set(fault) }

  private final class Holder: Sendable {
    private let fault = Mutex<Fault?>(nil)

    var current: Fault? { fault.withLock { $0 } }
    func set(_ value: Fault?) { fault.withLock { $0 = value } }
  }

  private static func answer(
    _ request: ScriptedHTTPServer.Request, _ database: ScratchDatabase, _ token: String
  ) -> ScriptedHTTPServer.Act {
    do {
      let needsToken = request.method == "POST" || request.target == "/admin/config"
      if needsToken, request.header("Authorization") != "Bearer \(token)" {
        return json("401 Unauthorized", #"{"error":"unauthorized"}"#)
      }
      let isEnabled = try database.tradesEnabled == "true"
      switch (request.method, request.target) {
      case ("GET", "/health"): return json("200 OK", #"{"status":"ok"}"#)
      case ("GET", "/trades"): return json("200 OK", #"{"enabled":\#(isEnabled)}"#)
      case ("GET", "/admin/config"): return try configuration(database)
      case ("POST", "/admin/config"):
        guard case .map(let changes)? = try? Value.json(Data(request.body)) else {
          return json("400 Bad Request", #"{"error":"not a map"}"#)
        }
        for (key, value) in changes {
          try database.query(
            """
            INSERT INTO trades_config (key, value) VALUES ($1, $2)
            ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = now()
            """, [key, value.displayText])
        }
        return try configuration(database)
      case ("POST", "/api/trades/orders"):
        guard isEnabled else { return json("423 Locked", #"{"error":"trading_disabled"}"#) }
        return try create(request, database)
      case ("POST", let target) where target.hasPrefix("/api/trades/orders/") && target.hasSuffix("/fill"):
        guard isEnabled else { return json("423 Locked", #"{"error":"trading_disabled"}"#) }
        let order = target.split(separator: "/")[3]
        let found = try database.query(
          "UPDATE trades_orders SET status = 'filled' WHERE id::text = $1 AND status = 'open' RETURNING id",
          [String(order)])
        guard !found.isEmpty else { return json("404 Not Found", #"{"error":"no_such_order"}"#) }
        try database.query("INSERT INTO trades_fills (order_id, amount) VALUES ($1::bigint, 1)", [String(order)])
        return json("200 OK", #"{"filled":true}"#)
      default: return json("404 Not Found", #"{"error":"not_found"}"#)
      }
    } catch { return json("500 Internal Server Error", #"{"error":"database"}"#) }
  }

  private static func configuration(_ database: ScratchDatabase) throws -> ScriptedHTTPServer.Act {
    json("200 OK", try database.value("SELECT json_object_agg(key, value)::text FROM trades_config") ?? "{}")
  }

  private static func create(
    _ request: ScriptedHTTPServer.Request, _ database: ScratchDatabase
  ) throws -> ScriptedHTTPServer.Act {
    guard let order = try? Value.json(Data(request.body)), let side = order["side"]?.displayText,
      let amount = order["amount"]?.displayText, let price = order["price"]?.displayText
    else { return json("400 Bad Request", #"{"error":"an order needs side, amount and price"}"#) }
    try database.query(
      """
      INSERT INTO trades_orders (maker_address, side, amount, price)
      VALUES ('0x000000000000000000000000000000000000dEaD', $1, $2::numeric, $3::numeric)
      """, [side, amount, price])
    return json("201 Created", #"{"created":true}"#)
  }

  private static func json(_ status: String, _ body: String) -> ScriptedHTTPServer.Act {
    .answer(status, headers: ["Content-Type: application/json"], body: body)
  }
}
