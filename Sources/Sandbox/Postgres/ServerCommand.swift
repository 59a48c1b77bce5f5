internal import CLinux
internal import Glibc
internal import IncidentModel
internal import Subprocess
internal import SystemPackage

/// A program of the private server, run to its end in a session of its own, so that a Ctrl-C does not reach it.
struct ServerCommand: Sendable {
  let program: String
  let arguments: [String]
  let account: ServerAccount?
  /// Where both of its streams are added.
  let log: String

  /// - Parameter input: what it reads, of which no argument list tells anybody.
  /// - Returns: whether it ended well.
  func run(input: String = "") async throws(Problem) -> Bool {
    var text = input
    let descriptor = text.withUTF8 { clinux_make_memory_file($0.baseAddress, UInt($0.count)) }
    guard descriptor >= 0 else { throw failure("no memory file: \(String(cString: strerror(-descriptor)))") }
    return try await run(input: FileDescriptor(rawValue: descriptor))
  }

  /// Takes over the descriptor.
  func run(input: FileDescriptor) async throws(Problem) -> Bool {
    let outputs: [FileDescriptor]
    do {
      outputs = try (0..<2).map { _ in
        try FileDescriptor.open(
          FilePath(log), .writeOnly, options: [.create, .append, .noFollow, .closeOnExec],
          permissions: [.ownerReadWrite])
      }
    } catch {
      try? input.close()
      throw failure("\(log): \(error)")
    }
    do {
      let result = try await Subprocess.run(
        configuration, input: .fileDescriptor(input, closeAfterSpawningProcess: true),
        output: .fileDescriptor(outputs[0], closeAfterSpawningProcess: true),
        error: .fileDescriptor(outputs[1], closeAfterSpawningProcess: true)
      ) { _ in }
      return result.terminationStatus.isSuccess
    } catch { throw failure("\(error)") }
  }

  private var configuration: Configuration {
    var options = PlatformOptions()
    options.createSession = true
    let arguments = account?.arguments(for: [program] + arguments) ?? arguments
    return Configuration(
      executable: .path(FilePath(account == nil ? program : ServerAccount.changer)), arguments: Arguments(arguments),
      // A time zone that is named saves initdb a search through all of them.
      environment: .custom(["PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"]),
      workingDirectory: "/", platformOptions: options)
  }

  private func failure(_ reason: String) -> Problem { Problem("\(program) could not be run: \(reason)") }
}
