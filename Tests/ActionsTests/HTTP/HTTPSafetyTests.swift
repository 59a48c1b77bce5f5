import IncidentModel
import TestSupport
import Testing

@testable import Actions

@Suite("What HTTP requests never do")
struct HTTPSafetyTests {
  @Test(
    "line breaks and control characters in headers are refused, and nothing is sent",
    arguments: ["a\r\nX-Evil: 1", "a\nX-Evil: 1", "a\rb", "a\0b", "a\u{7F}"])
  func headerInjection(value: String) async throws {
    let server = try ScriptedHTTPServer(always: [.answer()])
    let performer = HTTPPerformer()
    #expect(await performer.perform(sampleRequest(server.url, headers: [("X-Reason", value)])).code == .badValue)
    #expect(await performer.perform(sampleRequest(server.url, headers: [(value, "x")])).code == .badValue)
    let token = Secret(name: "TOKEN", value: value)
    let result = await performer.perform(sampleRequest(server.url, bearer: token))
    #expect(result.code == .notConfigured)
    #expect(result.message.contains("TOKEN"))
    #expect(server.connections == 0)
  }

  @Test(
    "headers that say whom a request is for or where it ends are not a playbook's",
    arguments: ["Host", "content-length", "Transfer-Encoding", "Connection"])
  func reservedHeaders(name: String) async throws {
    let server = try ScriptedHTTPServer(always: [.answer()])
    let result = await HTTPPerformer().perform(sampleRequest(server.url, headers: [(name, "x")]))
    #expect(result.code == .badValue)
    #expect(server.connections == 0)
  }

  @Test(
    "a path that would lead elsewhere is refused",
    arguments: [
      "@evil.example/", "trades", "/a b", "/a\r\nHost: evil", "/users/../admin", "/users/%2e%2E/admin", "/./x", "/a#b",
      "/a\\..\\b",
    ])
  func badPaths(path: String) async throws {
    let server = try ScriptedHTTPServer(always: [.answer()])
    let result = await HTTPPerformer().perform(sampleRequest(server.url, "GET", path))
    #expect(result.code == .badValue)
    #expect(server.connections == 0)
  }

  @Test(
    "only http and https addresses are called",
    arguments: ["file:///etc", "ftp://127.0.0.1", "gopher://127.0.0.1", "127.0.0.1", "http://", "", "http://a b"])
  func otherSchemes(base: String) async {
    let result = await HTTPPerformer().perform(sampleRequest(base, "GET", ""))
    #expect(result.isFailure)
    #expect(result.code == .notConfigured)
  }

  @Test("a redirect is not followed unless the step says so, and the target is named without its path")
  func noRedirect() async throws {
    let other = try ScriptedHTTPServer(always: [.answer()])
    let server = try ScriptedHTTPServer(always: [.answer("302 Found", headers: ["Location: \(other.url)/x?token=1"])])
    let result = await HTTPPerformer().perform(sampleRequest(server.url))
    #expect(result.code == .httpStatus)
    #expect(result.failure?.advice?.contains("http://127.0.0.1 was not followed") == true)
    #expect(other.connections == 0)
  }

  @Test("a redirect to another place is followed without token and headers")
  func redirectWithoutCredentials() async throws {
    let other = try ScriptedHTTPServer(always: [.answer(body: "there")])
    let server = try ScriptedHTTPServer(always: [.answer("302 Found", headers: ["Location: \(other.url)/x"])])
    let result = await HTTPPerformer().perform(
      sampleRequest(
        server.url, headers: [("X-API-Key", "k3y")], bearer: Secret(name: "TOKEN", value: "t0ken-value"), follow: true))
    #expect(result.outcome == .succeeded)
    #expect(result.outputs["body"] == .text("there"))
    let seen = try #require(other.requests.first)
    #expect(seen.header("Authorization") == nil)
    #expect(seen.header("X-API-Key") == nil)
    #expect(server.requests.first?.header("Authorization") == "Bearer t0ken-value")
  }

  @Test("a redirect within the same place keeps its token")
  func redirectWithinPlace() async throws {
    let server = try ScriptedHTTPServer { request in
      request.target == "/trades" ? [.answer("307 Temporary Redirect", headers: ["Location: /v2/trades"])] : [.answer()]
    }
    let result = await HTTPPerformer().perform(
      sampleRequest(server.url, bearer: Secret(name: "TOKEN", value: "t0ken-value"), follow: true))
    #expect(result.outcome == .succeeded)
    #expect(server.requests.map(\.target) == ["/trades", "/v2/trades"])
    #expect(server.requests.last?.header("Authorization") == "Bearer t0ken-value")
  }

  @Test("redirects without end stop after five")
  func redirectLoop() async throws {
    let server = try ScriptedHTTPServer(always: [.answer("302 Found", headers: ["Location: /again"])])
    let result = await HTTPPerformer().perform(sampleRequest(server.url, follow: true))
    #expect(result.code == .httpStatus)
    #expect(server.requests.count == 6)
  }

  @Test("a request that changes something is never redirected")
  func postIsNotRedirected() async throws {
    let server = try ScriptedHTTPServer(always: [.answer("307 Temporary Redirect", headers: ["Location: /again"])])
    let result = await HTTPPerformer().perform(sampleRequest(server.url, "POST", follow: true))
    #expect(result.code == .httpStatus)
    #expect(server.requests.count == 1)
  }

  @Test(
    "a redirect to another scheme, or to where clouds keep their metadata, is not followed",
    arguments: [
      "file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1/x", "http://169.254.169.254/latest",
      "http://[::ffff:169.254.169.254]/latest", "http://2852039166/latest", "http://0xA9FEA9FE/latest",
      "http://0251.0376.0251.0376/latest", "http://[fe80::1]/x", "http://[fd00:ec2::254]/x",
    ])
  func redirectElsewhere(target: String) async throws {
    let server = try ScriptedHTTPServer(always: [.answer("302 Found", headers: ["Location: \(target)"])])
    let result = await HTTPPerformer().perform(sampleRequest(server.url, follow: true))
    #expect(result.isFailure)
    #expect([.httpStatus, .connectFailed].contains(result.code))
    #expect(server.requests.count == 1)
  }

  @Test(
    "an address is known for what it is in any spelling",
    arguments: [
      ("169.254.169.254", CurlTransfer.Reach.anywhere), ("::ffff:169.254.169.254", .anywhere), ("fe80::1", .anywhere),
      ("64:ff9b::a9fe:a9fe", .anywhere), ("fd00:ec2::254", .anywhere), ("nonsense", .anywhere),
      ("127.0.0.1", .notLinkLocal), ("::1", .notLinkLocal), ("::", .notLinkLocal), ("0.0.0.0", .notLinkLocal),
      ("10.1.2.3", .notLinkLocal), ("172.16.0.1", .notLinkLocal), ("172.31.255.255", .notLinkLocal),
      ("192.168.1.1", .notLinkLocal), ("100.64.0.1", .notLinkLocal), ("::ffff:10.0.0.1", .notLinkLocal),
      ("fd12::1", .notLinkLocal), ("224.0.0.1", .notLinkLocal), ("255.255.255.255", .notLinkLocal),
      ("ff02::1", .notLinkLocal), ("172.32.0.1", .publicOnly), ("1.1.1.1", .publicOnly), ("100.128.0.1", .publicOnly),
      ("2606:4700::1111", .publicOnly), ("::ffff:8.8.8.8", .publicOnly),
    ])
  func reach(address: String, reach: CurlTransfer.Reach) { #expect(CurlTransfer.reach(of: address) == reach) }

  @Test("an address that is a secret is never written out, and neither is a token")
  func hiddenAddress() async throws {
    let server = try ScriptedHTTPServer(always: [.answer("404 Not Found")])
    let hook = "\(server.url)/hooks/T0P-S3CRET?key=abc"
    func hidden(_ base: String) -> HTTPRequest {
      HTTPRequest(
        connection: "discord", base: .hidden(Secret(name: "HOOK", kind: .url, value: base)),
        bearer: Secret(name: "TOKEN", value: "t0ken-value"), method: "POST", body: .json(.map(["text": .text("hi")])),
        timeLimit: .seconds(2))
    }
    let broken = try ScriptedHTTPServer(always: [.close])
    var messages: [String] = []
    for base in [
      hook, "\(broken.url)/S3CRET", "http://127.0.0.1:\(unusedPort())/S3CRET", "ftp://S3CRET",
      "http://S3CRET.invalid:99999/",
    ] {
      let result = await HTTPPerformer().perform(hidden(base))
      #expect(result.outcome != .succeeded)
      messages.append("\(result.message) \(result.failure?.advice ?? "")")
    }
    #expect(server.requests.first?.target == "/hooks/T0P-S3CRET?key=abc")
    #expect(messages[0].hasPrefix("POST http://127.0.0.1 answered 404"))
    for message in messages {
      #expect(!message.contains("S3CRET") && !message.contains("t0ken") && !message.contains("abc"))
    }
  }
}
