internal import Engine
internal import IncidentModel

extension PostmortemSeeds {
  // MARK: - Lucky

  /// Near misses that the record shows: what nearly went wrong, and what went right without anybody's doing.
  var lucky: [String] {
    let narrow = targets.compactMap { target -> String? in
      guard target.state == .met, let limit = target.limit, let elapsed = target.elapsed,
        (limit - elapsed) * 10 <= limit
      else { return nil }
      return "Target '\(target.name)' of \(target.run) was met with \((limit - elapsed).spokenText) to spare."
    }
    let again = steps.filter { $0.record.state == .done && $0.record.attempts > 1 }.map { step in
      "'\(step.title)' worked at attempt \(step.record.attempts), not at the first."
    }
    let found = file.runs.flatMap(\.steps).filter(\.wasUnknown).map { step in
      "Nobody saw what became of '\(step.title)', and a check found out afterwards."
    }
    let degraded = file.runs.filter { $0.state.degradation != nil }.map { run in
      "The journal could not be written for a while, and \(run.id) went on all the same."
    }
    return narrow + again + found + degraded + NoteTag.lucky.notes(in: file.entries)
  }

  // MARK: - Open questions

  /// What the record leaves open, as questions: the answers are people's.
  var questions: [String] {
    let truth = Truth(file.runs)
    let unknown = truth.notKnown.map { point in
      "\(point.run): what became of '\(point.title)'? It is \(point.word), and nothing proves more."
    }
    let open = truth.open.map { "\($0.run): who answers '\($0.title)'?" }
    let calls = lastCalls.filter { $0.outcome == .named }.map { call in
      "Was \(call.title.isEmpty ? call.contact : call.title) reached? The record only says that they were to be called."
    }
    let started =
      file.incident.moment(of: .started) == nil ? ["When did it begin? Without that there is no time to detect."] : []
    let jumps = file.entries.compactMap { entry -> String? in
      guard case .clockJumped(let jump) = entry.event.fact else { return nil }
      return "\(jump.sentence) (entry \(entry.sequence)): which of the times are right?"
    }
    return started + unknown + open + calls + jumps + NoteTag.question.notes(in: file.entries)
  }

  /// The last word on each contact, in the order in which they were first named.
  private var lastCalls: [EscalationLine] {
    var (order, last): ([String], [String: EscalationLine]) = ([], [:])
    for call in EscalationLine.all(in: file.entries) {
      if last.updateValue(call, forKey: call.contact) == nil { order.append(call.contact) }
    }
    return order.compactMap { last[$0] }
  }

  // MARK: - Detection

  /// What told us, as far as the record has it: monitors, the opening, the first note.
  var signals: [String] {
    var signals = file.entries.compactMap { entry -> String? in
      guard case .monitorBreached(let breach) = entry.event.fact, !breach.reminder else { return nil }
      return "\(entry.event.at.clockTime) monitor \(breach.monitor) (\(breach.name)): \(breach.reading) "
        + "(entry \(entry.sequence))"
    }
    if let opened = file.entries.first(where: { $0.event.fact.kind == .incidentOpened }) {
      signals.append(
        "\(opened.event.at.clockTime) opened by \(opened.event.actor): \(file.incident.why) (entry \(opened.sequence))")
    }
    let first = file.entries.first { $0.event.fact.kind == .noted && $0.event.run == nil }
    if let first, case .noted(let note) = first.event.fact {
      signals.append(
        "\((note.happened ?? first.event.at).clockTime) first note, by \(first.event.actor): \(note.text) "
          + "(entry \(first.sequence))")
    }
    return signals
  }
}

extension StepAccount {
  /// It ended without a known outcome, and was done all the same.
  fileprivate var wasUnknown: Bool {
    record.state == .done && record.verification == .verified
      && entries.contains { entry in
        if case .stepFinished(let end) = entry.event.fact { end.state == .unknown } else { false }
      }
  }
}
