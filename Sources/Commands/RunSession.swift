internal import Actions
internal import Console
internal import Dispatch
internal import Engine
internal import Execution
internal import Foundation
internal import IncidentModel
internal import Journaling
internal import Playbooks
internal import Reporting
internal import Sandbox
import Synchronization

#if canImport(Glibc)
  internal import Glibc
#endif

/// What `pull`, `run` and `resume` share: one run from agreement to exit code.
struct RunSession {
  let assembly: Assembly
  let options: RunOptions

  /// Builds the request; refuses what cannot be run before anything is opened.
  func request(_ playbook: Playbook, place: Place, unattended: Bool, approved: Set<Effect>, why: String) throws
    -> RunRequest
  {
    let (params, prerequisites) = try input(of: playbook, attended: !unattended)
    for parameter in playbook.params where parameter.secret {
      guard let value = params[parameter.name] else { continue }
      assembly.redactor.register(Secret(name: parameter.name, value: value.displayText))
    }
    return RunRequest(
      playbook: playbook, environment: place.file, drill: place.drill, unattended: unattended, params: params,
      secretParams: Set(playbook.params.filter(\.secret).map(\.name)), prerequisites: prerequisites,
      detected: try options.detected(now: assembly.time.read().wall), incident: .none, why: why,
      leftOut: try leftOut(playbook), onFailure: try options.failurePolicy(), approved: approved)
  }

  /// What the command line gave, and what a person adds who is there to be asked.
  private func input(of playbook: Playbook, attended: Bool) throws -> (
    params: [String: Value], prerequisites: [String: Bool]
  ) {
    var given = try SecretParams(environment: assembly.environment).reveal(options, for: playbook)
    if attended, assembly.screen.policy.canPrompt {
      // What was given wrong is told before anybody types anything.
      _ = try resolve(given, of: playbook, open: Set(playbook.questions(beside: given).map(\.name)))
      guard let complete = ParameterInterview(screen: assembly.screen).complete(given, for: playbook) else {
        throw CommandFailure(
          .stopped, "\(playbook.id) was left before it began; nothing was recorded",
          advice: "The same values can be given ahead: --var name=value.")
      }
      given = complete
    }
    return try resolve(given, of: playbook)
  }

  private func resolve(_ given: [String: String], of playbook: Playbook, open: Set<String> = []) throws -> (
    params: [String: Value], prerequisites: [String: Bool]
  ) {
    switch playbook.resolveInput(given, open: open) {
    case .accepted(let params, let prerequisites): return (params, prerequisites)
    case .refused(let problems):
      for problem in problems.dropLast() { assembly.screen.warn("andon: \(problem.message)") }
      throw CommandFailure(.usage, problems.last ?? Problem("the params are wrong"))
    }
  }

  /// What must be recorded as true first. Asked for where somebody is there to answer.
  func demandPrerequisites(_ request: inout RunRequest, attended: Bool) async throws {
    for prerequisite in request.playbook.prerequisites where request.prerequisites[prerequisite.id] == nil && attended {
      request.prerequisites[prerequisite.id] = await Walkthrough(screen: assembly.screen).affirm(
        prerequisite, of: request.playbook)
    }
    let missing = request.playbook.prerequisites.filter { request.prerequisites[$0.id] != true }
    guard let first = missing.first else { return }
    let list = missing.map { "  \($0.id): \($0.ask)" }.joined(separator: "\n")
    throw CommandFailure(
      .notAllowed, "\(request.playbook.id) does not start before this is so and recorded:\n\(list)",
      advice: "When it is: --var \(first.id)=true" + missing.dropFirst().map { " --var \($0.id)=true" }.joined())
  }

  private func leftOut(_ playbook: Playbook) throws -> Set<StepID> {
    if options.only == nil, options.from == nil { return [] }
    let all = RunState(playbook: playbook).actingSteps.map(\.step.id)
    func index(_ name: String, _ flag: String) throws -> Int {
      if let index = all.firstIndex(of: StepID(name)) { return index }
      let near = nearMiss(to: name, among: all.map(\.rawValue))
      throw CommandFailure(.usage, "\(flag): no step is named '\(name)'", advice: near.map { "Did you mean '\($0)'?" })
    }
    if let only = options.only {
      let kept = try index(only, "--only")
      return Set(all.enumerated().filter { $0.offset != kept }.map(\.element))
    }
    if let from = options.from { return Set(all[..<(try index(from, "--from"))]) }
    return []
  }

  // MARK: - Dry run

  func dryRun(_ request: RunRequest, place: Place) async throws {
    let findings = await DryRun(assembly.equipment(place), request).findings()
    await place.sandbox?.stop()
    DryRunView(screen: assembly.screen).show(findings, request, json: assembly.wantsJSON)
    if findings.contains(where: { $0.word == .problem }) { throw Ending(.unavailable) }
  }

  // MARK: - The run

  /// Drives a run and ends the command with its exit code.
  /// - Parameters:
  ///   - request: what is going to run, so that its first connections can be opened at once, and so that a kill switch
  ///     goes on when the journal does not.
  ///   - outlivesTerminal: a terminal that is closed does not stop it.
  func drive(
    _ place: Place, _ request: RunRequest? = nil, attended: Bool, outlivesTerminal: Bool = false,
    _ body: @escaping @Sendable (Runner) async throws -> RunResult
  ) async throws {
    let equipment = assembly.equipment(place)
    if let request { equipment.prewarm(for: request.playbook) }
    let deadline = ContinuousClock.now + RunRecord.patience
    let mayGoOn = request?.playbook.emergencySteps.isEmpty == false
    let journal = try mayGoOn ? assembly.openJournal(by: deadline) : assembly.openJournal()
    assembly.showArmed(in: place.file.name, journal)
    var workplace = assembly.workplace(journal, equipment, attended: attended, observer: observer)
    workplace.deadline = mayGoOn ? deadline : nil
    let (limit, ready) = (try options.timeLimit(), workplace)
    let interruption = Interruption()
    // Nothing is asked before a Ctrl-C would be heard.
    let (listening, listens) = AsyncStream<Void>.makeStream()
    let task = Task {
      for await _ in listening {}
      return try await body(Runner(ready))
    }
    let signals = outlivesTerminal ? [SIGINT, SIGTERM] : [SIGINT, SIGTERM, SIGHUP]
    if outlivesTerminal { signal(SIGHUP) { _ in } }
    let watch = interruption.watch(
      task, workplace, on: signals, after: limit, screen: assembly.screen, stepwise: attended && !outlivesTerminal)
    listens.finish()
    let outcome = await task.result
    watch.cancel()
    assembly.screen.settle()
    await workplace.equipment.performer.close()
    await place.sandbox?.stop()
    for warning in workplace.equipment.connections.warnings { assembly.screen.warn("warning: \(warning)") }
    do {
      let result = try outcome.get()
      report(result, journal, code: interruption.exitCode?.code ?? ExitStatus.of(result).rawValue)
      journal.close()
      if let code = interruption.exitCode { throw code }
      let status = ExitStatus.of(result)
      if status != .ok { throw Ending(status) }
    } catch let refusal as RunRefusal {
      journal.close()
      if let request, mayGoOn, status(of: refusal) == .journal {
        let commands = await ByHand(equipment, request).lines()
        assembly.screen.warn("BY HAND, because nothing can be recorded:")
        for line in commands { assembly.screen.warn("  \(line.visible)") }
      }
      throw CommandFailure(status(of: refusal), refusal.problem)
    } catch let error as JournalError {
      throw CommandFailure(.journal, error.problem)
    } catch let error as RunStoryError {
      throw CommandFailure(.data, error.problem)
    }
  }

  private var observer: any RunObserver {
    if options.jsonl { return EventLines(screen: assembly.screen) }
    if assembly.wantsJSON { return SilentObserver() }
    return RunTranscript(
      screen: assembly.screen, time: assembly.time, verbose: assembly.verbose, earlier: assembly.earlierRuns)
  }

  private func status(of refusal: RunRefusal) -> ExitStatus {
    switch refusal {
    case .busy: .busy
    case .journal, .stranded: .journal
    case .over: .usage
    }
  }

  /// From the spool, where that has the record.
  private func report(_ result: RunResult, _ reader: JournalReader) throws -> RunReport {
    if !result.isSpooled { return try RunReport(result.run, reader: reader) }
    return RunReport(try RunAccount(result.run, entries: result.spooled, playbook: result.state.playbook))
  }

  private func report(_ result: RunResult, _ journal: Journal, code: Int32) {
    if options.jsonl { return }
    if assembly.wantsJSON {
      if let mark = result.state.degradation, result.isSpooled {
        for line in DegradedBanner(mark).lines(width: assembly.screen.policy.width) { assembly.screen.warn(line) }
      }
      if let json = try? report(result, journal.reader).json() { assembly.screen.record(json) }
    } else {
      let head = try? journal.reader.head()
      let isDrill = result.state.start?.drill == true
      let drill = isDrill ? (try? DrillRecord(reader: journal.reader).score(of: result.run)) ?? nil : nil
      RunSummary(screen: assembly.screen).show(
        result, drill: drill, head: head?.description, status: code, stateDirectory: assembly.stateDirectory,
        now: assembly.time.read())
    }
  }
}

/// `--jsonl`: one event a line, as it is recorded.
struct EventLines: RunObserver {
  let screen: Screen

  func recorded(_ event: Event) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    if let line = try? encoder.encode(event) { screen.record(String(decoding: line, as: UTF8.self)) }
  }

  func progress(_ step: StepID, _ line: String) {}
}

struct SilentObserver: RunObserver {
  func recorded(_ event: Event) {}
  func progress(_ step: StepID, _ line: String) {}
}
