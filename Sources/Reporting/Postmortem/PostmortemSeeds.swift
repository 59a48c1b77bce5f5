import Engine
import IncidentModel

/// First sentences for the sections that people finish. Facts only: no causes, and nobody is blamed.
struct PostmortemSeeds {
  let file: IncidentFile
  let targets: [TargetLine]
  let steps: [StepAccount]

  init(_ file: IncidentFile) {
    self.file = file
    targets = file.runs.flatMap(\.targets)
    steps = file.runs.flatMap(\.steps)
  }

  private var incident: IncidentState { file.incident }

  // MARK: - Summary

  var summary: String {
    ([opening] + [course, outcome].filter { !$0.isEmpty }).joined(separator: " ")
  }

  private var opening: String {
    let drill = incident.drill ? "This was a drill. " : ""
    let when = file.detected.map { "On \($0.calendarDate) at \($0.clockTime) UTC" } ?? "At a time not recorded"
    let severity = incident.severity.rawValue
    return "\(drill)\(when), “\(incident.title)” was detected on \(incident.environment) (\(severity))."
  }

  private var course: String {
    guard let first = file.runs.first else { return "No playbook was run." }
    let delay = file.detected.map { " \(($0.distance(to: first.entries[0].event.at)).spokenText) later" } ?? ""
    let rest = file.runs.dropFirst().map { "\($0.start.playbook) (\($0.id))" }.joined(separator: ", ")
    let others = rest.isEmpty ? "" : ", followed by \(rest)"
    return "\(first.start.playbook) (\(first.id)) started\(delay)\(others); \(StepCounts(steps).text)."
  }

  private var outcome: String {
    var sentences: [String] = []
    var unknown: [String] = []
    for (milestone, word) in [(Milestone.mitigated, "mitigated"), (.resolved, "resolved")] {
      if let moment = incident.moment(of: milestone), let detected = file.detected {
        sentences.append("It was \(word) \((moment - detected).spokenText) after detection.")
      } else {
        unknown.append(word)
      }
    }
    if !unknown.isEmpty { sentences.append("It is not recorded as \(unknown.joined(separator: " or ")).") }
    func names(_ state: TargetLine.State) -> String {
      targets.filter { $0.state == state }.map(\.name).joined(separator: ", ")
    }
    if !names(.met).isEmpty { sentences.append("Targets met: \(names(.met)).") }
    if !names(.missed).isEmpty { sentences.append("Targets MISSED: \(names(.missed)).") }
    return sentences.joined(separator: " ")
  }

  // MARK: - Detection

  var detection: String {
    guard let mark = incident.milestones[.detected] else { return "When and how it was detected is not recorded." }
    return "Detected at \(mark.reached.clockTime) UTC, according to: \(mark.source)."
  }

  // MARK: - Well and badly

  var wentWell: [String] {
    let met = targets.filter { $0.state == .met }.map { target in
      "Target '\(target.name)' of \(target.run) was met: \(target.course)."
    }
    let verified = steps.filter { $0.word == "ok" }
    let proved =
      verified.isEmpty
      ? [] : ["\(verified.count) of \(steps.count) steps were verified by a check of their own."]
    return met + proved + NoteTag.well.notes(in: file.entries)
  }

  var wentBadly: [String] {
    let missed = targets.compactMap { target -> String? in
      switch target.state {
      case .missed:
        "Target '\(target.name)' of \(target.run) was MISSED by \(target.missedBy?.overshootText ?? ""): "
          + "\(target.course)."
      case .notReached: "Target '\(target.name)' of \(target.run) was not reached before the run ended."
      case .met, .open: nil
      }
    }
    let bad = steps.filter { $0.word == "FAILED" || $0.word == "UNKNOWN" }.map { step in
      "'\(step.title)' \(step.word): \(step.record.reason?.reasonInWords ?? "no reason recorded")"
    }
    let undelivered = file.messages.filter { $0.isPending && $0.lastFailure != nil }.map {
      "Message \($0.message.id) could not be sent: \($0.lastFailure?.failure.failure.message ?? "")"
    }
    return missed + bad + undelivered + NoteTag.badly.notes(in: file.entries)
  }

  // MARK: - Follow-ups

  var followUps: [Postmortem.FollowUp] {
    var all = NextStep.all(for: file).map { Postmortem.FollowUp(what: $0.why, command: $0.command) }
    for milestone in [Milestone.mitigated, .resolved] where incident.moment(of: milestone) == nil {
      all.append(Postmortem.FollowUp(what: "the incident is not recorded as \(milestone.rawValue)"))
    }
    return all
  }
}

/// How many steps came out how: `8 steps: 7 ok, 1 skipped`.
struct StepCounts {
  let text: String

  init(_ steps: [StepAccount]) {
    let order = [
      "ok", "done", "FAILED", "UNKNOWN", "waiting", "running", "rolled back", "skipped", "cancelled", "pending",
      "not run",
    ]
    let counts = Dictionary(grouping: steps, by: \.word).mapValues(\.count)
    let parts = order.compactMap { word in
      counts[word].map { "\($0) \(word == "done" ? "done but not verified" : word)" }
    }
    text = "\(steps.count) \(steps.count == 1 ? "step" : "steps"): \(parts.joined(separator: ", "))"
  }
}

extension Timestamp {
  fileprivate func distance(to later: Timestamp) -> Duration { later - self }
}

extension TargetLine {
  /// `04:12 of 05:00`
  fileprivate var course: String { "\(elapsed?.spokenText ?? "") of \(limit?.clockText ?? "")" }
}
