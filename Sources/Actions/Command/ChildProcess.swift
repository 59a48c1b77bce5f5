import CLinux
import Glibc
import IncidentModel
import Subprocess
import Synchronization
import SystemPackage

/// One child from its start to its end, in a session of its own. The end is always awaited and collected.
final class ChildProcess: Sendable {
  /// How it came to an end.
  enum End: Sendable {
    case exited(Int)
    case signalled(Int32)
    /// It was never started.
    case notStarted(Failure)
    /// It was started, and then we lost sight of it.
    case lost(String)
  }

  private struct State {
    var id: pid_t?
    var isOver = false
    var isAbandoned = false
  }

  private let launch: CommandLaunch
  private let state = Mutex(State())

  init(_ launch: CommandLaunch) { self.launch = launch }

  /// The process id, once there is one. It stays the child's own until `run` has returned.
  var id: pid_t? { state.withLock { $0.id } }

  /// Blocks until the child has started or never will; then its tree can be ended. A child that takes longer than
  /// `limit` to start is killed the moment it has.
  func waitUntilStarted(atMost limit: Duration) -> pid_t? {
    let end = ContinuousClock.now + limit
    while ContinuousClock.now < end {
      let now = state.withLock { ($0.id, $0.isOver) }
      if now.0 != nil || now.1 { return now.0 }
      usleep(1000)
    }
    return state.withLock { state in
      state.isAbandoned = true
      return state.id
    }
  }

  /// Starts the child and waits for its end. Takes over both descriptors.
  ///
  /// Call it in a task that is never cancelled: ending the child is up to `TreeEnding`, which ends its children too.
  func run(standardOutput: Int32, standardError: Int32) async -> End {
    let standardInput: Int32
    do {
      standardInput = try openStandardInput()
    } catch {
      close(standardOutput)
      close(standardError)
      state.withLock { $0.isOver = true }
      return .notStarted(error)
    }
    ChildRegistry.shared.willStart()
    defer { leaveRegistry() }
    do {
      // Descriptors and not the library's pipes: reading must stop when we say so, and must not cost a task switch a
      // read. The library closes all three, whatever happens.
      let result = try await Subprocess.run(
        configuration,
        input: .fileDescriptor(FileDescriptor(rawValue: standardInput), closeAfterSpawningProcess: true),
        output: .fileDescriptor(FileDescriptor(rawValue: standardOutput), closeAfterSpawningProcess: true),
        error: .fileDescriptor(FileDescriptor(rawValue: standardError), closeAfterSpawningProcess: true)
      ) { execution in
        self.didStart(execution.processIdentifier.value)
      }
      switch result.terminationStatus {
      case .exited(let code): return .exited(Int(code))
      case .signaled(let signal): return .signalled(signal)
      }
    } catch let error as SubprocessError {
      return id == nil ? .notStarted(failure(error)) : .lost("\(error)")
    } catch {
      return id == nil
        ? .notStarted(Failure(.toolMissing, "\(launch.title) could not be started: \(error)")) : .lost("\(error)")
    }
  }

  private func didStart(_ id: pid_t) {
    ChildRegistry.shared.didStart(id)
    FailPoint.reach("command.after-spawn")
    let isAbandoned = state.withLock { state in
      state.id = id
      return state.isAbandoned
    }
    if isAbandoned { kill(-id, SIGKILL) }
  }

  private func leaveRegistry() {
    let id = state.withLock { state in
      state.isOver = true
      return state.id
    }
    if let id { ChildRegistry.shared.wasCollected(id) } else { ChildRegistry.shared.didNotStart() }
  }

  private var configuration: Configuration {
    var options = PlatformOptions()
    options.createSession = true
    return Configuration(
      executable: .path(FilePath(launch.file)),
      arguments: Arguments(executablePathOverride: launch.name, remainingValues: launch.arguments),
      environment: .custom(
        Dictionary(uniqueKeysWithValues: launch.variables.map { (Environment.Key(stringLiteral: $0.key), $0.value) })),
      workingDirectory: launch.directory.map { FilePath($0) },
      platformOptions: options)
  }

  /// A file in memory rather than a pipe: a child that never reads cannot hold anybody up, and nothing touches a disk.
  private func openStandardInput() throws(Failure) -> Int32 {
    let descriptor: Int32
    if let text = launch.standardInput {
      var text = text
      descriptor = text.withUTF8 { clinux_make_memory_file($0.baseAddress, UInt($0.count)) }
    } else {
      let null = open("/dev/null", O_RDONLY | O_CLOEXEC)
      descriptor = null < 0 ? -errno : null
    }
    guard descriptor >= 0 else { throw OutputPipe.failure(-descriptor) }
    return descriptor
  }

  private func failure(_ error: SubprocessError) -> Failure {
    switch error.underlyingError?.rawValue {
    case E2BIG:
      Failure(
        .badValue, "\(launch.title) could not be started: its arguments and environment are too long",
        advice: "give long values through stdin")
    case ENOEXEC:
      Failure(
        .toolMissing, "'\(launch.file)' cannot be run: it is not a program of this machine, and has no #! line",
        advice: "check the file: file '\(launch.file)'")
    case ENOENT, ENOTDIR, EACCES:
      Failure(
        .toolMissing, "'\(launch.file)' cannot be run: the interpreter in its #! line is missing or not executable",
        advice: "check its first line: head -1 '\(launch.file)'")
    case let code?:
      Failure(
        .toolMissing, "\(launch.title) could not be started: \(String(cString: strerror(code)))",
        advice: "check the limits of this machine: memory, processes, file descriptors")
    case nil:
      Failure(.toolMissing, "\(launch.title) could not be started: \(error)")
    }
  }
}
