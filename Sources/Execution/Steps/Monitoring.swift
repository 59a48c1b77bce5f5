internal import Actions
import IncidentModel
import Playbooks

/// Samples a check on an interval for a given time, and stops early on the failing condition. A watch that was left
/// goes on where it was: only the time that somebody watched counts.
struct Monitoring: Sendable {
  let checks: CheckMaker
  let time: TimeSource

  private static let keptSamples = 1000
  /// So many samples in a row that cannot be taken end the watch: nobody is watching then.
  private static let bearableGaps = 3
  /// Samples that come faster than this are not all recorded one by one.
  private static let recordedEvery: Int64 = 5_000

  func watch(
    _ action: MonitorAction, length: Duration, prepared: PreparedStep, progress: @Sendable (String) -> Void,
    record: @Sendable (StepSample) -> Void
  ) async -> ActionResult {
    let begin = time.read().boot
    let before = prepared.samples.last
    let watchedBefore = before?.watchedMilliseconds ?? 0
    let probe = Check(
      probe: action.probe, until: nil, every: action.every, within: action.every, location: prepared.step.location)
    var samples: [Value] = []
    var count = before?.number ?? 0
    var taken = 0
    var gaps = 0
    var lastRecord: Int64?
    var unrecorded: StepSample?
    while true {
      let due = begin + Int64(taken) * action.every.wholeMilliseconds
      let sample = await sample(probe, action, prepared)
      (count, taken) = (count + 1, taken + 1)
      if samples.count < Self.keptSamples, let value = sample.value { samples.append(value) }
      let now = time.read().boot
      let watched = watchedBefore + now - begin
      func result(_ outcome: ActionResult.Outcome) -> ActionResult {
        ActionResult(outcome, outputs: ["samples": .number(count), "values": .list(samples)])
      }
      gaps = sample.failure?.code == .checkUnavailable ? gaps + 1 : 0
      let isOver = watched >= length.wholeMilliseconds || sample.failure != nil && gaps == 0
      let reading = StepSample(
        number: count, watchedMilliseconds: watched, value: sample.value, reading: sample.text,
        missed: sample.failure?.code == .checkUnavailable)
      unrecorded = reading
      if isOver || now - (lastRecord ?? -Self.recordedEvery) >= Self.recordedEvery {
        (lastRecord, unrecorded) = (now, nil)
        record(reading)
      }
      progress("sample \(count) at \(Duration.milliseconds(watched).clockText) of \(length.clockText): \(sample.text)")
      if let failure = sample.failure, gaps == 0 || gaps >= Self.bearableGaps { return result(.failed(failure)) }
      if isOver { return result(.succeeded) }
      let pause = min(due + action.every.wholeMilliseconds, begin + length.wholeMilliseconds - watchedBefore)
      do { try await Task.sleep(for: .milliseconds(max(pause - time.read().boot, 1))) } catch {
        // Whoever goes on with the watch begins here.
        unrecorded.map(record)
        return result(.failed(Failure(.cancelled, "the watch was cut short after \(count) samples")))
      }
    }
  }

  private func sample(
    _ probe: Check, _ action: MonitorAction, _ prepared: PreparedStep
  ) async -> (value: Value?, text: String, failure: Failure?) {
    let outputs: [String: Value]
    switch await checks.outputs(of: probe, names: prepared.names, mark: prepared.mark) {
    case .failure(let failure):
      return (
        nil, failure.message,
        Failure(.checkUnavailable, "the sample could not be taken: \(failure.message)", advice: failure.advice)
      )
    case .success(let found): outputs = found
    }
    let scope = prepared.names.adding(outputs)
    let text = ReadingText.text(of: outputs, checks.redactor) ?? ""
    do throws(EvaluationError) {
      let value = try action.record?.evaluate(in: scope)
      if let failing = action.failWhen, try failing.holds(in: scope) {
        return (value, value?.displayText ?? text, Failure(.expectation, "\(failing.source) became true; \(text)"))
      }
      return (value, value?.displayText ?? text, nil)
    } catch {
      let json = ReadingText.missingJSON(in: outputs)
      return (nil, text, Failure(.expectation, "\(error.message)\(json); \(text)"))
    }
  }
}
