import IncidentModel

/// The world against the journal.
struct Oracle {
  private(set) var effects = 0
  private(set) var unknowns = 0
  /// Every broken promise, as a sentence.
  private(set) var violations: [String] = []

  /// Compares what happened with what was recorded, of runs that nobody drives now.
  init(_ journal: WrittenJournal, _ effects: [Effect]) {
    self.effects = effects.count
    var counts: [String: Int] = [:]
    for effect in effects {
      counts["\(effect.run)/\(effect.step)", default: 0] += 1
      let intents = journal.runs[effect.run]?.intents.filter { $0.step == effect.step } ?? []
      if effect.attempt.map({ number in !intents.contains { $0.number == number } }) ?? intents.isEmpty {
        violations.append("\(effect.run) \(effect.step) attempt \(effect.attempt ?? 0) took effect without an intent")
      }
    }
    for (id, run) in journal.runs {
      unknowns += run.unknowns.count
      for (step, kind) in Torture.kinds {
        let count = counts["\(id)/\(step)"] ?? 0
        let attempts = run.intents.count { $0.step == step }
        let limit = kind == .idempotent ? attempts : 1
        if count > limit { violations.append("\(id) \(step) took effect \(count) times, at most \(limit) is right") }
        guard let end = run.ends[step], !run.open.contains(step) else { continue }
        if end.state == .done, count == 0 { violations.append("\(id) \(step) is said to be done and never was") }
        if end.state == .failed, !end.retrying, kind != .idempotent, count > 0, end.verification != .failed {
          violations.append("\(id) \(step) is said to have failed and took effect: \(end.reason ?? "")")
        }
      }
    }
  }
}
