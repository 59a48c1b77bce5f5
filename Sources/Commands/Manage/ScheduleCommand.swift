internal import ArgumentParser
internal import Console
internal import IncidentModel
internal import Journaling
internal import Playbooks
internal import Reporting

struct ScheduleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schedule", abstract: "What is due: tasks, reviews, drills, postmortems, follow-ups.",
    discussion: """
      What is late stands first, each with what to type. --ics writes a calendar \
      that every calendar program can read or subscribe to. Changes nothing.

      Examples:
        andon schedule
        andon schedule --env staging --json
        andon schedule --ics > due.ics
      """)

  @Option(
    name: .customLong("env"),
    help: ArgumentHelp("Where tasks count as done. Default: ANDON_ENV, else production.", valueName: "NAME"),
    completion: .environments)
  var environment: String?

  @Flag(help: "Print a calendar (iCalendar, RFC 5545).")
  var ics = false

  @OptionGroup var global: GlobalOptions

  func run() throws {
    if ics && global.json {
      throw CommandFailure(.usage, "--ics and --json are two forms of the same", advice: "Give one of them.")
    }
    let assembly = Assembly(global)
    try assembly.requirePlaybooks()
    if let environment, !assembly.library.environmentNames().contains(environment) {
      do { _ = try assembly.library.environment(named: environment) } catch {
        throw CommandFailure(.configuration, error)
      }
    }
    let reader: JournalReader?
    do { reader = try JournalReader(directory: assembly.stateDirectory) } catch {
      throw CommandFailure(.journal, error.problem)
    }
    let report = try assembly.schedule(reader, environment: environment)
    if ics { return assembly.screen.record(report.calendar()) }
    assembly.screen.record(global.json ? try report.json() : report.text(assembly.layout))
  }
}
