internal import Engine
internal import IncidentModel

extension EventSentence {
  /// What monitors found, and what they started.
  static func monitor(_ event: Event) -> EventSentence? {
    func sentence(_ text: String) -> EventSentence { EventSentence(.monitor, text).byItself }
    switch event.fact {
    case .monitorBreached(let breach): return sentence(breach.sentence)
    case .monitorRecovered(let recovery):
      return sentence("Monitor \(recovery.monitor) recovered: \(recovery.reading)")
    case .monitorBlind(let blindness): return sentence(blindness.sentence)
    case .playbookFiring(let firing): return sentence(firing.sentence)
    case .playbookArmed(let arming):
      return EventSentence(
        .monitor, "\(arming.playbook) ARMED in \(arming.environment) until \(arming.until.minuteText): \(arming.why)")
    case .playbookDisarmed(let end):
      return EventSentence(.monitor, "\(end.playbook) disarmed in \(end.environment)\(end.why.asReason)")
    default: return nil
    }
  }
}

extension MonitorBreach {
  fileprivate var sentence: String {
    let still = reminder ? "is still breached" : "BREACHED"
    let advice = suggest.map { "; it suggests \($0)" } ?? ""
    return "Monitor \(monitor) \(still) (\(severity.rawValue), \(name)): \(reading)\(reminder ? "" : advice)"
  }
}

extension MonitorBlindness {
  fileprivate var sentence: String {
    "Monitor \(monitor) \(reminder ? "still cannot" : "CANNOT") be evaluated after \(misses) "
      + "\(misses == 1 ? "look" : "looks"): \(why)"
  }
}

extension PlaybookFiring {
  fileprivate var sentence: String {
    switch stage {
    case .announced: "\(playbook) starts by itself at \(due.clockTime), fired by monitor \(monitor)"
    case .started: "\(playbook) FIRED by monitor \(monitor)"
    case .calledOff: "\(playbook) is not started for monitor \(monitor)\(why.asReason)"
    }
  }
}
