import IncidentModel
import TestSupport
import Testing

@testable import Actions

@Suite("What an HTTP request sends and what comes of the response")
struct HTTPResponseTests {
  @Test("status, headers, body, JSON and times are the outputs of a success")
  func outputs() async throws {
    let server = try ScriptedHTTPServer(always: [
      .answer(
        "200 OK", headers: ["Content-Type: application/json; charset=utf-8", "X-Part: a", "x-part: b"],
        body: #"{"enabled": false, "fee": 70.10, "name": "Zürich"}"#)
    ])
    let result = await HTTPPerformer().perform(sampleRequest(server.url))
    #expect(result.outcome == .succeeded)
    #expect(result.outputs["status"] == .number(200))
    #expect(result.outputs["headers"]?["x-part"] == .text("a, b"))
    #expect(result.outputs["json"]?["enabled"] == .bool(false))
    #expect(result.outputs["json"]?["name"] == .text("Zürich"))
    #expect(result.outputs["body_is_text"] == .bool(true))
    guard case .number(let total)? = result.outputs["time"]?["total"] else {
      return #expect(Bool(false), "no time.total")
    }
    #expect(total > Number(0))
  }

  @Test("method, path, encoded query, headers, JSON body, key and agent reach the server")
  func request() async throws {
    let server = try ScriptedHTTPServer(always: [.answer("201 Created")])
    let request = sampleRequest(
      server.url + "/v1/", "PATCH", "/trades/a%2Fb", query: [("q", "a&b=c d"), ("r", "é")],
      headers: [("X-Reason", "drill"), ("X-Empty", "")], body: .json(.map(["enabled": .bool(false)])),
      bearer: Secret(name: "TOKEN", value: "t0ken-value"))
    let result = await HTTPPerformer(version: "9.9").perform(request)
    #expect(result.outcome == .succeeded)
    let seen = try #require(server.requests.first)
    #expect(seen.method == "PATCH")
    #expect(seen.target == "/v1/trades/a%2Fb?q=a%26b%3Dc%20d&r=%C3%A9")
    #expect(String(decoding: seen.body, as: UTF8.self) == #"{"enabled":false}"#)
    #expect(seen.header("Content-Type") == "application/json")
    #expect(seen.header("X-Reason") == "drill")
    #expect(seen.header("X-Empty") == "")
    #expect(seen.header("Authorization") == "Bearer t0ken-value")
    #expect(seen.header("Idempotency-Key") == "key-107-pause")
    #expect(seen.header("User-Agent") == "andon/9.9")
    #expect(seen.header("Cookie") == nil)
  }

  @Test(
    "every method arrives as itself, and only those that change something carry a key",
    arguments: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
  func methods(method: String) async throws {
    let server = try ScriptedHTTPServer {
      $0.method == "HEAD" ? [.send(Array("HTTP/1.1 200 OK\r\n\r\n".utf8)), .close] : [.answer()]
    }
    let result = await HTTPPerformer().perform(sampleRequest(server.url, method))
    #expect(result.outcome == .succeeded)
    let seen = try #require(server.requests.first)
    #expect(seen.method == method)
    #expect((seen.header("Idempotency-Key") != nil) == !["GET", "HEAD"].contains(method))
  }

  @Test("a status that is not accepted is a failure that names method, host, path, status and the body's beginning")
  func wrongStatus() async throws {
    let body = "trading engine is down " + String(repeating: "x", count: 500)
    let server = try ScriptedHTTPServer(always: [.answer("503 Service Unavailable", body: body)])
    let result = await HTTPPerformer().perform(sampleRequest(server.url))
    #expect(result.isFailure)
    #expect(result.code == .httpStatus)
    #expect(
      result.message.hasPrefix("GET 127.0.0.1:\(server.port)/trades answered 503 Service Unavailable\ntrading engine"))
    #expect(result.message.count < 320)
    #expect(result.outputs["status"] == .number(503))
    #expect(result.outputs["body"] == .text(body))
  }

  @Test("only the statuses that the step accepts count, when it names any")
  func acceptedStatuses() async throws {
    let server = try ScriptedHTTPServer(always: [.answer("404 Not Found")])
    let performer = HTTPPerformer()
    #expect(await performer.perform(sampleRequest(server.url, accepted: [404])).outcome == .succeeded)
    let result = await performer.perform(sampleRequest(server.url, accepted: [200, 204]))
    #expect(result.message.contains("answered 404 Not Found (accepted: 200, 204)"))
  }

  @Test("a body that is called JSON and is not leaves json absent and says why")
  func notJSON() async throws {
    let server = try ScriptedHTTPServer(always: [
      .answer(headers: ["Content-Type: application/json"], body: "<html>maintenance</html>")
    ])
    let result = await HTTPPerformer().perform(sampleRequest(server.url))
    #expect(result.outcome == .succeeded)
    #expect(result.outputs["json"] == .absent)
    #expect(result.outputs["json_error"]?.asText?.contains("<html>maintenance") == true)
    #expect(!result.warnings.isEmpty)
  }

  @Test("a body of 2 MiB is cut at 1 MiB, and its true size told")
  func largeBody() async throws {
    let server = try ScriptedHTTPServer(always: [.answer(body: String(repeating: "é", count: 1 << 20))])
    let result = await HTTPPerformer().perform(sampleRequest(server.url))
    #expect(result.outcome == .succeeded)
    #expect(result.outputs["body_bytes"] == .number(2 << 20))
    #expect(result.outputs["body"]?.asText?.utf8.count == 1 << 20)
    #expect(result.outputs["body_is_text"] == .bool(true))
    #expect(result.warnings.first?.contains("2097152 bytes") == true)
  }

  @Test("a body that is not text says so instead of failing")
  func binaryBody() async throws {
    let head = Array("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n".utf8)
    let server = try ScriptedHTTPServer(always: [.send(head + [0xFF, 0xFE, 0x00, 0x41])])
    let result = await HTTPPerformer().perform(sampleRequest(server.url))
    #expect(result.outcome == .succeeded)
    #expect(result.outputs["body_is_text"] == .bool(false))
    #expect(result.outputs["body_bytes"] == .number(4))
  }

  @Test("the second request to a host uses the connection of the first")
  func connectionReuse() async throws {
    let server = try ScriptedHTTPServer(always: [.answer(body: "ok")])
    let performer = HTTPPerformer()
    for _ in 0..<5 { #expect(await performer.perform(sampleRequest(server.url)).outcome == .succeeded) }
    #expect(server.requests.count == 5)
    #expect(server.connections == 1)
  }

  @Test("a POST is never sent twice, even when a connection that was kept open turns out dead")
  func neverTwice() async throws {
    let server = try ScriptedHTTPServer { $0.method == "GET" ? [.answer(body: "ok")] : [.close] }
    let performer = HTTPPerformer()
    #expect(await performer.perform(sampleRequest(server.url)).outcome == .succeeded)
    let result = await performer.perform(sampleRequest(server.url, "POST", body: .text("pay")))
    #expect(result.unknownReason == .connectionLost)
    #expect(server.requests.filter { $0.method == "POST" }.count == 1)
  }
}
