internal import ArgumentParser
internal import Console
internal import Engine
internal import Execution
internal import IncidentModel
internal import Journaling
internal import Playbooks

struct PlaybookArm: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "arm", abstract: "Let a monitor start a playbook by itself, for a while.",
    discussion: """
      The only way a monitor may change anything: when it breaches and names this playbook, the playbook starts \
      after the grace period, which is announced and which 'andon playbook disarm' ends. Recorded, and shown by \
      'andon status' and 'andon playbook list'. What takes back a kill switch cannot be armed: re-opening is never \
      automatic.

      Examples:
        andon playbook arm NAME --env staging --why "night shift" --until 8h
        andon playbook arm NAME --env E --why TEXT --until 06:00 --confirm WORD
      """)

  @Argument(help: "Id of the playbook.", completion: .playbooks)
  var playbook: String

  @Option(
    name: .customLong("env"), help: ArgumentHelp("The environment.", valueName: "NAME"), completion: .environments)
  var environment: String

  @Option(help: ArgumentHelp("Why, for the record.", valueName: "TEXT"))
  var why: String

  @Option(help: ArgumentHelp("When it ends: 8h, 06:00 (UTC), or a moment.", valueName: "T"))
  var until: String

  @Option(help: ArgumentHelp("The playbook's word, where it has destructive steps.", valueName: "WORD"))
  var confirm: String?

  @OptionGroup var global: GlobalOptions

  func run() throws {
    let assembly = Assembly(global)
    assembly.hideKnownSecrets()
    let now = assembly.time.read()
    let (why, until) = (try TypedText.line(why, "--why"), try FutureMoment.read(until, flag: "--until", now: now.wall))
    let playbook = try PlaybookChoice(assembly: assembly).load(playbook)
    do { _ = try assembly.library.environment(named: environment) } catch { throw CommandFailure(.usage, error) }
    let check = ArmingCheck(playbook, library: assembly.library)
    if let objection = check.objection { throw CommandFailure(.notAllowed, objection) }
    let approved = try agreement(to: playbook, check.worstEffect)
    let arming = PlaybookArming(
      playbook: playbook.id, environment: environment, why: why, until: until, digest: playbook.source.digest,
      approved: approved)
    let journal = try assembly.openJournal()
    try journal.append([Event(at: now, actor: assembly.actor, .playbookArmed(arming))])
    journal.close()
    show(arming, assembly)
  }

  private func agreement(to playbook: Playbook, _ effect: Effect) throws -> [Effect] {
    if let confirm {
      guard let word = playbook.confirmationWord else {
        throw CommandFailure(.usage, "\(playbook.id) has no word to confirm", advice: "Leave --confirm out.")
      }
      guard confirm == word else {
        throw CommandFailure(
          .stopped, "'\(confirm.visible)' is not the word of \(playbook.id); nothing was armed",
          advice: "andon playbook show \(playbook.id) tells the word.")
      }
      return Effect.allCases
    }
    guard effect != .destructive, playbook.killSwitch == nil else {
      throw CommandFailure(
        .usage, "\(playbook.id) does what may be hard to take back, and would do it with nobody asked",
        advice: "Agree to that with its word: --confirm \(playbook.confirmationWord ?? "WORD")")
    }
    return [.read, .write]
  }

  private func show(_ arming: PlaybookArming, _ assembly: Assembly) {
    if assembly.wantsJSON {
      return assembly.screen.record(
        Value.map([
          "schema_version": .number(1), "playbook": .text(arming.playbook), "environment": .text(arming.environment),
          "until": .text(arming.until.description), "why": .text(arming.why),
        ]).jsonText)
    }
    assembly.screen.record(
      "ARMED  \(arming.playbook) in \(arming.environment) until \(arming.until.calendarDate) "
        + "\(arming.until.clockTime) UTC")
    let monitors = (try? assembly.library.monitors().monitors) ?? []
    let starters = monitors.filter { $0.startable == arming.playbook && $0.looks(in: arming.environment) }
    if starters.isEmpty {
      assembly.screen.warn("No monitor starts \(arming.playbook) there, so nothing will.")
    }
    for monitor in starters {
      assembly.screen.record(
        "  starts \(monitor.grace.spokenText) after \(monitor.id) breaches: \(monitor.name.visible)")
    }
    assembly.screen.hint("To end it: andon playbook disarm \(arming.playbook) --env \(arming.environment)")
  }
}

/// A moment that has not come yet, as people type it.
enum FutureMoment {
  /// Reads `8h` from now, `06:00` (the next one, UTC), or ISO 8601.
  static func read(_ text: String, flag: String, now: Timestamp) throws -> Timestamp {
    guard let moment = parsed(text, now) else {
      throw CommandFailure(
        .usage, "\(flag) '\(text.visible)' is not a moment",
        advice: "Write 8h, 06:00 (UTC), or 2031-05-14T06:00:00Z.")
    }
    guard moment > now else {
      throw CommandFailure(.usage, "\(flag) '\(text.visible)' is over already", advice: "It is \(now) now.")
    }
    return moment
  }

  private static func parsed(_ text: String, _ now: Timestamp) -> Timestamp? {
    if let moment = Timestamp(text) { return moment }
    if let length = Duration(playbookText: text) { return now + length }
    guard text.count == 5, let today = Timestamp("\(now.calendarDate)T\(text):00Z") else { return nil }
    return today > now ? today : today + .seconds(86_400)
  }
}
