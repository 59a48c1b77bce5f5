internal import Engine
public import IncidentModel

/// A value that a step read and kept before its run changed anything.
public struct KeptValue: Sendable, Hashable, Codable {
  public let run: RunID
  public let step: String
  public let title: String
  public let name: String
  public let value: String
  @OrNull public var at: Timestamp?
  public let entries: [Int64]

  /// What `register` kept, of each run in front of its first change; a long list or map is no value to compare with.
  static func all(in runs: [RunAccount]) -> [KeptValue] {
    runs.flatMap { run -> [KeptValue] in
      let firstChange = run.steps.filter { $0.effect != .read }.compactMap(\.begun).min() ?? .max
      return run.steps.filter { $0.effect == .read && ($0.begun ?? .max) < firstChange }.flatMap { step in
        step.record.registered.sorted { $0.key < $1.key }.compactMap { name, value in
          switch value {
          case .list, .map, .absent: nil
          default:
            KeptValue(
              run: run.id, step: step.id.rawValue, title: step.title, name: name, value: value.displayText,
              at: step.record.ended, entries: step.entries.map(\.sequence))
          }
        }
      }
    }
  }
}

/// What was read of the same thing before a step changed it: the same question, asked by an earlier check or by a step
/// that reads. Nothing is concluded; where nobody had asked, there is no value before.
struct ReadingsBefore {
  struct Reading {
    let text: String
    let entry: Int64
  }

  private struct Question: Hashable {
    let environment: String
    let drill: Bool
    let lines: [String]
  }

  private var readings: [Question: [Reading]] = [:]

  init(_ runs: [RunAccount]) {
    for run in runs { for step in run.steps { note(step, of: run) } }
    for key in Array(readings.keys) { readings[key]?.sort { $0.entry < $1.entry } }
  }

  /// - Returns: `nil` when nobody had asked before it began, or the question can mean different things.
  func before(_ step: StepAccount, of run: RunAccount) -> Reading? {
    guard let begun = step.begun, let check = step.lastCheck?.check, let key = Self.question(check, of: run) else {
      return nil
    }
    return readings[key]?.last { $0.entry < begun }
  }

  private mutating func note(_ step: StepAccount, of run: RunAccount) {
    var preview: [String] = []
    for entry in step.entries {
      switch entry.event.fact {
      case .stepIntended(let intent): preview = intent.preview
      case .stepChecked(let check):
        guard let key = Self.question(check, of: run), let text = check.reading else { continue }
        readings[key, default: []].append(Reading(text: text, entry: entry.sequence))
      case .stepActed(let act) where step.effect == .read && !preview.isEmpty:
        guard act.outcome == .succeeded, let text = Self.text(of: act.outputs) else { continue }
        let key = Question(environment: run.start.environment, drill: run.start.drill, lines: preview)
        readings[key, default: []].append(Reading(text: text, entry: entry.sequence))
      default: break
      }
    }
  }

  /// A check without an `until` is a word about what its step returned; with a placeholder it may ask about another row.
  private static func question(_ check: StepCheck, of run: RunAccount) -> Question? {
    let lines = check.check.filter { !$0.hasPrefix("until ") }
    guard lines.count < check.check.count, !lines.contains(where: \.holdsPlaceholder) else { return nil }
    return Question(environment: run.start.environment, drill: run.start.drill, lines: lines)
  }

  /// As a check would have put it.
  private static func text(of outputs: [String: Value]) -> String? {
    if case .list(let rows)? = outputs["rows"] { return rows.first.map { "read \($0.jsonText)" } ?? "no rows" }
    if let status = outputs["status"] {
      return "answer \(status.displayText)\(outputs["body"].map { " \($0.displayText)" } ?? "")"
    }
    return outputs["stdout"].map { "printed \"\($0.displayText.onOneLine)\"" }
  }
}

extension StepAccount {
  /// The entry with which it first began to act; `nil` when it never did.
  var begun: Int64? { entries.first { $0.event.fact.kind == .stepIntended }?.sequence }
}
