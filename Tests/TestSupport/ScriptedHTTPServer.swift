internal import Foundation
internal import Glibc
internal import Synchronization

/// A small HTTP server on 127.0.0.1 that does to each request what its script says, also what no server should do.
///
/// Each connection has a thread of its own. `stop` ends all of them; so does letting go of the server.
public final class ScriptedHTTPServer: Sendable {
  /// One thing to do with a connection, in order.
  public enum Act: Sendable {
    /// A whole answer, with its length.
    case answer(_ status: String = "200 OK", headers: [String] = [], body: String = "")
    /// Bytes as they are.
    case send([UInt8])
    /// Bytes one at a time.
    case trickle([UInt8], every: Duration)
    /// Does nothing more until the server is stopped or the client goes.
    case hang
    case close
    /// Ends the connection with a reset instead of an orderly close.
    case reset
  }

  public struct Request: Sendable {
    public let method: String
    public let target: String
    public let headers: [(name: String, value: String)]
    public let body: [UInt8]
    /// Counts the connections from 0.
    public let connection: Int

    public func header(_ name: String) -> String? {
      headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
  }

  public let port: Int
  private let stopping: Descriptor
  private let seen = Mutex<[Request]>([])
  private let accepted = Mutex(0)
  private let script: @Sendable (Request) -> [Act]
  private let greeting: [UInt8]?

  /// With a `greeting`, says that to whoever connects, and nothing more.
  public init(greeting: [UInt8]? = nil, _ script: @escaping @Sendable (Request) -> [Act] = { _ in [.close] }) throws {
    self.script = script
    self.greeting = greeting
    let (listener, port) = try listenOnLoopback(backlog: 64)
    self.port = port
    var ends: [Int32] = [-1, -1]
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
      throw POSIXError(.EMFILE)
    }
    stopping = Descriptor(ends[1])
    let worker = Worker(listener: Descriptor(listener), stop: Descriptor(ends[0]))
    Thread.detachNewThread { [weak self] in
      while let connection = worker.accept() {
        guard let server = self else { return }
        server.serve(connection, worker)
      }
    }
  }

  /// The same answer to everything.
  public convenience init(always acts: [Act]) throws { try self.init { _ in acts } }

  deinit { stop() }

  public var url: String { "http://127.0.0.1:\(port)" }
  /// Every whole request so far, in order.
  public var requests: [Request] { seen.withLock { $0 } }
  /// How many connections were made so far.
  public var connections: Int { accepted.withLock { $0 } }

  public func stop() { _ = send(stopping.number, [1], 1, Int32(MSG_NOSIGNAL)) }

  private func serve(_ descriptor: Int32, _ worker: Worker) {
    let number = accepted.withLock { count in
      defer { count += 1 }
      return count
    }
    let script = script
    let greeting = greeting
    Thread.detachNewThread { [weak self] in
      defer { Glibc.close(descriptor) }
      if let greeting {
        _ = worker.perform(.send(greeting), on: descriptor)
        _ = worker.perform(.hang, on: descriptor)
        return
      }
      var buffer: [UInt8] = []
      while let request = worker.request(on: descriptor, number, &buffer) {
        self?.seen.withLock { $0.append(request) }
        for act in script(request) where !worker.perform(act, on: descriptor) { return }
      }
    }
  }
}

/// A place on 127.0.0.1 where a connection is never completed and never refused.
public final class BlackHole: Sendable {
  public let port: Int
  private let descriptors: [Int32]

  public init() throws {
    let (listener, port) = try listenOnLoopback(backlog: 0)
    self.port = port
    var descriptors = [listener]
    // Nobody accepts, so a few connections fill the queue; the kernel drops every later attempt.
    for _ in 0..<4 {
      let client = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
      _ = withLoopbackAddress(port: port) { connect(client, $0, $1) }
      descriptors.append(client)
    }
    self.descriptors = descriptors
  }

  deinit { for descriptor in descriptors { close(descriptor) } }
}

/// A port of 127.0.0.1 where nobody listens. None of those that the system hands out to whoever asks for any: a server
/// that another test starts meanwhile does not get it.
public func unusedPort() -> Int {
  while true {
    let port = Int.random(in: 10_000..<20_000)
    if !connects(to: port) { return port }
  }
}

func connects(to port: Int) -> Bool {
  let client = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
  defer { close(client) }
  return withLoopbackAddress(port: port) { connect(client, $0, $1) } == 0
}

/// Closed when nobody uses it any more.
private final class Descriptor: Sendable {
  let number: Int32

  init(_ number: Int32) { self.number = number }

  deinit { close(number) }
}

private struct Worker: Sendable {
  let listener: Descriptor
  let stop: Descriptor

  func accept() -> Int32? {
    guard wait(for: listener.number) else { return nil }
    let descriptor = Glibc.accept(listener.number, nil, nil)
    guard descriptor >= 0 else { return nil }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    return descriptor
  }

  func request(
    on descriptor: Int32, _ number: Int, _ buffer: inout [UInt8]
  ) -> ScriptedHTTPServer.Request? {
    let blank = Array("\r\n\r\n".utf8)
    while true {
      if let head = (0..<max(0, buffer.count - 3)).first(where: { Array(buffer[$0..<($0 + 4)]) == blank }) {
        let lines = String(decoding: buffer[..<head], as: UTF8.self).components(separatedBy: "\r\n")
        let headers = lines.dropFirst().map { line -> (name: String, value: String) in
          let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
          return (String(parts[0]), parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : "")
        }
        let length = headers.first { $0.name.lowercased() == "content-length" }.flatMap { Int($0.value) } ?? 0
        if buffer.count >= head + 4 + length {
          let first = (lines.first ?? "").split(separator: " ").map(String.init)
          let body = Array(buffer[(head + 4)..<(head + 4 + length)])
          buffer.removeFirst(head + 4 + length)
          return ScriptedHTTPServer.Request(
            method: first.first ?? "", target: first.count > 1 ? first[1] : "", headers: Array(headers), body: body,
            connection: number)
        }
      }
      guard wait(for: descriptor) else { return nil }
      var chunk = [UInt8](repeating: 0, count: 65_536)
      let count = recv(descriptor, &chunk, chunk.count, 0)
      guard count > 0 else { return nil }
      buffer += chunk[..<count]
    }
  }

  /// False when the connection is over.
  func perform(_ act: ScriptedHTTPServer.Act, on descriptor: Int32) -> Bool {
    switch act {
    case .answer(let status, let headers, let body):
      let head = (["HTTP/1.1 \(status)", "Content-Length: \(body.utf8.count)"] + headers).joined(separator: "\r\n")
      return sendAll(Array("\(head)\r\n\r\n\(body)".utf8), on: descriptor)
    case .send(let bytes):
      return sendAll(bytes, on: descriptor)
    case .trickle(let bytes, let pause):
      for byte in bytes {
        guard sendAll([byte], on: descriptor) else { return false }
        if waitForStop(pause) { return false }
      }
      return true
    case .hang:
      var ignored = [UInt8](repeating: 0, count: 4096)
      while wait(for: descriptor), recv(descriptor, &ignored, ignored.count, 0) > 0 {}
      return false
    case .close:
      return false
    case .reset:
      var option = linger(l_onoff: 1, l_linger: 0)
      setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
      return false
    }
  }

  private func sendAll(_ bytes: [UInt8], on descriptor: Int32) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        send(descriptor, buffer.baseAddress.map { $0 + sent }, buffer.count - sent, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }

  /// False when the server is stopping.
  private func wait(for descriptor: Int32) -> Bool {
    var watched = [
      pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: stop.number, events: Int16(POLLIN), revents: 0),
    ]
    while poll(&watched, 2, -1) < 0 {}
    return watched[1].revents == 0
  }

  private func waitForStop(_ limit: Duration) -> Bool {
    let milliseconds = limit.components.seconds * 1000 + limit.components.attoseconds / 1_000_000_000_000_000
    var watched = [pollfd(fd: stop.number, events: Int16(POLLIN), revents: 0)]
    return poll(&watched, 1, Int32(milliseconds)) > 0
  }
}

private func listenOnLoopback(backlog: Int32) throws -> (descriptor: Int32, port: Int) {
  let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
  guard descriptor >= 0, withLoopbackAddress(port: 0, { bind(descriptor, $0, $1) }) == 0,
    listen(descriptor, backlog) == 0
  else { throw POSIXError(.EADDRNOTAVAIL) }
  var address = sockaddr_in()
  var size = socklen_t(MemoryLayout<sockaddr_in>.size)
  let status = withUnsafeMutablePointer(to: &address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
  }
  guard status == 0 else { throw POSIXError(.EADDRNOTAVAIL) }
  return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
}

private func withLoopbackAddress<Result>(
  port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
) -> Result {
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_port = UInt16(port).bigEndian
  address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
  return withUnsafePointer(to: &address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
  }
}
