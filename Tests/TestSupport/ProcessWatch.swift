internal import Foundation
internal import Glibc
internal import Synchronization

/// Looks at a program and everything below it about a thousand times a second, and keeps what anybody could have read:
/// the arguments of each process, and the environment of each but the program itself.
public final class ProcessWatch: Sendable {
  public struct Seen: Sendable {
    /// Of all processes, each as the kernel shows it, NUL between the arguments.
    public fileprivate(set) var arguments: Set<[UInt8]> = []
    /// Of the descendants, NUL between the variables.
    public fileprivate(set) var environments: Set<[UInt8]> = []
    public fileprivate(set) var samples = 0
    public fileprivate(set) var descendants: Set<Int32> = []
    public fileprivate(set) var elapsed = Duration.zero

    /// Looks per second.
    public var rate: Int { Int(Double(samples) / max(elapsed / .seconds(1), 0.001)) }
  }

  private let seen = Mutex(Seen())
  private let state = Mutex((isOver: false, hasEnded: false))

  /// From one look to the next.
  private static let pause = Duration.microseconds(800)

  public init(_ pid: Int32) {
    let thread = Thread { [self] in
      let begin = ContinuousClock.now
      var next = begin
      var known: [Int32: [UInt8]] = [:]
      while !state.withLock({ $0.isOver }) {
        look(at: pid, &known)
        // By the clock: what a look takes comes off the pause. One that is late is not made up for.
        next = max(next + Self.pause, .now)
        usleep(UInt32(max(next - .now, .zero) / .microseconds(1)))
      }
      seen.withLock { $0.elapsed = .now - begin }
      state.withLock { $0.hasEnded = true }
    }
    thread.start()
  }

  /// Looks no more. What was seen.
  public func stop() -> Seen {
    state.withLock { $0.isOver = true }
    while !state.withLock({ $0.hasEnded }) { usleep(500) }
    return seen.withLock { $0 }
  }

  /// - Parameter known: the arguments of each process at the look before.
  private func look(at root: Int32, _ known: inout [Int32: [UInt8]]) {
    let own = bytes("/proc/\(root)/cmdline")
    var family: [Int32] = [root]
    var next = 0
    while next < family.count {
      for child in children(of: family[next]) where !family.contains(child) { family.append(child) }
      next += 1
    }
    seen.withLock { seen in
      seen.samples += 1
      if !own.isEmpty { seen.arguments.insert(own) }
      for pid in family.dropFirst() {
        let arguments = bytes("/proc/\(pid)/cmdline")
        // A process that has become another program has other arguments; else there is nothing new to read.
        if arguments.isEmpty || known[pid] == arguments { continue }
        seen.arguments.insert(arguments)
        let environment = bytes("/proc/\(pid)/environ")
        // Between its birth and its own program a child still is a part of its parent.
        guard arguments != own, bytes("/proc/\(pid)/cmdline") == arguments, !environment.isEmpty else { continue }
        known[pid] = arguments
        seen.environments.insert(environment)
        seen.descendants.insert(pid)
      }
    }
  }

  private func children(of pid: Int32) -> [Int32] {
    guard let folder = opendir("/proc/\(pid)/task") else { return [] }
    defer { closedir(folder) }
    var found: [Int32] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      guard name.first != "." else { continue }
      let list = String(decoding: bytes("/proc/\(pid)/task/\(name)/children"), as: UTF8.self)
      found += list.split(separator: " ").compactMap { Int32($0) }
    }
    return found
  }

  private func bytes(_ path: String) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return [] }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while case let count = read(descriptor, &chunk, chunk.count), count > 0 { bytes += chunk[..<count] }
    return bytes
  }
}
