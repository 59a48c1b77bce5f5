internal import Engine
public import IncidentModel

/// What one recorded event says in the story of an incident.
public struct EventSentence: Sendable, Hashable {
  public let kind: TimelineRow.Kind
  public let text: String
  /// True for what is important by itself: milestones, changes of severity, notes marked so.
  public var starred = false
  /// When it happened, if that is not when it was recorded.
  public var happened: Timestamp?
  /// True for what no person said or decided.
  public var automatic = false

  init(_ kind: TimelineRow.Kind, _ text: String) {
    self.kind = kind
    self.text = text
  }

  /// Outcomes and what people did; `nil` for intents, conditions and single readings, which stay in the record of
  /// their step.
  /// - Parameter title: the name of the step that the event is about.
  public static func of(_ event: Event, title: String?) -> EventSentence? {
    incident(event) ?? monitor(event) ?? clock(event) ?? run(event) ?? step(event, title ?? event.step?.rawValue ?? "")
  }

  /// The same for every event: what the story leaves out is told too.
  public static func told(_ event: Event, title: String?) -> EventSentence {
    of(event, title: title) ?? detail(of: event, title: title)
  }

  private static func incident(_ event: Event) -> EventSentence? {
    switch event.fact {
    case .incidentOpened(let opening):
      return EventSentence(.severity, "Incident opened as \(opening.severity.rawValue): \(opening.why)")
    case .severityChanged(let change):
      var sentence = EventSentence(
        .severity, "Severity changed from \(change.from.rawValue) to \(change.to.rawValue): \(change.why)")
      sentence.starred = true
      return sentence
    case .milestoneReached(let mark):
      var sentence = EventSentence(.milestone, "\(mark.milestone.rawValue.uppercased()) (\(mark.source))")
      (sentence.starred, sentence.happened) = (true, mark.reached)
      sentence.automatic = event.run != nil || mark.source.contains("\(RunID.prefix)-")
      return sentence
    case .noted(let note):
      var sentence = EventSentence(.note, note.text)
      (sentence.starred, sentence.happened) = (note.starred, note.happened)
      return sentence
    case .incidentEdited(let edit): return EventSentence(.incident, "Incident is now called “\(edit.title)”")
    case .roleAssigned(let assignment): return EventSentence(.role, assignment.sentence)
    case .escalated(let escalation): return EventSentence(.escalation, escalation.sentence)
    case .followUpRecorded(let followUp): return EventSentence(.followUp, followUp.sentence)
    case .postmortemStatus(let status): return EventSentence(.incident, status.sentence)
    default: return nil
    }
  }

  private static func run(_ event: Event) -> EventSentence? {
    guard let run = event.run else { return nil }
    func sentence(_ text: String) -> EventSentence { EventSentence(.run, "\(run) \(text)") }
    switch event.fact {
    case .runStarted(let start):
      let how = "\(start.drill ? "as a drill " : "")on \(start.environment)\(start.unattended ? ", unattended" : "")"
      return sentence("started: \(start.playbook) \(how)")
    case .runResumed(let resumption):
      return sentence("taken up by process \(resumption.owner.pid) on \(resumption.owner.host)")
    case .runHandedOver(let change): return sentence("handed over to \(change.person)\(change.why.asReason)")
    case .cancellationAsked(let wish):
      return sentence("is to be cancelled\(wish.now ? " at once" : "")\(wish.why.asReason)")
    case .runDegraded(let mark):
      var degraded = sentence("DEGRADED, went on without the journal: \(mark.why)").byItself
      degraded.starred = true
      return degraded
    case .spoolImported(let arrival): return sentence(arrival.sentence)
    case .runParked(let parking): return sentence("parked: \(parking.reason)").byItself
    case .runFinished(let end):
      return sentence("ended: \(end.phase.rawValue)\(end.reason.map { ", \($0)" } ?? "")").byItself
    default: return nil
    }
  }

  private static func step(_ event: Event, _ title: String) -> EventSentence? {
    func sentence(_ text: String, _ kind: TimelineRow.Kind = .step) -> EventSentence {
      EventSentence(kind, "\(title): \(text)")
    }
    switch event.fact {
    case .stepFinished(let end): return sentence(end.sentence).byItself
    case .stepSkipped(let skip) where skip.cause != .condition: return sentence("skipped, \(skip.reason)")
    case .stepAsked: return sentence("waits for a person").byItself
    case .stepAnswered(let answer): return sentence("answered \(answer.sentence)")
    case .stepChosen(let choice):
      let reason = choice.reason.map { ", \($0)" } ?? ""
      return sentence("decided: \(choice.choice.words)\(reason)")
    case .stepRolledBack(let rollback): return sentence("rolled back by \(rollback.by)").byItself
    case .targetJudged(let judgement): return EventSentence(.target, judgement.sentence).byItself
    case .messageSent(let receipt): return EventSentence(.message, "Message \(receipt.id) sent").byItself
    case .messageFailed(let failure):
      return EventSentence(.message, "Message \(failure.id) FAILED: \(failure.failure.message)").byItself
    default: return nil
    }
  }

  /// The same, as something that happened without anybody saying so.
  var byItself: EventSentence {
    var sentence = self
    sentence.automatic = true
    return sentence
  }
}

extension SpoolArrival {
  fileprivate var sentence: String {
    let gaps = missing.isEmpty ? "" : "; MISSING are records \(missing.joined(separator: ", "))"
    let link = linked ? "" : "; NOT LINKED: this journal does not have the entry that it followed"
    return "got its \(records) records from spool \(spool)\(gaps)\(link)"
  }
}
