internal import IncidentModel

// How each fact is put into words, wherever it is told.

extension Optional where Wrapped == String {
  /// `: the reason`, or nothing.
  var asReason: String { self.flatMap { $0.isEmpty ? nil : ": \($0)" } ?? "" }
}

extension RoleAssignment {
  var sentence: String {
    (person.isEmpty ? "Nobody is \(role.rawValue) any more" : "\(person) is \(role.rawValue)") + why.asReason
  }
}

extension Escalation {
  /// `Technical Lead (+44 20 …)`
  var who: String {
    let name = title.isEmpty ? contact : title
    return reach.isEmpty ? "\(name) (no number is known)" : "\(name) (\(reach))"
  }

  var sentence: String { "\(outcome.words) \(who)\(why.asReason)" }
}

extension Escalation.Outcome {
  var words: String {
    switch self {
    case .named: "To be called:"
    case .reached: "Reached"
    case .notReached: "NOT reached:"
    }
  }
}

extension FollowUp {
  /// `Follow-up 2: Rotate the keys (lee, due 2031-05-15 03:13)`
  var sentence: String {
    switch status {
    case .open:
      let facts = [owner.isEmpty ? "nobody has it yet" : owner, due.map { "due \($0.minuteText)" }].compactMap { $0 }
      return "Follow-up \(number): \(title) (\(facts.joined(separator: ", ")))"
    case .done, .dropped: return "Follow-up \(number) \(status.rawValue): \(title)\(why.map { ", \($0)" } ?? "")"
    }
  }
}

extension PostmortemStatus {
  var sentence: String { "The postmortem is \(stage == .draft ? "a draft" : stage.words)\(why.asReason)" }
}

extension StepChoice.Choice {
  /// `done by hand`
  var words: String { rawValue.split(separator: "_").joined(separator: " ") }
}

extension StepAnswer {
  /// `yes; ticked 1, 3; 12 bytes with SHA-256 ab…; because …`
  var sentence: String {
    var parts = [answer.displayText]
    if let ticked {
      parts.append(ticked.isEmpty ? "nothing ticked" : "ticked \(ticked.map(String.init).joined(separator: ", "))")
    }
    if let sha256 { parts.append("\(bytes.map { "\($0) bytes, " } ?? "")SHA-256 \(sha256)") }
    if let why { parts.append(why) }
    return parts.joined(separator: "; ")
  }
}

extension StepSample {
  var sentence: String {
    let watched = Duration.milliseconds(watchedMilliseconds).clockText
    return "sample \(number) at \(watched)\(missed ? " MISSED" : ""): \(reading)"
  }
}

extension StepEnd {
  var sentence: String {
    let reason = reason.map { ", \($0.reasonInWords)" } ?? ""
    let again = retrying ? "; trying again" : ""
    switch state {
    case .done where verification == .verified: return "ok, verified\(reason)"
    case .done: return "done, unverified\(reason)"
    case .failed: return "FAILED\(reason)\(again)"
    case .unknown: return "UNKNOWN\(reason)\(again)"
    default: return state.rawValue + reason
    }
  }
}

extension TargetJudgement {
  var sentence: String {
    let elapsed = Duration.milliseconds(elapsedMilliseconds)
    let limit = Duration.milliseconds(limitMilliseconds)
    return "Target \(target) \(met ? "met" : "MISSED"): \(elapsed.spokenText) of \(limit.clockText)"
  }
}

extension Timestamp {
  /// `2031-05-15 03:13`, UTC.
  var minuteText: String { "\(calendarDate) \(clockTime.prefix(5))" }
}
