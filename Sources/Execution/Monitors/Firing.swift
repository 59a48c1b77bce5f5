internal import Actions
import Engine
import IncidentModel
import Journaling
import Playbooks

/// One armed playbook from its announcement to its run. Until its grace is over it can be stopped by disarming it; then it
/// runs like any unattended run, in the incident of the breach.
struct Firing: Sendable {
  let firing: PlaybookFiring
  let desk: MonitorDesk
  let place: MonitorPlace
  let environment: EnvironmentFile
  let equipment: Equipment
  /// Everything the run works with but its journal.
  let workplace: @Sendable (Journal) -> Workplace
  let stateDirectory: String
  let observer: any MonitorObserver

  /// How often the record is asked whether it may still start.
  private static let looksEvery = Duration.milliseconds(200)

  /// - Parameter cancelled: whether nothing is to start any more.
  func carryOut(cancelled: @Sendable () -> Bool) async {
    let message = Task { await announce() }
    do {
      if let why = try await grace(cancelled) { try await callOff(why) } else { try await start() }
    } catch {
      let problem = Self.problem(error)
      observer.troubled(problem)
      try? await callOff(problem.message)
    }
    await message.value
  }

  /// Waits until it is due; or tells why it does not start.
  private func grace(_ cancelled: @Sendable () -> Bool) async throws -> String? {
    let countdown = Countdown(to: firing.due, from: equipment.time.read())
    while true {
      if cancelled() { return "the monitor was stopped" }
      if let why = try await desk.objection(to: firing) { return why }
      let left = countdown.left(at: equipment.time.read())
      if left <= .zero { return nil }
      try? await Task.sleep(for: min(Self.looksEvery, left))
    }
  }

  private func callOff(_ why: String) async throws {
    try await desk.callOff(firing, why: why)
    observer.fired(firing.being(.calledOff, why: why), nil)
  }

  private func start() async throws {
    let playbook = try loaded()
    // What the record says at this moment decides, for this process and any other.
    guard let (terms, incident) = try await desk.start(firing) else {
      return try await callOff("it is not armed any more, or another process took it up")
    }
    guard terms.digest == playbook.source.digest else {
      return try await callOff(
        "\(playbook.source.file) has changed since it was armed; read it, then: andon playbook arm \(playbook.id)")
    }
    if let objection = ArmingCheck(playbook, library: equipment.library).objection {
      return try await callOff(objection.message)
    }
    observer.fired(firing.being(.started), nil)
    observer.fired(firing.being(.started), try await run(playbook, terms, incident))
  }

  private func run(_ playbook: Playbook, _ terms: PlaybookArming, _ incident: IncidentID?) async throws -> RunResult {
    let journal = try Journal(directory: stateDirectory, redactor: equipment.redactor)
    defer { journal.close() }
    var workplace = workplace(journal)
    workplace.actor = place.actor(firing.monitor)
    let params: [String: Value]
    switch playbook.resolveInput([:]) {
    case .accepted(let values, _): params = values
    case .refused(let problems): throw problems.first ?? Problem("'\(playbook.id)' refuses its params")
    }
    var request = RunRequest(
      playbook: playbook, environment: environment, drill: place.drill, unattended: true, params: params,
      secretParams: Set(playbook.params.filter(\.secret).map(\.name)),
      incident: incident.map { .join($0) } ?? .open(title: playbook.name), why: "fired by monitor \(firing.monitor)",
      approved: Set(terms.approved))
    request.isAutomatic = true
    return try await Runner(workplace).start(request)
  }

  private func loaded() throws -> Playbook {
    let path = try equipment.library.find(firing.playbook)
    guard let playbook = PlaybookLoader(library: equipment.library).load(path: path).playbook else {
      throw Problem("\(path) has mistakes", advice: "andon playbook check \(firing.playbook)")
    }
    return playbook
  }

  // MARK: - The message

  /// Tells the channel, if there is one. What cannot be delivered stays in the outbox and holds nothing up.
  private func announce() async {
    guard let connection = place.announce else { return }
    let message = Message(
      id: "\(firing.monitor)/\(firing.playbook)/\(firing.due.milliseconds)", connection: connection,
      environment: place.environment, template: "armed",
      text: "\(firing.playbook) starts by itself in \(place.environment) at \(firing.due.clockTime) UTC, for monitor "
        + "\(firing.monitor). To stop it: andon playbook disarm \(firing.playbook) --env \(place.environment)")
    do {
      try await desk.record(.messageQueued(message), of: firing)
      let fact: Fact
      do {
        let url = try await equipment.connections.webhook(connection)
        fact = await Outbox(performer: equipment.performer, time: equipment.time).deliver(
          message, to: url, within: .seconds(10))
      } catch let failure as Failure {
        fact = .messageFailed(MessageFailure(id: message.id, failure: failure, final: false))
      }
      try await desk.record(fact, of: firing)
      if case .messageFailed(let failed) = fact {
        observer.troubled(
          Problem(
            "the message about \(firing.playbook) did not get out: \(failed.failure.message)",
            advice: "It stays in the outbox: andon notify outbox --send"))
      }
    } catch { observer.troubled(Self.problem(error)) }
  }

  private static func problem(_ error: any Error) -> Problem {
    switch error {
    case let problem as Problem: problem
    case let error as JournalError: error.problem
    case let refusal as RunRefusal: refusal.problem
    default: Problem("\(error)")
    }
  }
}
