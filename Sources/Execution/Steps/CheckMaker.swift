internal import Actions
import IncidentModel
import Playbooks

/// Makes the check of a step: reads the world until the expression holds, or the time for it is over.
struct CheckMaker: Sendable {
  let performer: Performer
  let connections: ConnectionBook
  let redactor: Redactor
  let time: TimeSource

  /// One look at the world, without waiting for it to change.
  enum Reading: Sendable {
    case holds(String?)
    case doesNotHold(String?, why: String)
    case inconclusive(String?, why: String)
    case unavailable(Failure)
  }

  /// - Parameters:
  ///   - outputs: what the step's own action returned, for a check that is an assertion on it.
  ///   - onFirstMiss: called once when the first reading does not hold, before waiting for the next.
  func make(
    _ check: Check, outputs: [String: Value], names: Names, mark: AttemptMark,
    onFirstMiss: @Sendable () -> Void = {}
  ) async -> StepCheck {
    let begin = time.read().boot
    let deadline = begin + check.within.wholeMilliseconds
    var readings = 0
    while true {
      // The first reading gets the time a reading takes, also where there is none to wait for a change.
      let remaining = Duration.milliseconds(max(deadline - time.read().boot, readings == 0 ? 10_000 : 500))
      let reading = await read(check, outputs: outputs, names: names, mark: mark, limit: remaining)
      readings += 1
      let elapsed = time.read().boot - begin
      func result(_ verification: Verification, _ reading: String?, _ failure: Failure?) -> StepCheck {
        StepCheck(
          verification: verification, check: description(of: check), reading: reading.map(redactor.redact),
          failure: failure, readings: readings, milliseconds: elapsed)
      }
      let isLast = elapsed + check.every.wholeMilliseconds > check.within.wholeMilliseconds || !check.canChange
      switch reading {
      case .holds(let text): return result(.verified, text, nil)
      case .inconclusive(let text, let why):
        return result(.unverified, text, Failure(.checkFailed, why, advice: "Look by hand."))
      case .doesNotHold(let text, let why) where isLast || Task.isCancelled:
        let tries = readings == 1 ? "" : " in \(readings) readings over \(Duration.milliseconds(elapsed).spokenText)"
        return result(.failed, text, Failure(.checkFailed, "the check did not pass\(tries): \(why)"))
      case .unavailable(let failure) where isLast || Task.isCancelled:
        return result(
          .unverified, nil,
          Failure(.checkUnavailable, "the check could not be made: \(failure.message)", advice: failure.advice))
      default: break
      }
      if readings == 1 { onFirstMiss() }
      try? await Task.sleep(for: check.every)
    }
  }

  func read(
    _ check: Check, outputs own: [String: Value], names: Names, mark: AttemptMark, limit: Duration
  ) async -> Reading {
    if case .assert = check.probe { return judge(check, own, names) }
    if let reason = FailPoint.reason(at: "check.before-reading") {
      return .unavailable(Failure(.checkUnavailable, reason))
    }
    let outputs = await outputs(of: check, names: names, mark: mark, limit: limit)
    if let reason = FailPoint.reason(at: "check.after-reading") {
      return .unavailable(Failure(.checkUnavailable, reason))
    }
    switch outputs {
    case .success(let outputs): return judge(check, outputs, names)
    case .failure(let failure): return .unavailable(failure)
    }
  }

  /// What the probe itself returns, unjudged. Empty for an assertion.
  func outputs(
    of check: Check, names: Names, mark: AttemptMark, limit: Duration = .seconds(10)
  ) async -> Result<[String: Value], Failure> {
    let builder = RequestBuilder(connections: connections, names: names)
    let limit = min(limit, .seconds(10))
    do throws(Failure) {
      let request: ActionRequest
      switch check.probe {
      case .sql(let action): request = .sql(try await builder.sql(action, readOnly: true, timeLimit: limit))
      case .http(let action): request = .http(try await builder.http(action, timeLimit: limit))
      case .command(let action): request = .command(try await builder.command(action, timeLimit: limit))
      case .assert: return .success([:])
      }
      let result = await performer.perform(request, mark: mark)
      return result.failure.map(Result.failure) ?? .success(result.outputs)
    } catch { return .failure(error) }
  }

  /// What the check of a step reads before the step is done, unjudged; `nil` when there is nothing to read yet, as for an
  /// assertion on the step's own outputs.
  func readingBefore(_ prepared: PreparedStep, limit: Duration = .seconds(10)) async -> String? {
    guard let verify = prepared.step.verify else { return nil }
    if case .assert = verify.probe { return nil }
    switch await outputs(of: verify, names: prepared.names, mark: prepared.mark, limit: limit) {
    case .success(let outputs): return ReadingText.text(of: outputs, redactor)
    case .failure(let failure): return "cannot be read: \(redactor.redact(failure.message))"
    }
  }

  private func judge(_ check: Check, _ outputs: [String: Value], _ names: Names) -> Reading {
    let scope = names.adding(outputs)
    let text = ReadingText.text(of: outputs, redactor)
    do throws(EvaluationError) {
      if let inconclusive = check.inconclusive, try inconclusive.holds(in: scope) {
        return .inconclusive(text, why: "the reading says neither yes nor no: \(inconclusive.source)")
      }
      if case .assert(let action) = check.probe, try !action.that.holds(in: scope) {
        let message = try action.message?.text(in: scope)
        return .doesNotHold(text, why: message ?? "\(action.that.source) is false\(text.map { "; \($0)" } ?? "")")
      }
      if let until = check.until, try !until.holds(in: scope) {
        return .doesNotHold(text, why: "\(until.source) is false\(text.map { "; \($0)" } ?? "")")
      }
      return .holds(text)
    } catch {
      let json = ReadingText.missingJSON(in: outputs)
      return .doesNotHold(text, why: "\(error.message)\(json)\(text.map { "; \($0)" } ?? "")")
    }
  }

  private func description(of check: Check) -> [String] {
    let probe: [String] =
      switch check.probe {
      case .sql(let action): ["on \(action.connection): \(action.statement)"]
      case .http(let action): ["\(action.method.rawValue.uppercased()) \(action.path.source) on \(action.connection)"]
      case .command(let action): [action.arguments.map(\.source).joined(separator: " ")]
      case .assert(let action): [action.that.source]
      }
    return probe + (check.until.map { ["until \($0.source)"] } ?? [])
  }
}

extension Check {
  /// An assertion on what the action returned reads the same for ever.
  fileprivate var canChange: Bool { if case .assert = probe { false } else { true } }
}

/// The few words of a reading that a person wants to see.
enum ReadingText {
  /// Why `json` has no value, where an answer has none.
  static func missingJSON(in outputs: [String: Value]) -> String {
    guard outputs["status"] != nil, case .absent = outputs["json"] ?? .absent else { return "" }
    return "; the body is not JSON" + (outputs["json_error"].map { ": \($0.displayText)" } ?? "")
  }

  static func text(of outputs: [String: Value], _ redactor: Redactor) -> String? {
    // Hidden before it is cut: half a secret is not recognised later.
    func shortened(_ text: String) -> String {
      let text = redactor.redact(text)
      return text.count <= limit ? text : text.prefix(limit - 1) + "…"
    }
    if case .list(let rows)? = outputs["rows"] {
      return rows.first.map { "read \(shortened($0.jsonText))" } ?? "no rows"
    }
    if let status = outputs["status"] {
      let body = outputs["body"].map { " \(shortened($0.displayText))" } ?? ""
      return "answer \(status.displayText)\(body)"
    }
    if let output = outputs["stdout"] {
      return "printed \"\(shortened(redactor.redact(output.displayText).lines.joined(separator: " / ")))\""
    }
    return nil
  }

  /// In characters.
  private static let limit = 160
}
