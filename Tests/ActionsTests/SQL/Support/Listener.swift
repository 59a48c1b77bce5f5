import Foundation
import Synchronization
import Testing

/// A small TCP server on loopback that does as it is told with each connection, on a thread of its own.
final class Listener: Sendable {
  let port: UInt16
  private let descriptor: Int32

  /// Without `serve`, connections are accepted by the system and never answered.
  init(serve: (@Sendable (Int32) -> Void)? = nil) throws {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    self.descriptor = descriptor
    var address = Self.loopback(port: 0)
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
        bind(descriptor, generic, size) == 0 && listen(descriptor, 16) == 0
          && getsockname(descriptor, generic, &size) == 0
      }
    }
    try #require(bound)
    port = UInt16(bigEndian: address.sin_port)
    guard let serve else { return }
    Thread.detachNewThread {
      while true {
        let connection = accept(descriptor, nil, nil)
        guard connection >= 0 else { return }
        Thread.detachNewThread {
          serve(connection)
          close(connection)
        }
      }
    }
  }

  deinit {
    shutdown(descriptor, Int32(SHUT_RDWR))
    close(descriptor)
  }

  static func loopback(port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    return address
  }

  static func connect(port: UInt16) -> Int32 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = loopback(port: port)
    let status = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Foundation.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    return status == 0 ? descriptor : -1
  }

  /// What can be read now or soon; `nil` at the end.
  static func read(_ descriptor: Int32) -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 65536)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    return count > 0 ? Array(buffer.prefix(count)) : nil
  }

  static func write(_ descriptor: Int32, _ bytes: [UInt8]) -> Bool {
    send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
  }
}

/// Stands between client and server and cuts the line at a chosen word of the client.
final class CuttingProxy: Sendable {
  enum Cut: Sendable {
    /// The server gets the word and may act on it; its answer is lost.
    case afterForwarding
    /// The server never gets it.
    case beforeForwarding
  }

  private let listener: Listener
  var port: UInt16 { listener.port }

  init(to server: UInt16, at word: String, _ cut: Cut, connections: Int = .max) throws {
    let uncut = Mutex(connections)
    listener = try Listener { client in
      let isCut = uncut.withLock { left in
        defer { left -= 1 }
        return left > 0
      }
      Self.relay(client, server: server, word: isCut ? Array(word.utf8) : nil, cut)
    }
  }

  private static func relay(_ client: Int32, server port: UInt16, word: [UInt8]?, _ cut: Cut) {
    let server = Listener.connect(port: port)
    guard server >= 0 else { return }
    let isCutting = Mutex(false)
    let done = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      while let bytes = Listener.read(server), !isCutting.withLock({ $0 }) {
        guard Listener.write(client, bytes) else { break }
      }
      shutdown(client, Int32(SHUT_RDWR))
      done.signal()
    }
    while let bytes = Listener.read(client) {
      if let word, contains(bytes, word) {
        isCutting.withLock { $0 = true }
        if case .afterForwarding = cut {
          // The server's answer ends the other thread's read: by then it has acted.
          _ = Listener.write(server, bytes)
          done.wait()
          done.signal()
        }
        break
      }
      guard Listener.write(server, bytes) else { break }
    }
    shutdown(server, Int32(SHUT_RDWR))
    shutdown(client, Int32(SHUT_RDWR))
    done.wait()
    close(server)
  }

  private static func contains(_ bytes: [UInt8], _ word: [UInt8]) -> Bool {
    guard bytes.count >= word.count else { return false }
    return (0...(bytes.count - word.count)).contains { bytes[$0..<($0 + word.count)].elementsEqual(word) }
  }
}
