/// Format 2 of the journal file: what people record about an incident gets an index of its own too, so that lists can
/// say what an incident is called now, who leads it and what is left to do. The entries themselves are as in format 1.
enum Schema2 {
  static let version = 2

  static let incidentKinds = """
    ('incident.edited','incident.role','incident.escalated','incident.followup','run.handed_over','run.cancel_asked')
    """

  static let statements = ["CREATE INDEX entry_of_people ON entry (kind, seq) WHERE kind IN \(incidentKinds)"]
}
