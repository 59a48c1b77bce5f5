import Glibc
public import IncidentModel

/// Finds the file of a program, so that a missing tool is named before anything happens.
public struct ProgramSearch: Sendable {
  /// The directories of our own PATH. Relative and empty entries are passed over: what runs never depends on where
  /// andon was started.
  public let directories: [String]

  public init(path: String?) {
    directories = (path ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":").map(String.init)
      .filter { $0.hasPrefix("/") }
  }

  /// The absolute path of `program`. A name without a `/` is looked up on PATH; a relative path starts at `directory`.
  public func file(for program: String, from directory: String?) throws(Failure) -> String {
    guard !program.isEmpty else { throw Failure(.badValue, "the command has no program: its first item is empty") }
    guard program.contains("/") else { return try lookUp(program) }
    let file = program.hasPrefix("/") ? program : "\(directory ?? Self.currentDirectory)/\(program)"
    switch Self.look(at: file) {
    case .program: return file
    case .notExecutable(let why): throw Self.unusable(file, why)
    case .nothing:
      throw Failure(
        .toolMissing, "there is no program '\(file)'", advice: "correct the path, or install the program there")
    }
  }

  private func lookUp(_ name: String) throws(Failure) -> String {
    var refused: (file: String, why: String)?
    for directory in directories {
      let file = "\(directory)/\(name)"
      switch Self.look(at: file) {
      case .program: return file
      case .notExecutable(let why): refused = refused ?? (file, why)
      case .nothing: continue
      }
    }
    if let refused { throw Self.unusable(refused.file, refused.why) }
    let searched =
      directories.isEmpty ? "PATH names no directory" : "not on PATH: \(directories.joined(separator: ", "))"
    throw Failure(
      .toolMissing, "'\(name)' is not installed: \(searched)",
      advice: "install '\(name)', or start andon with its directory on PATH")
  }

  private enum Finding {
    case program
    case notExecutable(String)
    case nothing
  }

  private static func look(at file: String) -> Finding {
    var status = stat()
    guard stat(file, &status) == 0 else { return .nothing }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: return .notExecutable("it is a directory")
    default: return .notExecutable("it is not an ordinary file")
    }
    guard access(file, X_OK) == 0 else { return .notExecutable("it is not executable for this user") }
    return .program
  }

  private static func unusable(_ file: String, _ why: String) -> Failure {
    Failure(.toolMissing, "'\(file)' cannot be run: \(why)", advice: "check its permissions: ls -l '\(file)'")
  }

  private static var currentDirectory: String {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    guard getcwd(&buffer, buffer.count) != nil else { return "." }
    return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
