/// Format 4 of the journal file: indexes alone. What is open, what is left to do, which runs followed a text, which
/// messages were not sent and how clocks were judged is found without a look at everything that was ever recorded. The
/// entries themselves are as in format 1.
///
/// SQLite's JSON functions are not allowed in a schema that is not trusted, so what an index needs of a body is cut out of
/// it: keys are sorted and quotes inside a text are escaped, so that the first `"digest":"` can only be the key itself.
enum Schema4 {
  static let version = 4

  static let figureKinds = "('target.judged')"

  /// Everything that lists are made of.
  static let listedKinds =
    "("
    + [Schema1.lifecycleKinds, Schema2.incidentKinds, Schema3.monitorKinds]
    .map { $0.dropFirst().dropLast() }.joined(separator: ",") + ")"

  static let isClosing = #"kind = 'incident.milestone' AND instr(body, '"milestone":"closed"') > 0"#
  /// Of a recorded playbook, and of a run's start: the digest of the text.
  static let digest = #"substr(body, instr(body, '"digest":"') + 10, 64)"#
  static let kindsWithDigest = "('playbook.recorded','run.started')"
  /// What a message and its receipt are called.
  static let messageID = #"substr(\#(afterID), 1, instr(\#(afterID), '"') - 1)"#
  static let kindsWithMessageID = "('message.queued','message.sent')"
  /// Of a follow-up: which one of its incident it is, and whether something was left to do.
  static let followUpNumber = #"CAST(substr(body, instr(body, '"number":') + 9, 9) AS INTEGER)"#
  static let isToDo = #"kind = 'incident.followup' AND instr(body, '"status":"open"') > 0"#
  static let isSettled = #"kind = 'incident.followup' AND instr(body, '"status":"open"') = 0"#
  private static let afterID = #"substr(body, instr(body, '"id":"') + 6)"#

  static let statements = [
    "CREATE INDEX entry_of_figures ON entry (kind, seq) WHERE kind IN \(figureKinds)",
    "CREATE INDEX entry_by_incident ON entry (kind, incident) WHERE incident IS NOT NULL AND kind IN \(listedKinds)",
    "CREATE INDEX entry_by_run ON entry (kind, run) WHERE run IS NOT NULL AND kind IN \(listedKinds)",
    "CREATE INDEX entry_of_closing ON entry (incident)\nWHERE \(isClosing)",
    "CREATE INDEX entry_of_text ON entry (kind, \(digest), run)\nWHERE kind IN \(kindsWithDigest)",
    "CREATE INDEX entry_of_message ON entry (\(messageID), kind)\nWHERE kind IN \(kindsWithMessageID)",
    "CREATE INDEX entry_to_do ON entry (incident, \(followUpNumber))\nWHERE \(isToDo)",
    "CREATE INDEX entry_of_settling ON entry (incident, \(followUpNumber))\nWHERE \(isSettled)",
  ]
}
