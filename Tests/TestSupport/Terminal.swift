internal import Foundation
internal import Glibc
internal import Synchronization

/// A program in a terminal of its own, and somebody who types.
public final class Terminal: Sendable {
  public let program: RunningProgram
  private let screen: Screen
  /// TIOCSPTLCK and TIOCGPTN, which Swift does not see.
  private static let (lock, number): (UInt, UInt) = (0x4004_5431, 0x8004_5430)

  /// - Parameter columns: how wide it is.
  public init(
    _ arguments: [String], environment: [String: String], directory: String = Repository.root, columns: Int = 100
  ) throws {
    let descriptor = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var (locked, number): (Int32, Int32) = (0, 0)
    guard descriptor >= 0, ioctl(descriptor, Self.lock, &locked) == 0, ioctl(descriptor, Self.number, &number) == 0
    else { throw POSIXError(.ENXIO) }
    var size = winsize(ws_row: 40, ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(descriptor, UInt(TIOCSWINSZ), &size)
    let screen = Screen(descriptor)
    self.screen = screen
    let variables = environment.merging(["TERM": "xterm"]) { given, _ in given }
    program = try RunningProgram(
      arguments, environment: variables, directory: directory, terminal: "/dev/pts/\(number)")
    Thread.detachNewThread { screen.read() }
  }

  /// Everything the program wrote so far, and the echo of what was typed.
  public var transcript: String { screen.text }

  /// The same, as it came.
  public var bytes: [UInt8] { screen.bytes }

  /// Whether the program is gone and everything it wrote has come.
  public var hasEnded: Bool { !program.isRunning && screen.hasEnded }

  /// Waits until a text stands on the screen after the last one that was expected; false when it does not come.
  public func expect(_ text: String, within limit: Duration = .seconds(60)) async throws -> Bool {
    try await expect(anyOf: [text], within: limit)
  }

  /// The same for one of several texts.
  public func expect(anyOf texts: [String], within limit: Duration = .seconds(60)) async throws -> Bool {
    let deadline = ContinuousClock.now + limit
    while ContinuousClock.now < deadline {
      if texts.contains(where: screen.pass) { return true }
      if !program.isRunning, screen.hasEnded { return texts.contains(where: screen.pass) }
      try await Task.sleep(for: .milliseconds(10))
    }
    return false
  }

  /// Waits until the line of what runs tells that it has gone on for a second. A crowded machine leaves some seconds out.
  public func expectRunning(_ title: String = "") async throws -> Bool {
    try await expect(anyOf: (1...59).map { "running  00:\($0 < 10 ? "0" : "")\($0)  \(title)" })
  }

  /// Presses keys, and no Enter.
  public func type(_ keys: String) { screen.type(Array(keys.utf8)) }

  /// Types a line and presses Enter.
  public func send(_ line: String) { type(line + "\n") }

  /// Types bytes that need not be text, and presses Enter.
  public func send(bytes: [UInt8]) { screen.type(bytes + [10]) }

  /// Ctrl-D on an empty line.
  public func sendEOF() { type("\u{4}") }

  /// Ctrl-C.
  public func interrupt() { type("\u{3}") }

  /// Closes the window: the program loses its terminal.
  public func hangUp() { screen.hangUp() }

  /// Waits for the program's end. Its output is the transcript.
  public func wait(within limit: Duration = .seconds(60)) async throws -> ProgramResult {
    let result = try await program.wait(within: limit)
    let deadline = ContinuousClock.now + .seconds(2)
    while !screen.hasEnded, ContinuousClock.now < deadline { try await Task.sleep(for: .milliseconds(5)) }
    return ProgramResult(ending: result.ending, stdout: transcript, stderr: "", elapsed: result.elapsed)
  }

  /// Our end of the terminal.
  private final class Screen: Sendable {
    private struct State {
      var bytes: [UInt8] = []
      /// How far `expect` has come.
      var passed = 0
      var ended = false
      var isHungUp = false
    }

    private let descriptor: Int32
    private let state = Mutex(State())

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit { if !state.withLock({ $0.isHungUp }) { close(descriptor) } }

    var bytes: [UInt8] { state.withLock { $0.bytes } }
    var text: String { String(decoding: bytes, as: UTF8.self) }
    var hasEnded: Bool { state.withLock { $0.ended } }

    func pass(_ text: String) -> Bool {
      let wanted = Array(text.utf8)
      return state.withLock { state in
        guard let end = state.bytes.end(of: wanted, from: state.passed) else { return false }
        state.passed = end
        return true
      }
    }

    func type(_ bytes: [UInt8]) {
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        if count <= 0 { return }
        rest = rest.dropFirst(count)
      }
    }

    /// The reader lets go: while it reads, closing would close nothing.
    func hangUp() {
      state.withLock { $0.isHungUp = true }
      while !hasEnded { usleep(1_000) }
    }

    func read() {
      var chunk = [UInt8](repeating: 0, count: 4096)
      while true {
        var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        let isReady = poll(&watched, 1, 20) != 0
        if state.withLock({ $0.isHungUp }) {
          close(descriptor)
          break
        }
        if !isReady { continue }
        let count = Glibc.read(descriptor, &chunk, chunk.count)
        if count < 0, errno == EINTR { continue }
        // EIO: nobody holds the other end any more, or nobody does yet.
        if count <= 0 { break }
        state.withLock { $0.bytes += chunk[..<count] }
      }
      state.withLock { $0.ended = true }
    }
  }
}

extension [UInt8] {
  /// The place after the first occurrence at or after `start`.
  fileprivate func end(of wanted: [UInt8], from start: Int) -> Int? {
    guard !wanted.isEmpty, count - start >= wanted.count else { return nil }
    return (start...(count - wanted.count)).first {
      self[$0] == wanted[0] && self[$0..<($0 + wanted.count)].elementsEqual(wanted)
    }
    .map { $0 + wanted.count }
  }
}
