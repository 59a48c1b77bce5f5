internal import ArgumentParser
internal import Console
internal import Engine
internal import Foundation
internal import IncidentModel
internal import Journaling
internal import Playbooks
internal import Reporting

struct IncidentOpenCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "open", abstract: "Something is wrong: open an incident.",
    discussion: """
      In a terminal it asks what is wrong and how bad it is, by the criteria of severity.yaml. Then it says whom to \
      notify and which playbooks may help. Leaving with q records nothing (exit 2).

      Examples:
        andon incident open
        andon incident open "orders fail" --severity P1 --why "error rate 30%"
        andon incident open "site is down" --severity P0 --started-at "20m ago" --detected-at 03:14
      """)

  @Argument(help: "What is wrong, in one line.")
  var title: [String] = []

  @Option(help: ArgumentHelp("P0 (the worst) to P3. Default: it asks.", valueName: "P0"), completion: .severities)
  var severity: String?

  @Option(help: ArgumentHelp("Why it has that severity.", valueName: "TEXT"))
  var why: String?

  @Option(
    name: .customLong("env"), help: ArgumentHelp("The environment. Default: production.", valueName: "NAME"),
    completion: .environments)
  var environment: String?

  @Flag(help: "A rehearsal; recorded apart.")
  var drill = false

  @Option(help: ArgumentHelp("When it was noticed: a moment, or '3m ago'. Default: now.", valueName: "T"))
  var detectedAt: String?

  @Option(help: ArgumentHelp("When it began, as far as known.", valueName: "T"))
  var startedAt: String?

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let assembly = Assembly(global)
    assembly.hideKnownSecrets()
    let place = try IncidentPlace(assembly, named: environment, drill: drill)
    let begin = assembly.time.read().wall
    let started = try startedAt.map { try Moment.read($0, flag: "--started-at", now: begin) }
    let given = try detectedAt.map { try Moment.read($0, flag: "--detected-at", now: begin) }
    if let started, started > given ?? begin {
      throw CommandFailure(
        .usage, "--started-at \(started) lies after it was detected, \(given ?? begin)",
        advice: "It cannot be noticed before it begins: correct one of them.")
    }
    let title = try await title(assembly)
    let answer = try await SeverityQuestion(assembly: assembly, severity: severity, why: why).answer()
    // Whoever answers questions noticed it before the first of them.
    let detected = given ?? begin
    let now = assembly.time.read()
    let journal = try assembly.openJournal()
    let opening = IncidentOpening(
      title: title, severity: answer.severity, why: answer.why ?? "set by \(assembly.actor)", environment: place.name,
      drill: place.drill)
    let source = given == nil ? "opening of the incident" : "--detected-at"
    var facts: [Fact] = [
      .incidentOpened(opening), .milestoneReached(MilestoneMark(.detected, reached: detected, source: source)),
    ]
    if let started {
      facts.append(.milestoneReached(MilestoneMark(.started, reached: started, source: "--started-at")))
    }
    let entries = try journal.append { numbers in
      facts.map { Event(at: now, actor: assembly.actor, incident: numbers.incident, $0) }
    }
    journal.close()
    var incident = IncidentState(id: entries[0].event.incident ?? IncidentID(number: 0))
    for entry in entries { incident.apply(entry.event) }
    try show(incident, place, assembly)
  }

  private func title(_ assembly: Assembly) async throws -> String {
    if !title.isEmpty { return try TypedText.line(title.joined(separator: " "), "the title") }
    guard assembly.screen.policy.canPrompt else {
      let example = "andon incident open \"what is wrong\"" + (severity == nil ? " --severity P0" : "")
      throw CommandFailure(
        .usage, "what is wrong has to be said without a terminal", advice: "For example: \(example)")
    }
    return try await SeverityQuestion.line("What is wrong, in one line?", "the title", assembly)
  }

  private func show(_ incident: IncidentState, _ place: IncidentPlace, _ assembly: Assembly) throws {
    if assembly.wantsJSON { return assembly.screen.record(try IncidentCard(incident).json()) }
    let screen = assembly.screen
    let now = assembly.time.read().wall
    let detected = incident.moment(of: .detected) ?? now
    screen.record(
      "\(incident.id) \(incident.severity.rawValue)  \(place.banner)  \(screen.style.strong(incident.title.visible))")
    screen.record("  because   \(incident.why.visible)")
    screen.record("  detected  \(detected.spoken(now: now))")
    SeverityAdvice(assembly: assembly, incident: incident).show()
    screen.record("Next:  andon escalate \(incident.id)             who to call, with the number")
    screen.record("       andon incident role \(incident.id) lead   you lead it")
    screen.record("       andon note \(incident.id) \"what you see\"")
    screen.record("       andon mitigate \(incident.id)             when users are safe")
  }
}

/// Where an incident is: its environment, as far as that is known without connecting anywhere.
struct IncidentPlace {
  let name: String
  let drill: Bool
  let banner: String

  init(_ assembly: Assembly, named given: String?, drill: Bool) throws {
    try assembly.requirePlaybooks()
    let name = given ?? (drill ? "sandbox" : assembly.environment.nonEmpty("ANDON_ENV") ?? "production")
    let file: EnvironmentFile?
    do { file = try assembly.library.environment(named: name) } catch {
      // A mistake in its file does not stop anybody from saying that something is wrong there.
      guard assembly.library.environmentNames().contains(name) else { throw CommandFailure(.configuration, error) }
      file = nil
    }
    if drill, file?.production == true {
      throw CommandFailure(
        .notAllowed, "a drill does not happen in '\(name)', which is production",
        advice: "Leave --env out to drill in the sandbox.")
    }
    self.name = name
    // Runs in a sandbox are drills, and only those join it.
    self.drill = drill || file?.sandbox != nil
    banner = self.drill ? "DRILL in \(name)" : file?.production == false ? name : "*** \(name.uppercased()) ***"
  }
}
