import Engine
import IncidentModel

/// Turns the entries of an incident into the lines of its story, in the order in which things happened.
struct Timeline {
  private let detected: Timestamp?
  private let titles: [RunID: [StepID: String]]
  private let overruled: Set<Int64>

  static func rows(of file: IncidentFile) -> [TimelineRow] {
    let timeline = Timeline(file)
    // By time, and by place in the journal where that is the same: a clock set back must not lose a line.
    return file.entries.compactMap(timeline.row).sorted { ($0.at, $0.entry) < ($1.at, $1.entry) }
  }

  private init(_ file: IncidentFile) {
    detected = file.detected
    titles = Dictionary(
      file.runs.map { run in
        (run.id, Dictionary(run.steps.map { ($0.id, $0.title) }, uniquingKeysWith: { first, _ in first }))
      }, uniquingKeysWith: { first, _ in first })
    overruled = Self.overruledMilestones(in: file.entries)
  }

  /// Corrections are appended: what they correct stays, and is said to be corrected.
  private static func overruledMilestones(in entries: [Entry]) -> Set<Int64> {
    var last: [Milestone: Int64] = [:]
    var overruled: Set<Int64> = []
    for entry in entries {
      guard case .milestoneReached(let mark) = entry.event.fact else { continue }
      if let earlier = last.updateValue(entry.sequence, forKey: mark.milestone) { overruled.insert(earlier) }
    }
    return overruled
  }

  private func row(_ entry: Entry) -> TimelineRow? {
    guard let line = line(entry) else { return nil }
    let event = entry.event
    let at = line.happened ?? event.at
    return TimelineRow(
      at: at, sinceDetectedMilliseconds: detected.map { (at - $0).wholeMilliseconds }, kind: line.kind,
      event: line.text, by: event.actor, starred: line.starred, run: event.run, step: event.step?.rawValue,
      recorded: event.at - at >= .seconds(1) ? event.at : nil, entry: entry.sequence)
  }

  private struct Line {
    var kind: TimelineRow.Kind
    var text: String
    var starred = false
    var happened: Timestamp?
  }

  private func line(_ entry: Entry) -> Line? {
    let event = entry.event
    switch event.fact {
    case .incidentOpened(let opening):
      return Line(kind: .severity, text: "Incident opened as \(opening.severity.rawValue): \(opening.why)")
    case .severityChanged(let change):
      let text = "Severity changed from \(change.from.rawValue) to \(change.to.rawValue): \(change.why)"
      return Line(kind: .severity, text: text, starred: true)
    case .milestoneReached(let mark):
      let corrected = overruled.contains(entry.sequence) ? ", corrected later" : ""
      return Line(
        kind: .milestone, text: "\(mark.milestone.rawValue.uppercased()) (\(mark.source)\(corrected))", starred: true,
        happened: mark.reached)
    case .noted(let note):
      return Line(kind: .note, text: note.text, starred: note.starred, happened: note.happened)
    case .targetJudged(let judgement): return Line(kind: .target, text: text(of: judgement))
    case .messageSent(let receipt): return Line(kind: .message, text: "Message \(receipt.id) sent")
    case .messageFailed(let failure):
      return Line(kind: .message, text: "Message \(failure.id) FAILED: \(failure.failure.message)")
    default: return runLine(event) ?? stepLine(event)
    }
  }

  private func text(of judgement: TargetJudgement) -> String {
    let elapsed = Duration.milliseconds(judgement.elapsedMilliseconds)
    let limit = Duration.milliseconds(judgement.limitMilliseconds)
    return "Target \(judgement.target) \(judgement.met ? "met" : "MISSED"): \(elapsed.spokenText) of \(limit.clockText)"
  }

  private func runLine(_ event: Event) -> Line? {
    guard let run = event.run else { return nil }
    func line(_ text: String) -> Line { Line(kind: .run, text: "\(run) \(text)") }
    switch event.fact {
    case .runStarted(let start):
      let how = "\(start.drill ? "as a drill " : "")on \(start.environment)\(start.unattended ? ", unattended" : "")"
      return line("started: \(start.playbook) \(how)")
    case .runResumed(let resumption):
      return line("taken up by process \(resumption.owner.pid) on \(resumption.owner.host)")
    case .runParked(let parking): return line("parked: \(parking.reason)")
    case .runFinished(let end): return line("ended: \(end.phase.rawValue)\(end.reason.map { ", \($0)" } ?? "")")
    default: return nil
    }
  }

  /// Outcomes and what people did; intents, conditions and single readings stay in the record of the step.
  private func stepLine(_ event: Event) -> Line? {
    guard let step = event.step else { return nil }
    let title = event.run.flatMap { titles[$0]?[step] } ?? step.rawValue
    func line(_ text: String) -> Line { Line(kind: .step, text: "\(title): \(text)") }
    switch event.fact {
    case .stepFinished(let end): return line(text(of: end))
    case .stepSkipped(let skip) where skip.cause != .condition: return line("skipped, \(skip.reason)")
    case .stepAsked: return line("waits for a person")
    case .stepChosen(let choice):
      let reason = choice.reason.map { ", \($0)" } ?? ""
      return line("decided: \(choice.choice.rawValue.split(separator: "_").joined(separator: " "))\(reason)")
    default: return nil
    }
  }

  private func text(of end: StepEnd) -> String {
    let reason = end.reason.map { ", \($0)" } ?? ""
    let again = end.retrying ? "; trying again" : ""
    switch end.state {
    case .done where end.verification == .verified: return "ok, verified\(reason)"
    case .done: return "done, unverified\(reason)"
    case .failed: return "FAILED\(reason)\(again)"
    case .unknown: return "UNKNOWN\(reason)\(again)"
    default: return end.state.rawValue + reason
    }
  }
}
