import Foundation
import IncidentModel
import TestSupport
import Testing

@testable import Actions

@Suite("What is failed and what is unknown when HTTP goes wrong")
struct HTTPTroubleTests {
  @Test("a refused connection has failed, and names host and port")
  func refused() async throws {
    let port = unusedPort()
    let result = await HTTPPerformer().perform(sampleRequest("http://127.0.0.1:\(port)", "POST"))
    #expect(result.isFailure)
    #expect(result.code == .connectFailed)
    #expect(result.message == "no connection to 127.0.0.1:\(port): Connection refused")
  }

  @Test("a host that does not exist has failed")
  func unknownHost() async {
    let result = await HTTPPerformer().perform(sampleRequest("http://no-such-host.invalid", "POST"))
    #expect(result.isFailure)
    #expect([.connectFailed, .timedOut].contains(result.code))
    #expect(result.message.contains("no-such-host.invalid"))
  }

  @Test("a connection that never completes has failed in time: nothing was sent")
  func blackHole() async throws {
    let hole = try BlackHole()
    let start = ContinuousClock.now
    let result = await HTTPPerformer().perform(
      sampleRequest("http://127.0.0.1:\(hole.port)", "POST", within: .milliseconds(400)))
    #expect(result.isFailure)
    #expect(result.code == .timedOut)
    #expect(result.message.contains("nothing was sent"))
    #expect(ContinuousClock.now - start < .seconds(3))
  }

  @Test("a TLS handshake that hangs has failed in time")
  func handshakeHangs() async throws {
    let server = try ScriptedHTTPServer(always: [.hang])
    let result = await HTTPPerformer().perform(
      sampleRequest("https://127.0.0.1:\(server.port)", "POST", within: .milliseconds(400)))
    #expect(result.isFailure)
    #expect(result.code == .timedOut)
    #expect(result.message.contains("no secure connection"))
  }

  @Test("a server without TLS has failed before anything was sent")
  func notTLS() async throws {
    let server = try ScriptedHTTPServer(greeting: Array("220 mail.example.com ESMTP\r\n".utf8))
    let result = await HTTPPerformer().perform(sampleRequest("https://127.0.0.1:\(server.port)", "POST"))
    #expect(result.isFailure)
    #expect(result.code == .tlsFailed)
  }

  @Test("a self-signed certificate is refused, and nothing is sent")
  func selfSigned() async throws {
    let server = try SelfSignedServer()
    defer { server.stop() }
    let result = await HTTPPerformer().perform(
      sampleRequest("https://localhost:\(server.port)", "POST", body: .text("s")))
    #expect(result.isFailure)
    #expect(result.code == .tlsFailed)
    #expect(result.message.contains("certificate"))
  }

  @Test(
    "a request that gets no answer is unknown, in time",
    arguments: [
      [ScriptedHTTPServer.Act.hang],
      [.send(Array("HTTP/1.1 200 OK\r\nContent-".utf8)), .hang],
      [.send(Array("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n".utf8)), .hang],
      [.send(Array("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345".utf8)), .hang],
      [
        .send(Array("HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n".utf8)),
        .trickle(Array(repeating: 65, count: 100), every: .milliseconds(50)),
      ],
    ])
  func noAnswer(acts: [ScriptedHTTPServer.Act]) async throws {
    let server = try ScriptedHTTPServer(always: acts)
    let start = ContinuousClock.now
    let result = await HTTPPerformer().perform(sampleRequest(server.url, "POST", within: .milliseconds(500)))
    #expect(result.unknownReason == .timedOut)
    #expect(result.code == .timedOut)
    #expect(ContinuousClock.now - start < .seconds(3))
    #expect(server.requests.count == 1)
  }

  @Test(
    "a connection that breaks after the request is unknown, whatever the method",
    arguments: ["GET", "POST", "DELETE"])
  func breaks(method: String) async throws {
    let breaks: [[ScriptedHTTPServer.Act]] = [
      [.close], [.reset],
      [.send(Array("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345".utf8)), .close],
      [.send(Array("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345".utf8)), .reset],
    ]
    for acts in breaks {
      let server = try ScriptedHTTPServer(always: acts)
      let result = await HTTPPerformer().perform(sampleRequest(server.url, method))
      #expect(result.unknownReason == .connectionLost)
      #expect(result.message.contains("\(method) 127.0.0.1:\(server.port)/trades"))
    }
  }

  @Test("an answer that is not HTTP is unknown")
  func notHTTP() async throws {
    let server = try ScriptedHTTPServer(always: [.send(Array("SSH-2.0-OpenSSH_9.2\r\n".utf8)), .close])
    let result = await HTTPPerformer().perform(sampleRequest(server.url, "POST"))
    #expect(result.unknownReason == .connectionLost)
  }

  @Test("cancelling ends the waiting at once, and says that the request had been sent")
  func cancelled() async throws {
    let server = try ScriptedHTTPServer(always: [.hang])
    let task = Task { await HTTPPerformer().perform(sampleRequest(server.url, "POST")) }
    while server.requests.isEmpty { try await Task.sleep(for: .milliseconds(2)) }
    let start = ContinuousClock.now
    task.cancel()
    let result = await task.value
    #expect(result.unknownReason == .killed)
    #expect(result.code == .cancelled)
    #expect(ContinuousClock.now - start < .seconds(3))
  }

  @Test("a request that was cancelled before it began is not sent")
  func cancelledBefore() async throws {
    let server = try ScriptedHTTPServer(always: [.answer()])
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return await HTTPPerformer().perform(sampleRequest(server.url, "POST"))
    }
    let result = await task.value
    #expect(result.isFailure)
    #expect(server.requests.isEmpty)
  }
}

/// `openssl s_server` with a certificate that nobody has signed.
final class SelfSignedServer: Sendable {
  let port: Int
  private let process: pid_t
  private let directory: URL

  init() throws {
    port = unusedPort()
    directory = FileManager.default.temporaryDirectory.appending(path: "andon-tls-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    let key = directory.appending(path: "key.pem").path
    let certificate = directory.appending(path: "cert.pem").path
    let made = try spawnQuietly([
      "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key,
      "-out", certificate, "-days", "2",
      "-subj", "/CN=localhost",
    ])
    try #require(waitForExit(made) == 0)
    process = try spawnQuietly([
      "openssl", "s_server", "-accept", "127.0.0.1:\(port)", "-key", key, "-cert", certificate, "-www", "-quiet",
    ])
    try #require(waitUntilListening(port))
  }

  func stop() {
    kill(process, SIGKILL)
    _ = waitForExit(process)
    try? FileManager.default.removeItem(at: directory)
  }
}
