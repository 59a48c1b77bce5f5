import Foundation
import GRDB
import IncidentModel
import Sandbox
import TestSupport
import Testing

@Suite("Any stand-in")
struct SandboxPlatformTests {
  static let schema = "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT UNIQUE); INSERT INTO t (v) VALUES ('one')"
  static let routes = """
    - get: /t
      sql: SELECT * FROM t ORDER BY id
      json: {rows: $rows, none: $$row}
    - get: /sly
      sql: INSERT INTO t (v) VALUES ('sly')
    - post: /t
      sql: INSERT INTO t (v) VALUES (:v) RETURNING id, v
      json: $row
    - post: /t/all
      each: true
      sql: INSERT INTO t (v) VALUES (:value)
      status: 204
    """

  /// A definition of `routes` over `schema`, its file in `folder`.
  static func definition(
    in folder: String, schema: String = schema, routes: String = routes, more: String = ""
  ) throws -> SandboxDefinition {
    try schema.write(toFile: "\(folder)/schema.sql", atomically: true, encoding: .utf8)
    let indented = routes.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
    return try SandboxDefinition(
      value(ofYAML: "database: schema.sql\n\(more)\nroutes:\n\(indented)\n"), baseDirectory: folder)
  }

  static func with(routes: String = routes, _ body: (SandboxBench) async throws -> Void) async throws {
    try await withTemporaryFolder { try await SandboxBench.with(definition(in: $0, routes: routes), body) }
  }

  @Test("A path nobody described is 404, another method 405, a body that is not JSON 400")
  func plainRefusals() async throws {
    try await Self.with { (bench) async throws in
      #expect(try await bench.get("/nowhere").status == 404)
      #expect(try await bench.get("/t/").status == 404)
      #expect(try await bench.send("DELETE", "/t").status == 405)
      #expect(try await bench.post("/t", "{not json").status == 400)
      #expect(try await bench.post("/t", String(repeating: " ", count: 1_100_000)).status == 413)
    }
  }

  @Test("Rows come back typed, '$$' begins a plain text, and 204 has no body")
  func answers() async throws {
    try await Self.with { bench in
      let two: Value = .map(["id": .number(2), "v": .text("two")])
      #expect(try await bench.post("/t", #"{"v": "two"}"#).json == two)
      let listed = try await bench.get("/t").json
      #expect(listed["rows"] == .list([.map(["id": .number(1), "v": .text("one")]), two]))
      #expect(listed["none"] == .text("$row"))
      let silent = try await bench.post("/t/all", #"{"a": "three"}"#)
      #expect(silent.status == 204)
      #expect(silent.json == .absent)
    }
  }

  @Test("A GET cannot change anything, whatever its SQL says")
  func getIsReadOnly() async throws {
    try await Self.with { (bench) async throws in
      #expect(try await bench.get("/sly").status == 500)
      #expect(try await bench.count("t") == 1)
    }
  }

  @Test("A request whose SQL fails half-way changes nothing")
  func allOrNothing() async throws {
    try await Self.with { (bench) async throws in
      #expect(try await bench.post("/t/all", #"{"a": "new", "b": "one"}"#).status == 400)
      #expect(try await bench.count("t") == 1)
    }
  }

  @Test("A start keeps what is there; 'fresh' or another schema begins anew, without taking the file away")
  func freshness() async throws {
    try await withTemporaryFolder { (folder) async throws in
      func rows(schema: String = Self.schema, fresh: Bool) async throws -> Int {
        let definition = try Self.definition(in: folder, schema: schema)
        let sandbox = try await SandboxPlatform.start(definition, directory: "\(folder)/state", fresh: fresh)
        let bench = try SandboxBench(sandbox)
        _ = try await bench.post("/t", #"{"v": "\#(UUID().uuidString)"}"#)
        let count = try await bench.count("t")
        await sandbox.stop()
        return count
      }
      #expect(try await rows(fresh: false) == 2)
      #expect(try await rows(fresh: false) == 3)
      #expect(try await rows(fresh: true) == 2)
      #expect(try await rows(schema: Self.schema + ", ('more')", fresh: false) == 3)
    }
  }

  @Test("It listens on loopback only")
  func loopbackOnly() async throws {
    try await Self.with { bench in
      let port = try #require(URL(string: bench.sandbox.url)?.port)
      let hex = String(format: "%04X", port)
      let table = try ["tcp", "tcp6"].map { try String(contentsOfFile: "/proc/net/\($0)", encoding: .utf8) }.joined()
      let sockets = table.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
      // Columns 1 and 3 are the local address and the state; 0A is LISTEN.
      let listeners = sockets.filter { $0.count > 3 && $0[3] == "0A" }.map { $0[1] }
      let listening = listeners.filter { $0.hasSuffix(":" + hex) }
      #expect(listening == ["0100007F:\(hex)"])
    }
  }

  /// Waits for the port: a program that another test started meanwhile holds a copy of its socket until it ends.
  private static func startAgain(
    _ definition: SandboxDefinition, directory: String, port: Int
  ) async throws -> RunningSandbox {
    let end = ContinuousClock.now + .seconds(20)
    while ContinuousClock.now < end {
      let sandbox = try? await SandboxPlatform.start(definition, directory: directory, port: port, fresh: true)
      if let sandbox { return sandbox }
    }
    return try await SandboxPlatform.start(definition, directory: directory, port: port, fresh: true)
  }

  @Test("A taken port is a clear error, and a stopped sandbox gives its port back")
  func ports() async throws {
    try await withTemporaryFolder { (folder) async throws in
      let definition = try Self.definition(in: folder)
      let port = unusedPort()
      let first = try await SandboxPlatform.start(definition, directory: "\(folder)/1", port: port, fresh: true)
      let bench = try SandboxBench(first)
      // Leaves a kept-alive connection behind, which must not hold up `stop`.
      _ = try await bench.get("/t")

      let refusal = await #expect(throws: Problem.self) {
        _ = try await SandboxPlatform.start(definition, directory: "\(folder)/2", port: port, fresh: true)
      }
      #expect(refusal?.message.contains("cannot listen on 127.0.0.1:\(port)") == true)

      let stopping = await ContinuousClock().measure { await first.stop() }
      #expect(stopping < .seconds(5))
      let second = try await Self.startAgain(definition, directory: "\(folder)/2", port: port)
      #expect(second.url == first.url)
      #expect(second.variables.isEmpty)
      await second.stop()
    }
  }

  @Test("A file that is no database is said to be none, with what to do about it")
  func notADatabase() async throws {
    try await withTemporaryFolder { folder in
      let definition = try Self.definition(in: folder)
      try String(repeating: "no database ", count: 400)
        .write(toFile: "\(folder)/platform.sqlite", atomically: true, encoding: .utf8)
      let refusal = await #expect(throws: Problem.self) {
        _ = try await SandboxPlatform.start(definition, directory: folder, fresh: true)
      }
      #expect(refusal?.message.contains("platform.sqlite") == true)
      #expect(refusal?.advice?.contains("remove the file") == true)
    }
  }
}
