internal import Foundation
internal import Glibc
internal import Synchronization

/// What came of a program that has ended.
public struct ProgramResult: Sendable, CustomStringConvertible {
  public enum Ending: Sendable, Hashable {
    case exit(Int32)
    case signal(Int32)
  }

  public let ending: Ending
  public let stdout: String
  public let stderr: String
  public let elapsed: Duration

  /// The exit code; minus the signal that ended it.
  public var code: Int32 {
    switch ending {
    case .exit(let code): code
    case .signal(let number): -number
    }
  }

  /// Both streams, as a person sees them.
  public var output: String { stdout + stderr }

  public var description: String {
    "\(ending) after \(elapsed)\n--- stdout\n\(stdout)\n--- stderr\n\(stderr)\n---"
  }
}

/// A program started by a test, with nothing but the environment it was given. Its output goes to files, so that
/// no pipe can hold it up. Killed when let go of.
public final class RunningProgram: Sendable {
  public let pid: Int32
  private let folder: TemporaryFolder
  private let start = ContinuousClock.now
  private let ending: Mutex<ProgramResult.Ending?>

  /// - Parameters:
  ///   - arguments: the program's absolute path first.
  ///   - input: what it reads; without it, standard input is empty.
  ///   - terminal: the path of a terminal for its three streams, which becomes the one it is controlled by.
  public init(
    _ arguments: [String], environment: [String: String], directory: String = Repository.root, input: String? = nil,
    terminal: String? = nil
  ) throws {
    let folder = try TemporaryFolder()
    self.folder = folder
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    let setsid: Int16 = 0x80  // POSIX_SPAWN_SETSID, which Swift does not see
    var flags = Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF)
    if let terminal {
      // A session without a terminal takes the first one it opens as its own.
      flags |= setsid
      posix_spawn_file_actions_addopen(&actions, 0, terminal, O_RDWR, 0)
      posix_spawn_file_actions_adddup2(&actions, 0, 1)
      posix_spawn_file_actions_adddup2(&actions, 0, 2)
    } else {
      let source = try input.map { try folder.write($0, to: "stdin") } ?? "/dev/null"
      let created = O_WRONLY | O_CREAT | O_TRUNC
      posix_spawn_file_actions_addopen(&actions, 0, source, O_RDONLY, 0)
      posix_spawn_file_actions_addopen(&actions, 1, folder.file("stdout"), created, 0o600)
      posix_spawn_file_actions_addopen(&actions, 2, folder.file("stderr"), created, 0o600)
    }
    var (none, all) = (sigset_t(), sigset_t())
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setflags(&attributes, flags)

    // env, as posix_spawn itself cannot change the folder here; it becomes the program.
    let whole = ["/usr/bin/env", "--chdir", directory] + arguments
    var items = whole.map { strdup($0) } + [nil]
    var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for item in items + variables { free(item) } }
    var process = pid_t()
    let status = posix_spawn(&process, whole[0], &actions, &attributes, &items, &variables)
    guard status == 0 else { throw POSIXError(POSIXErrorCode(rawValue: status) ?? .ENOENT) }
    pid = process
    ending = Mutex(nil)
  }

  deinit {
    guard ending.withLock({ $0 == nil }) else { return }
    Glibc.kill(pid, SIGKILL)
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0, errno == EINTR {}
  }

  public var stdout: String { text("stdout") }
  public var stderr: String { text("stderr") }

  public var isRunning: Bool { poll() == nil }

  /// Without a signal, as nobody can refuse.
  public func kill(_ signal: Int32 = 9) {
    // Not once it was collected: its number may be somebody else's by then.
    ending.withLock { if $0 == nil { _ = Glibc.kill(pid, signal) } }
  }

  /// Waits for its end; kills it when `limit` is over.
  public func wait(within limit: Duration = .seconds(90)) async throws -> ProgramResult {
    let deadline = start + limit
    while true {
      if let ending = poll() {
        return ProgramResult(ending: ending, stdout: stdout, stderr: stderr, elapsed: .now - start)
      }
      if ContinuousClock.now > deadline { kill() }
      try await Task.sleep(for: .milliseconds(5))
    }
  }

  private func poll() -> ProgramResult.Ending? {
    ending.withLock { ending in
      if let ending { return ending }
      var status: Int32 = 0
      guard waitpid(pid, &status, WNOHANG) == pid else { return nil }
      ending = status & 0x7F == 0 ? .exit(status >> 8 & 0xFF) : .signal(status & 0x7F)
      return ending
    }
  }

  private func text(_ name: String) -> String {
    (try? Data(contentsOf: URL(filePath: folder.file(name)))).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}
