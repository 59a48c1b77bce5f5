internal import Actions
public import ArgumentParser
internal import Console
internal import Engine
internal import Foundation
internal import IncidentModel
internal import Journaling

#if canImport(Glibc)
  internal import Glibc
#endif

/// The command tree.
public struct Andon: AsyncParsableCommand {
  public static let configuration = CommandConfiguration(
    commandName: "andon",
    abstract: "Pull the cord, stop the line, keep the record.",
    discussion: """
      At 3 a.m.:
        andon pull                      run the kill switch
        andon status                    what is open, and what to type next
        andon run PLAYBOOK              be led through a procedure

      From "something is wrong" to the written report:
        andon incident open             a few plain questions tell how bad it is
        andon run process               be led through all of it, step by step
        andon playbook list             which procedures there are
        andon note "what I saw"         into the timeline, at any time
        andon resolve                   it is over
        andon postmortem create INC-1   the report, from the record

      'andon help COMMAND' shows each command with examples.
      """,
    version: andonVersion,
    subcommands: [ManualCommand.self],
    groupedSubcommands: [
      CommandGroup(name: "Hot", subcommands: hot),
      CommandGroup(name: "Look", subcommands: [Watch.self, Show.self, History.self, Metrics.self]),
      CommandGroup(
        name: "Manage",
        subcommands: [
          IncidentCommand.self, PlaybookCommand.self, TimelineCommand.self, PostmortemCommand.self, NotifyCommand.self,
          ScheduleCommand.self,
        ]),
      CommandGroup(
        name: "Operate",
        subcommands: [DoctorCommand.self, MonitorCommand.self, JournalCommand.self, SandboxCommand.self]),
    ])

  private static let hot: [any ParsableCommand.Type] = [
    Pull.self, Run.self, Resume.self, Status.self, NoteCommand.self, Acknowledge.self, Mitigate.self, Resolve.self,
    Escalate.self, Cancel.self,
  ]

  public init() {}

  /// Stands before everything that this process writes or shows.
  static let redactor = Redactor()

  /// Runs a command line and ends the process with its exit code.
  public static func run(_ arguments: [String]) async -> Never {
    // A reader that goes away (`| head -1`) must not end a run. Not SIG_IGN: children would inherit that.
    signal(SIGPIPE) { _ in }
    // Nor a file that may not grow any more: what writes to it is told, as on a full disk.
    signal(SIGXFSZ) { _ in }
    do {
      var command = try command(for: arguments)
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
      leave(0)
    } catch let failure as CommandFailure {
      complain(failure.problem, failure.status)
    } catch let ending as Ending {
      leave(ending.code)
    } catch let problem as Problem {
      complain(problem, .data)
    } catch let error as JournalError {
      complain(error.problem, error.isAboutWriting ? .journal : .data)
    } catch let failure as CopyFailure {
      complain(failure.problem, failure.status)
    } catch let error as RunStoryError {
      complain(error.problem, .data)
    } catch {
      // Help and the like go to standard output.
      if exitCode(for: error).isSuccess { exit(withError: error) }
      show(fullMessage(for: error))
      leave(exitCode(for: error).rawValue)
    }
  }

  /// What is wanted in a hurry is read without a look at the rest of the command tree. Whatever is not understood that
  /// way is read the long way, which has the words for it.
  private static func command(for arguments: [String]) throws -> any ParsableCommand {
    if arguments == ["--version"] { throw CleanExit.message(andonVersion) }
    if arguments.first == Pull._commandName { ClientLibraries.loadAhead() }
    if let named = hot.first(where: { $0._commandName == arguments.first }),
      let command = try? named.parse(Array(arguments.dropFirst()))
    {
      return command
    }
    return try parseAsRoot(arguments)
  }

  /// Without the clean-up of C libraries: a thread may still be inside one of them, opening a connection that
  /// nobody needs any more. Everything that matters has been written and closed by then.
  private static func leave(_ code: Int32) -> Never {
    guard let reason = LostRecords.reason else { _exit(code) }
    show("andon: standard output could not be written: \(reason)\n  What was recorded is safe; print it elsewhere.")
    _exit(code == 0 ? ExitStatus.output.rawValue : code)
  }

  private static func complain(_ problem: Problem, _ status: ExitStatus) -> Never {
    let advice = problem.advice.map { "\n  \($0)" } ?? ""
    show("andon: \(problem.message)\(advice)")
    leave(status.rawValue)
  }

  /// On standard error, where a command has ended before it had a screen. What was typed is foreign text too.
  private static func show(_ text: String) {
    if let options = try? GlobalOptions.parse([]) { Assembly(options).hideKnownSecrets() }
    let text = redactor.redact(text).visible(keepingLineBreaks: true)
    try? FileHandle.standardError.write(contentsOf: Data("\(text)\n".utf8))
  }
}
