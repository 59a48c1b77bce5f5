import Foundation
import TestSupport
import Testing

@Suite("Steps that ask a service", .inTurn, .timeLimit(.minutes(40)))
struct HTTPStepTests {
  private func book(_ server: ScriptedHTTPServer, _ steps: String) throws -> TestPlaybooks {
    let book = try TestPlaybooks(connections: "{api: {http: \"env:API\"}}", variables: ["API": server.url])
    try book.add("asks", top: "connections: [api]", steps: steps)
    return book
  }

  @Test("An answer that breaks off proves nothing: what only read failed, of a change nobody knows")
  func brokenOff() async throws {
    let half = "HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n{\"ok\": true"
    let server = try ScriptedHTTPServer(always: [.send(Array(half.utf8)), .close])
    let book = try book(
      server,
      """
      - {id: reads, http: {connection: api, get: /}}
      - {id: changes, http: {connection: api, post: /}}
      """)
    let result = try await book.run("asks", "--on-failure", "continue")
    #expect(result.code == 1, "\(result)")
    let record = try await book.record()
    #expect(record.step("reads").state == "failed", "\(record.step("reads").reason)")
    #expect(record.step("changes").state == "unknown", "\(record.step("changes").reason)")
  }

  @Test("A redirect is followed only where the step says so")
  func redirect() async throws {
    let server = try ScriptedHTTPServer { request in
      request.target == "/there" ? [.answer(body: "{}")] : [.answer("302 Found", headers: ["Location: /there"])]
    }
    let book = try book(
      server,
      """
      - {id: stays, http: {connection: api, get: /first}}
      - {id: goes, http: {connection: api, get: /second, follow: true}}
      """)
    let result = try await book.run("asks", "--on-failure", "continue")
    #expect(result.code == 1, "\(result)")
    let record = try await book.record()
    #expect(record.step("stays").state == "failed" && record.step("goes").state == "done", "\(result)")
    #expect(server.requests.map(\.target) == ["/first", "/second", "/there"])
  }

  @Test("An answer 500 is a failure, and the step says so")
  func refused() async throws {
    let server = try ScriptedHTTPServer(always: [.answer("500 Internal Server Error", body: "out of order")])
    let book = try book(server, "- {id: changes, http: {connection: api, post: /}}")
    let result = try await book.run("asks")
    #expect(result.code == 1, "\(result)")
    let step = try await book.record().step("changes")
    #expect(step.state == "failed" && step.reason.contains("500"), "\(step.reason)")
  }
}
