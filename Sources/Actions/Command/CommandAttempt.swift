import Glibc
import IncidentModel

/// One attempt at one command: started, read, waited for, ended if it must be, and judged.
struct CommandAttempt: Sendable {
  /// How long reading goes on when the command is over but somebody still holds its output open.
  private static let heldOpenLimit = Duration.seconds(1)
  /// How long a child that must be ended may take to start, so that it can be.
  private static let startLimit = Duration.seconds(1)

  let request: CommandRequest
  let launch: CommandLaunch
  let mark: AttemptMark
  let redactor: Redactor
  let grace: Duration
  let progress: @Sendable (String) -> Void

  private enum Moment: Sendable {
    case over(ChildProcess.End)
    case outOfTime
    case cancelled
  }

  func result() async -> ActionResult {
    let output: OutputPipe
    let errors: OutputPipe
    do { output = try OutputPipe() } catch { return ActionResult(.failed(error)) }
    do { errors = try OutputPipe() } catch {
      output.close()
      return ActionResult(.failed(error))
    }
    let (moments, announce) = AsyncStream.makeStream(of: Moment.self)
    // A task of its own: cancelling ours must end the command and not the waiting for its end.
    let work = Task { await follow(moments, announce, output, errors) }
    return await withTaskCancellationHandler {
      await work.value
    } onCancel: {
      announce.yield(.cancelled)
    }
  }

  private func follow(
    _ moments: AsyncStream<Moment>, _ announce: AsyncStream<Moment>.Continuation, _ output: OutputPipe,
    _ errors: OutputPipe
  ) async -> ActionResult {
    let child = ChildProcess(launch)
    let reader = OutputReader(
      standardOutput: output.readEnd, standardError: errors.readEnd, redactor: redactor, progress: progress)
    let reading = Task { await onThread { reader.read() } }
    Task {
      announce.yield(.over(await child.run(standardOutput: output.writeEnd, standardError: errors.writeEnd)))
    }
    let clock = Task {
      try await Task.sleep(for: request.timeLimit)
      announce.yield(.outOfTime)
    }
    defer { clock.cancel() }

    var upcoming = moments.makeAsyncIterator()
    switch await upcoming.next() {
    case .over(var end)?:
      let captured = await finishReading(reading, reader)
      if let reason = FailPoint.reason(at: "command.after-exit") { end = .lost(reason) }
      return await judge(end, captured, child)
    case .outOfTime?:
      let ending = await endTree(of: child)
      return interrupted(.timedOut, .timedOut, ending, await finishReading(reading, reader))
    case .cancelled?, nil:
      let ending = await endTree(of: child)
      return interrupted(.killed, .cancelled, ending, await finishReading(reading, reader))
    }
  }

  /// The streams end with their last writer. That may be somebody the command left behind: we do not wait for them.
  private func finishReading(_ reading: Task<CapturedOutput, Never>, _ reader: OutputReader) async -> CapturedOutput {
    let limit = Task {
      try await Task.sleep(for: Self.heldOpenLimit)
      reader.stop()
    }
    defer { limit.cancel() }
    return await reading.value
  }

  private func endTree(of child: ChildProcess) async -> TreeEnding.Report {
    let marks = ChildEnvironment.marks(mark)
    let ending = TreeEnding(grace: grace)
    return await onThread {
      let root = child.waitUntilStarted(atMost: Self.startLimit)
      var family = ProcessFamily(root: root, mark: marks)
      return ending.end(&family, root: root)
    }
  }

  // MARK: Judging

  private func judge(_ end: ChildProcess.End, _ captured: CapturedOutput, _ child: ChildProcess) async -> ActionResult {
    switch end {
    case .notStarted(let failure):
      return ActionResult(.failed(failure))
    case .lost(let why):
      let ending = await endTree(of: child)
      let failure = Failure(
        .signalled, "how \(launch.title) ended is not known: \(why)", advice: Self.checkFirst)
      return ActionResult(
        .unknown(.killed, failure), outputs: captured.outputs, warnings: captured.warnings + Self.warnings(ending))
    case .signalled(let signal):
      let failure = Failure(
        .signalled, "\(launch.title) was ended by \(signalName(signal)), which andon did not send" + last(captured),
        advice: Self.checkFirst)
      return await over(.unknown(.killed, failure), captured, child)
    case .exited(let code):
      var result = await over(outcome(ofExit: code, captured), captured, child)
      result.outputs["exit_code"] = .number(code)
      return result
    }
  }

  private func outcome(ofExit code: Int, _ captured: CapturedOutput) -> ActionResult.Outcome {
    if request.acceptedExits.contains(code) { return .succeeded }
    let accepted =
      request.acceptedExits == [0]
      ? "" : " (accepted: \(request.acceptedExits.map(String.init).joined(separator: ", ")))"
    let advice: String? =
      switch (code, request.program) {
      case (127, .script): "a program that the script calls was not found"
      case (126, .script): "a program that the script calls could not be run"
      default: nil
      }
    return .failed(
      Failure(.exitStatus, "\(launch.title) exited with code \(code)\(accepted)" + last(captured), advice: advice))
  }

  /// A command that is over may leave processes in the background. They are left alone, and named.
  private func over(
    _ outcome: ActionResult.Outcome, _ captured: CapturedOutput, _ child: ChildProcess
  ) async -> ActionResult {
    let marks = ChildEnvironment.marks(mark)
    let root = child.id
    var left = Self.leftBehind(root, marks)
    if !left.isEmpty, !captured.wasHeldOpen {
      // Programs at the end of a pipe are often a moment behind the one that ran them.
      try? await Task.sleep(for: .milliseconds(50))
      left = Self.leftBehind(root, marks)
    }
    ChildRegistry.shared.reapOrphans(ofSession: root)
    var warnings = captured.warnings
    if !left.isEmpty {
      let names = left.map { "\($0.name) (process \($0.id))" }.joined(separator: ", ")
      warnings.append("\(launch.title) is over, but left running: \(names)")
    }
    if captured.wasHeldOpen {
      warnings.append("its output was still held open by another process, and what comes later is not recorded")
    }
    return ActionResult(outcome, outputs: captured.outputs, warnings: warnings)
  }

  private static func leftBehind(_ root: pid_t?, _ marks: [String]) -> [ProcessEntry] {
    ChildRegistry.shared.adopted()
      .filter { $0.session == root || ProcessTable.environment(of: $0.id, holds: marks) }
  }

  private func interrupted(
    _ reason: UnknownReason, _ code: FailureCode, _ ending: TreeEnding.Report, _ captured: CapturedOutput
  ) -> ActionResult {
    let why =
      reason == .timedOut
      ? "did not finish within \(request.timeLimit.playbookText) and was ended" : "was cancelled and ended"
    let others = ending.others.count
    let company = others == 0 ? "" : ", with \(others) \(others == 1 ? "process" : "processes") it had started"
    return ActionResult(
      .unknown(reason, Failure(code, "\(launch.title) \(why)\(company)" + last(captured), advice: Self.checkFirst)),
      outputs: captured.outputs, warnings: captured.warnings + Self.warnings(ending))
  }

  private static let checkFirst = "check what it has done before you run it again"

  private static func warnings(_ ending: TreeEnding.Report) -> [String] {
    guard !ending.survivors.isEmpty else { return [] }
    let names = ending.survivors.map { "\($0.name) (process \($0.id))" }.joined(separator: ", ")
    return ["could not be ended, and may still have effects: \(names)"]
  }

  /// What the command said last, on lines of its own.
  private func last(_ captured: CapturedOutput) -> String {
    let errors = captured.standardError.lastLines(5)
    let lines = errors.isEmpty ? captured.standardOutput.lastLines(5) : errors
    return lines.map { "\n\($0)" }.joined()
  }
}
