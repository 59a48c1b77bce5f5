internal import IncidentModel
internal import Yams

/// `incident: {classify: true}`
enum IncidentTable {
  static let classify = Field<Bool>(
    "classify", onlyTrue, "A person says how bad it is, by the questions of severity.yaml. Output: answer, P0 to P3")
  static let escalate = Field<String>(
    "escalate", .slug,
    "A person calls this contact of contacts.yaml, or 'next': whoever comes next in its order. Output: answer, reached or not_reached"
  )
  static let suggest = Field<Bool>(
    "suggest", onlyTrue,
    "A person picks one of the playbooks that severity.yaml suggests, which then runs, or none. Output: answer, its id or none"
  )
  static let title = Field<Template>("title", .template, "What the incident is called from now on")
  static let milestone = Field<Milestone>("milestone", .choice(Milestone.self), "Reached when this step runs")
  static let followUp = Field<FollowUp>("follow_up", FollowUpTable.kind, "Something to do afterwards")

  static let table = ObjectTable(
    "incident", title: "an 'incident' action", "One thing about the incident; it changes nothing but the record",
    [classify.info, escalate.info, suggest.info, title.info, milestone.info, followUp.info],
    exactlyOne: [
      .init(keys: ["classify", "escalate", "suggest", "title", "milestone", "follow_up"], title: "one thing to do")
    ])

  static let kind = Kind<IncidentAction>.object(table, named: "incident") { section in
    // All are read, so that every mistake is told; the table sees to it that only one is there.
    let actions: [IncidentAction?] = [
      section[classify].map { _ in .classify },
      section[escalate].map { .escalate(to: $0 == "next" ? nil : $0) },
      section[suggest].map { _ in .suggest },
      section[title].map { .title($0) },
      section[milestone].map { .milestone($0) },
      section[followUp].map { .followUp(title: $0.title, owner: $0.owner, due: $0.due) },
    ]
    return actions.compactMap(\.self).first
  }

  struct FollowUp: Sendable {
    let title: Template
    let owner: Template?
    let due: Duration?
  }

  /// A step that does nothing is better not written.
  private static let onlyTrue = Kind<Bool>(.bool) { input, reading in
    guard let value = Kind<Bool>.bool.read(input, reading) else { return nil }
    if value { return true }
    reading.error(
      at: input.place, "\(input.label) can only be true", hint: "take the step out, or put a 'when' on it")
    return nil
  }
}

/// `follow_up: {title: text, owner: text, due: 24h}`
enum FollowUpTable {
  static let title = Field<Template>("title", .template, required: true, "What is to be done")
  static let owner = Field<Template>("owner", .template, "Who does it; nobody yet without it")
  static let due = Field<Duration>("due", .duration, "By when, counted from 'detected'; any time without it")
  static let table = ObjectTable(
    "follow_up", title: "a 'follow_up'", "Something to do after the incident", [title.info, owner.info, due.info])

  static let kind = Kind<IncidentTable.FollowUp>.object(table, named: "follow_up") { section in
    let (title, owner, due) = (section[title], section[owner], section[due])
    return title.map { IncidentTable.FollowUp(title: $0, owner: owner, due: due) }
  }
}
