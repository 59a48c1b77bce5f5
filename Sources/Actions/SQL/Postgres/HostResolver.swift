internal import Glibc
internal import IncidentModel
internal import Synchronization

/// Turns host names into addresses under a time limit, which neither libpq nor `getaddrinfo` can keep by itself.
enum HostResolver {
  enum Failure: Error {
    case stopped(Patience.End)
    case unknown(reason: String)
  }

  /// The numeric addresses of a host, in the system's order. A numeric address is returned as it is, without a look-up.
  static func addresses(of host: String, within patience: Patience) throws(Failure) -> [String] {
    if isNumeric(host) { return [host] }
    let lookUp = LookUp(host)
    // The thread is left behind if the look-up hangs; its answer is dropped.
    guard SpareThread.run({ lookUp.run() }) else { throw .unknown(reason: "no thread left to look it up") }
    do { _ = try patience.wait(for: lookUp.done.descriptor) } catch { throw .stopped(error) }
    switch lookUp.answer.withLock({ $0 }) {
    case .success(let addresses): return addresses
    case .failure(let failure): throw failure
    }
  }

  static func isNumeric(_ host: String) -> Bool {
    var four = in_addr()
    var six = in6_addr()
    return inet_pton(AF_INET, host, &four) == 1 || inet_pton(AF_INET6, host, &six) == 1
  }

  /// True for 127.0.0.0/8 and ::1.
  static func isLoopback(address: String) -> Bool {
    var four = in_addr()
    if inet_pton(AF_INET, address, &four) == 1 { return UInt32(bigEndian: four.s_addr) >> 24 == 127 }
    var six = in6_addr()
    guard inet_pton(AF_INET6, address, &six) == 1 else { return false }
    return withUnsafeBytes(of: six) { $0.dropLast().allSatisfy { $0 == 0 } && $0.last == 1 }
  }
}

private final class LookUp: Sendable {
  let host: String
  let done = WakeUp()
  let answer = Mutex<Result<[String], HostResolver.Failure>>(.failure(.unknown(reason: "no answer")))

  init(_ host: String) { self.host = host }

  func run() {
    let found = resolve()
    answer.withLock { $0 = found }
    done.give()
  }

  private func resolve() -> Result<[String], HostResolver.Failure> {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = AI_ADDRCONFIG
    var list: UnsafeMutablePointer<addrinfo>?
    let status = getaddrinfo(host, nil, &hints, &list)
    guard status == 0 else { return .failure(.unknown(reason: String(cString: gai_strerror(status)))) }
    defer { freeaddrinfo(list) }
    var addresses: [String] = []
    var next = list
    while let entry = next {
      if let text = numericText(of: entry.pointee), !addresses.contains(text) { addresses.append(text) }
      next = entry.pointee.ai_next
    }
    return addresses.isEmpty ? .failure(.unknown(reason: "it has no address")) : .success(addresses)
  }

  private func numericText(of entry: addrinfo) -> String? {
    var buffer = [CChar](repeating: 0, count: 64)
    let status = getnameinfo(
      entry.ai_addr, entry.ai_addrlen, &buffer, socklen_t(buffer.count), nil, 0, NI_NUMERICHOST)
    guard status == 0 else { return nil }
    return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
