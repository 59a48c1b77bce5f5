internal import Engine
public import IncidentModel

/// What a person answered to a manual step.
public struct AnswerLine: Sendable, Hashable, Codable {
  public let answer: Value
  public let by: String
  public let at: Timestamp
  @OrNull public var why: String?
  /// The items of the checklist that were ticked, by their place from 1.
  @OrNull public var ticked: [Int]?
  /// Of the file that was named, in hex, and its size.
  @OrNull public var sha256: String?
  @OrNull public var bytes: Int64?
  public let entry: Int64

  init(_ answer: StepAnswer, _ entry: Entry) {
    self.answer = answer.answer
    by = entry.event.actor
    at = entry.event.at
    self.entry = entry.sequence
    why = answer.why
    ticked = answer.ticked
    sha256 = answer.sha256
    bytes = answer.bytes
  }

  /// The answer and what belongs to it, one line each.
  /// - Parameter checklist: the items, ticked or not.
  func lines(checklist: [String]) -> [String] {
    var lines = [answer.displayText]
    if let ticked {
      lines += checklist.enumerated().map { "[\(ticked.contains($0.offset + 1) ? "x" : " ")] \($0.element)" }
    }
    if let why { lines.append("why: \(why)") }
    if let sha256 { lines.append("SHA-256 \(sha256)\(bytes.map { ", \($0) bytes" } ?? "")") }
    return lines
  }

  /// All of it in one line: `answered yes, ticked 2 of 3, because …`.
  func text(checklist: [String]) -> String {
    var parts = ["answered \(answer.displayText)"]
    if let ticked { parts.append("ticked \(ticked.count) of \(max(checklist.count, ticked.count))") }
    if let why { parts.append(why) }
    if let sha256 { parts.append("SHA-256 \(sha256.prefix(16))…\(bytes.map { " of \($0) bytes" } ?? "")") }
    return parts.joined(separator: ", ")
  }
}

/// One sample of a `monitor` step.
public struct SampleLine: Sendable, Hashable, Codable {
  public let number: Int
  public let at: Timestamp
  /// How long somebody has watched by then.
  public let watchedMilliseconds: Int64
  @OrNull public var value: Value?
  public let reading: String
  /// True when it could not be taken.
  public let missed: Bool
  public let entry: Int64

  init(_ sample: StepSample, _ entry: Entry) {
    number = sample.number
    at = entry.event.at
    watchedMilliseconds = sample.watchedMilliseconds
    reading = sample.reading
    missed = sample.missed
    self.entry = entry.sequence
    value = sample.value
  }

  /// Number, time, how long watched, what was read.
  var cells: [String] {
    let watched = Duration.milliseconds(watchedMilliseconds).clockText
    return [String(number), at.clockTime, watched, missed ? "MISSED: \(reading)" : reading]
  }

  /// `180 samples, 2 MISSED; the last 5:`
  static func heading(_ samples: [SampleLine], shown: Int) -> String {
    let missed = samples.filter(\.missed).count
    let last = samples.last.map { max($0.number, samples.count) } ?? 0
    let count = "\(last) \(last == 1 ? "sample" : "samples")\(missed == 0 ? "" : ", \(missed) MISSED")"
    return samples.count > shown ? "\(count); the last \(shown):" : "\(count):"
  }
}

/// A step that was done was taken back.
public struct RollbackLine: Sendable, Hashable, Codable {
  /// The step or the run that took it back.
  public let by: String
  /// Who drove that.
  public let actor: String
  public let at: Timestamp
  public let entry: Int64
}

extension StepAccount {
  /// Of what took it back, unless it was begun again since.
  var rollback: RollbackLine? {
    var last: RollbackLine?
    for entry in entries {
      switch entry.event.fact {
      case .stepRolledBack(let rollback):
        last = RollbackLine(
          by: rollback.by, actor: entry.event.actor, at: entry.event.at, entry: entry.sequence)
      case .stepIntended: last = nil
      default: break
      }
    }
    return last
  }

  /// The last answer given.
  var answered: AnswerLine? {
    for entry in entries.reversed() {
      if case .stepAnswered(let answer) = entry.event.fact { return AnswerLine(answer, entry) }
    }
    return nil
  }

  /// What was sampled since the last time the step was begun anew.
  var samples: [SampleLine] {
    var samples: [SampleLine] = []
    for entry in entries {
      switch entry.event.fact {
      case .stepSampled(let sample): samples.append(SampleLine(sample, entry))
      case .stepChosen(let choice) where choice.choice == .retry: samples = []
      default: break
      }
    }
    return samples
  }
}
