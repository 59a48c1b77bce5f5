import Foundation
import GRDB
import IncidentModel
import Sandbox
import Testing

@Suite("The stand-in we ship")
struct ShippedPlatformTests {
  static let order = #"{"side": "sell", "amount": "0.000001", "price": "0.000001", "probe": true}"#

  @Test("/health answers ok, and 503 when the platform says it is down")
  func health() async throws {
    try await SandboxBench.withShipped { bench in
      let up = try await bench.get("/health")
      #expect(up.status == 200)
      #expect(up.json == .map(["status": .text("ok")]))

      try await bench.elsewhere.write {
        try $0.execute(sql: "UPDATE trades_config SET value = 'down' WHERE key = 'API_STATUS'")
      }
      #expect(try await bench.get("/health").status == 503)
    }
  }

  @Test("/trades says true or false, following what another process writes into the database")
  func tradesFollows() async throws {
    try await SandboxBench.withShipped { bench in
      #expect(try await bench.get("/trades").json == .map(["enabled": .bool(true)]))
      try await bench.setTrading(false)
      #expect(try await bench.get("/trades").json == .map(["enabled": .bool(false)]))
      try await bench.setTrading(true)
      #expect(try await bench.get("/trades").json == .map(["enabled": .bool(true)]))
    }
  }

  @Test("An order becomes a row while trading is on, and is listed")
  func orderIsCreated() async throws {
    try await SandboxBench.withShipped { bench in
      let before = try await bench.count("trades_orders")
      let reply = try await bench.post("/api/trades/orders", Self.order)
      #expect(reply.status == 201)
      #expect(reply.json["amount"] == .text("0.000001"))
      #expect(try await bench.count("trades_orders") == before + 1)

      guard case .list(let orders)? = try await bench.get("/api/trades/orders").json["orders"] else {
        Issue.record("no list of orders")
        return
      }
      #expect(orders.count == before + 1)
      #expect(orders.first?["id"] == reply.json["id"])
    }
  }

  @Test("While trading is off an order is refused with 423 and leaves no row; the same for a fill")
  func disabledRefuses() async throws {
    try await SandboxBench.withShipped { bench in
      try await bench.setTrading(false)
      let (orders, fills) = (try await bench.count("trades_orders"), try await bench.count("trades_fills"))
      for path in ["/api/trades/orders", "/api/trades/orders/1/fill"] {
        let reply = try await bench.post(path, Self.order)
        #expect(reply.status == 423)
        #expect(reply.json == .map(["error": .text("trading_disabled")]))
      }
      #expect(try await bench.count("trades_orders") == orders)
      #expect(try await bench.count("trades_fills") == fills)
    }
  }

  @Test("A fill closes an open order once; a closed one is 409, an unknown one 404")
  func fill() async throws {
    try await SandboxBench.withShipped { bench in
      let fills = try await bench.count("trades_fills")
      let reply = try await bench.post("/api/trades/orders/1/fill", "{}")
      #expect(reply.status == 200)
      #expect(reply.json["order_id"] == .number(1))
      #expect(try await bench.count("trades_fills") == fills + 1)
      #expect(try await bench.post("/api/trades/orders/1/fill", "{}").status == 409)
      #expect(try await bench.post("/api/trades/orders/999/fill", "{}").status == 404)
      #expect(try await bench.post("/api/trades/orders/1%20OR%201=1/fill", "{}").status == 404)
      #expect(try await bench.count("trades_fills") == fills + 1)
    }
  }

  @Test("/admin/config wants the token, writes every member as text, and the platform follows")
  func adminConfig() async throws {
    try await SandboxBench.withShipped { bench in
      let change = #"{"TRADES_ENABLED": false, "TRADES_RISK_SCORE_HIGH_THRESHOLD": 75, "NEW_KEY": "it's"}"#
      #expect(try await bench.send("POST", "/admin/config", body: change).status == 401)
      #expect(try await bench.post("/admin/config", change, token: "wrong").status == 401)
      #expect(try await bench.get("/trades").json["enabled"] == .bool(true))

      #expect(try await bench.post("/admin/config", change).status == 200)
      let stored = try await bench.elsewhere.read {
        try String.fetchAll(
          $0,
          sql: """
            SELECT value FROM trades_config
            WHERE key IN ('TRADES_ENABLED', 'TRADES_RISK_SCORE_HIGH_THRESHOLD', 'NEW_KEY') ORDER BY key
            """)
      }
      #expect(stored == ["it's", "false", "75"])
      #expect(try await bench.get("/trades").json["enabled"] == .bool(false))
    }
  }

  @Test("The webhook answers as Discord does, keeps what came in, and refuses an empty message")
  func webhook() async throws {
    try await SandboxBench.withShipped { bench in
      let path = "/webhooks/discord"
      let message = #"{"content": "Trading is \"paused\"; DROP"}"#
      let reply = try await bench.send("POST", path + "?wait=true", body: message)
      #expect(reply.status == 200)
      #expect(reply.json["id"] == .text("1"))
      #expect(try await bench.send("POST", path, body: #"{"content": ""}"#).status == 400)
      let tooLong = #"{"content": "\#(String(repeating: "x", count: 2001))"}"#
      #expect(try await bench.send("POST", path, body: tooLong).status == 400)

      guard case .list(let messages)? = try await bench.get(path).json["messages"] else {
        Issue.record("no list of messages")
        return
      }
      #expect(messages.map { $0["content"] } == [.text("Trading is \"paused\"; DROP")])
    }
  }

  @Test("What comes in is bound as data: SQL in a value is stored as it is")
  func valuesAreBound() async throws {
    try await SandboxBench.withShipped { bench in
      let hostile = "x'); DROP TABLE trades_orders; --"
      let body = #"{"side": "buy", "amount": "1", "price": "1", "note": "\#(hostile)"}"#
      let reply = try await bench.post("/api/trades/orders", body)
      #expect(reply.status == 201)
      #expect(reply.json["note"] == .text(hostile))
      #expect(try await bench.count("trades_orders") > 1)
    }
  }

  @Test("An order that waits for another process's lock succeeds when the lock goes")
  func waitsForTheLock() async throws {
    try await SandboxBench.withShipped { bench in
      var configuration = Configuration()
      configuration.allowsUnsafeTransactions = true
      let other = try DatabaseQueue(path: bench.path, configuration: configuration)
      try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
      async let reply = bench.post("/api/trades/orders", Self.order)
      // Reading does not wait for the writer.
      #expect(try await bench.get("/health").status == 200)
      try await other.writeWithoutTransaction { try $0.execute(sql: "COMMIT") }
      #expect(try await reply.status == 201)
    }
  }

  @Test("The variables hold what the connections of the environment refer to")
  func variables() async throws {
    try await SandboxBench.withShipped { bench in
      let text = try String(contentsOfFile: "\(playbooksFolder)/environments/sandbox.yaml", encoding: .utf8)
      let referred = Set(text.matches(of: /"env:([A-Z_]+)"/).map { String($0.1) })
      #expect(Set(bench.sandbox.variables.keys) == referred.subtracting(["ANDON_SANDBOX_POSTGRES"]))
      #expect(bench.sandbox.variables["ANDON_SANDBOX_API"] == bench.sandbox.url)
      #expect(bench.sandbox.variables["ANDON_SANDBOX_SQLITE"] == bench.path)
      #expect(bench.sandbox.variables["ANDON_SANDBOX_WEBHOOK"] == bench.sandbox.url + "/webhooks/discord")
      #expect(bench.token.count == 32)
    }
  }
}
