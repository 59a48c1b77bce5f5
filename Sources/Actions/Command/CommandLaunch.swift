import Foundation
import Glibc
import IncidentModel

/// Everything a child is started with, checked. Making one has no effect on the world.
struct CommandLaunch: Sendable {
  /// What messages call the program: `cast`, `the script`.
  let title: String
  /// The absolute path of the program.
  let file: String
  /// The argument list after the program's own name.
  let arguments: [String]
  /// The program's own name as it was asked for.
  let name: String
  let variables: [String: String]
  let directory: String?
  let standardInput: String?

  /// Our own variables, which never change; reading them anew was 2 % of a thousand steps that run `true`.
  private static let ours = ProcessInfo.processInfo.environment
  private static let search = ProgramSearch(path: ours["PATH"])

  /// Throws what keeps the command from being started: a secret among its arguments, a missing tool.
  init(_ request: CommandRequest, mark: AttemptMark, redactor: Redactor) throws(Failure) {
    directory = try Self.directory(request.directory)
    standardInput = request.standardInput
    switch request.program {
    case .arguments(let items):
      guard let first = items.first else { throw Failure(.badValue, "the command is empty: it has no program") }
      title = "'\(first.split(separator: "/").last.map(String.init) ?? first)'"
      name = first
      arguments = Array(items.dropFirst())
    case .script(let script):
      title = "the script"
      name = "/bin/sh"
      // As an argument and not through standard input, which stays free for the script's own programs.
      arguments = ["-c", script, "andon"]
    }
    try Self.guardArguments(of: request.program, redactor: redactor)
    variables = try ChildEnvironment.variables(for: request, mark: mark, ours: Self.ours)
    file = try Self.search.file(for: name, from: directory)
  }

  /// Every process of this machine can read the arguments of every other.
  private static func guardArguments(of program: CommandRequest.Program, redactor: Redactor) throws(Failure) {
    let items: [(place: String, text: String)] =
      switch program {
      case .arguments(let items): items.enumerated().map { ("argument \($0.offset) of the command", $0.element) }
      case .script(let text): [("the script", text)]
      }
    for item in items {
      if let secret = redactor.secretName(in: item.text) {
        throw Failure(
          .secretExposed,
          "\(item.place) would hold the secret '\(secret)', which every user of this machine could read",
          advice: "give it through the environment instead (env: {NAME: …}), or through stdin")
      }
      guard !item.text.utf8.contains(0) else {
        throw Failure(.badValue, "\(item.place) holds a NUL character, which no program can read")
      }
    }
  }

  private static func directory(_ path: String?) throws(Failure) -> String? {
    guard let path else { return nil }
    var status = stat()
    guard !path.utf8.contains(0), stat(path, &status) == 0 else {
      throw Failure(.badValue, "the directory to run in, '\(path)', does not exist", advice: "correct 'cwd'")
    }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      throw Failure(.badValue, "'\(path)', the directory to run in, is not a directory", advice: "correct 'cwd'")
    }
    return path
  }
}
