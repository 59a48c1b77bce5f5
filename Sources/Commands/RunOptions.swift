internal import ArgumentParser
internal import Engine
internal import Execution
internal import Foundation
internal import IncidentModel
internal import Journaling
internal import Playbooks

/// Flags of `pull`, `run` and `resume`.
struct RunOptions: ParsableArguments {
  @Flag(name: [.customShort("n"), .customLong("dry-run")], help: "Read for real, show every change, change nothing.")
  var dryRun = false

  @Flag(help: "Rehearse against the sandbox; recorded apart.")
  var drill = false

  @Flag(help: "Run unattended: nobody is asked anything.")
  var auto = false

  @Flag(help: "Agree to every `write` step.")
  var yes = false

  @Option(help: ArgumentHelp("The playbook's word: agree to everything it does.", valueName: "WORD"))
  var confirm: String?

  @Option(help: ArgumentHelp("Begin at this step.", valueName: "STEP"), completion: .steps)
  var from: String?

  @Option(help: ArgumentHelp("Do only this step.", valueName: "STEP"), completion: .steps)
  var only: String?

  @Option(name: .customLong("var"), help: ArgumentHelp("A param or prerequisite: name=value.", valueName: "K=V"))
  var variables: [String] = []

  @Option(help: ArgumentHelp("Params from a file, one name=value a line.", valueName: "F"), completion: .file())
  var varFile: String?

  @Option(
    name: .customLong("env"), help: ArgumentHelp("The environment. Default: production.", valueName: "NAME"),
    completion: .environments)
  var environment: String?

  @Option(help: ArgumentHelp("Join this incident.", valueName: "INC"), completion: .openIncidents)
  var incident: String?

  @Option(help: ArgumentHelp("When the trouble was noticed: a moment, or '3m ago'.", valueName: "T"))
  var detectedAt: String?

  @Option(
    help: ArgumentHelp("After a failure: ask, stop or continue.", valueName: "WHAT"),
    completion: .list(["ask", "stop", "continue"]))
  var onFailure: String?

  @Option(help: ArgumentHelp("A limit on the whole run: 10m.", valueName: "D"))
  var timeout: String?

  @Flag(help: "Print each event as a line of JSON.")
  var jsonl = false

  /// `--var` and `--var-file` together; the flag wins.
  func given() throws -> [String: String] {
    var given: [String: String] = [:]
    for (number, line) in try varFileLines() where !line.hasPrefix("#") && !line.isEmpty {
      // Not the line itself: such files hold secrets.
      guard let pair = Self.pair(line) else {
        throw CommandFailure(
          .usage, "line \(number) of \(varFile ?? "--var-file") is not of the form name=value",
          advice: "One param stands on one line, as in: contract_pause=true")
      }
      given[pair.name] = pair.value
    }
    for text in variables {
      guard let pair = Self.pair(text) else {
        throw CommandFailure(
          .usage, "--var '\(text)' is not of the form name=value", advice: "For example: --var contract_pause=true")
      }
      given[pair.name] = pair.value
    }
    return given
  }

  /// Whether a param stood in our own arguments, which every user of the machine can read.
  func isInArguments(_ param: String) -> Bool { variables.contains { $0.hasPrefix("\(param)=") } }

  private func varFileLines() throws -> [(number: Int, line: String)] {
    guard let varFile else { return [] }
    guard let text = try? String(contentsOfFile: varFile, encoding: .utf8) else {
      throw CommandFailure(.usage, "cannot read --var-file \(varFile)", advice: "Check the path.")
    }
    return text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated()
      .map { ($0.offset + 1, String($0.element)) }
  }

  private static func pair(_ text: String) -> (name: String, value: String)? {
    guard let equals = text.firstIndex(of: "="), equals != text.startIndex else { return nil }
    return (String(text[..<equals]), String(text[text.index(after: equals)...]))
  }

  func detected(now: Timestamp) throws -> Timestamp? {
    guard let detectedAt else { return nil }
    return try Moment.read(detectedAt, flag: "--detected-at", now: now)
  }

  func failurePolicy() throws -> FailurePolicy? {
    guard let onFailure else { return nil }
    guard let policy = FailurePolicy(rawValue: onFailure) else {
      throw CommandFailure(.usage, "--on-failure takes ask, stop or continue, not '\(onFailure)'")
    }
    return policy
  }

  func timeLimit() throws -> Duration? {
    guard let timeout else { return nil }
    guard let limit = Duration(playbookText: timeout) else {
      throw CommandFailure(.usage, "--timeout '\(timeout)' is not a duration", advice: "For example: --timeout 10m")
    }
    return limit
  }

  /// The incident named by `--incident`, which has to be there.
  func joinedIncident(_ assembly: Assembly, _ place: Place) throws -> RunRequest.IncidentChoice? {
    guard let incident else { return nil }
    guard let id = IncidentID(incident) else {
      throw CommandFailure(
        .usage, "--incident '\(incident)' is not of the form INC-1", advice: "andon history lists them.")
    }
    guard let reader = try JournalReader(directory: assembly.stateDirectory) else {
      throw CommandFailure(.usage, "there is no \(id): nothing has been recorded in \(assembly.stateDirectory) yet")
    }
    let state = try OpenIncident(reader: reader).named(id)
    guard state.drill == place.drill, state.environment == place.file.name else {
      let kind = state.drill ? "a drill" : "an incident"
      throw CommandFailure(
        .usage, "\(id) is \(kind) in '\(state.environment)', this run would be in '\(place.file.name)'",
        advice: "A run belongs to an incident of its own environment; drills stay among themselves.")
    }
    return .join(id)
  }
}

/// A moment as people type it.
enum Moment {
  /// Reads ISO 8601, `3m ago`, or `03:14` (today, UTC).
  /// What has not happened yet cannot be told of; a minute is left to clocks that disagree.
  static func read(_ text: String, flag: String, now: Timestamp) throws -> Timestamp {
    let moment = try parsed(text, flag: flag, now: now)
    if moment > now + .seconds(60) {
      throw CommandFailure(.usage, "\(flag) '\(text)' is in the future", advice: "It is \(now) now.")
    }
    // Years before the first have no written form that could be read back.
    if moment.milliseconds < 0 {
      throw CommandFailure(.usage, "\(flag) '\(text)' lies before 1970", advice: "Name a later moment.")
    }
    return moment
  }

  /// The same, or how long ago: `90d`.
  static func back(_ text: String, flag: String, now: Timestamp) throws -> Timestamp {
    try Duration(playbookText: text).map { now - $0 } ?? read(text, flag: flag, now: now)
  }

  private static func parsed(_ text: String, flag: String, now: Timestamp) throws -> Timestamp {
    if let moment = Timestamp(text) { return moment }
    let words = text.split(separator: " ")
    if words.count == 2, words[1] == "ago", let ago = Duration(playbookText: String(words[0])) { return now - ago }
    let clock = text.count == 5 ? "\(text):00" : text
    if let moment = Timestamp("\(now.calendarDate)T\(clock)Z") { return moment }
    throw CommandFailure(
      .usage, "\(flag) '\(text)' is not a moment", advice: "Write '3m ago', 03:14 (UTC), or 2031-05-14T03:14:00Z.")
  }
}
