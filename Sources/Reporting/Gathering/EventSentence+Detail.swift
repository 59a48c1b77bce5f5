internal import Engine
internal import IncidentModel

extension EventSentence {
  /// What the story leaves out: every other event in a few words.
  static func detail(of event: Event, title: String?) -> EventSentence {
    let title = title ?? event.step?.rawValue ?? ""
    func sentence(_ text: String) -> EventSentence { EventSentence(.detail, text).byItself }
    switch event.fact {
    case .playbookRecorded(let record): return sentence("Text of the playbook \(record.playbook) recorded")
    case .entryStarred(let star):
      return EventSentence(.star, "Entry \(star.entry) \(star.starred ? "starred" : "no longer starred")")
    case .stepIntended(let intent): return sentence("\(title): begins (\(intent.action), \(intent.effect.rawValue))")
    case .stepActed(let act):
      let failure = act.failure.map { ", \($0.message)" } ?? ""
      let took = Duration.milliseconds(act.milliseconds).spokenText
      return sentence("\(title): its action \(act.outcome.words) in \(took)\(failure)")
    case .stepChecked(let check):
      let reading = (check.reading ?? check.failure?.message).map { ", \($0)" } ?? ""
      return sentence("\(title): check \(check.verification.rawValue)\(reading)")
    case .stepSkipped(let skip): return sentence("\(title): not due, \(skip.reason)")
    case .stepSampled(let sample): return sentence("\(title): \(sample.sentence)")
    case .branchTaken(let choice): return sentence("\(title): the condition is \(choice.taken)")
    case .messageQueued(let message): return sentence("Message \(message.id) queued for \(message.connection)")
    default: return sentence(event.fact.kind.rawValue)
    }
  }
}

extension StepAct.Outcome {
  fileprivate var words: String {
    switch self {
    case .succeeded: "succeeded"
    case .failed: "FAILED"
    case .unknown: "ended without a known outcome"
    }
  }
}
