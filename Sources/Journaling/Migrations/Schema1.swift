/// Format 1 of the journal file. Never edited once shipped; what comes later is a new numbered file.
///
/// `seq`, `hash` and `body` are the record. The other columns repeat what the body says, for look-ups; `journal
/// verify` compares them with it. (Columns computed by SQLite would be neater, but its JSON functions are not
/// allowed in a schema that is not trusted) What must never happen is refused by SQLite itself.
enum Schema1 {
  static let version = 1
  /// "andn": lets `file` and a careful reader tell a journal from any other SQLite file.
  static let applicationID = 0x616e_646e

  /// The entries that lists are made of, few in every run: they have an index of their own.
  static let lifecycleKinds = """
    ('playbook.recorded','incident.opened','incident.severity','incident.milestone','run.started','run.resumed',\
    'run.parked','run.finished','message.queued','message.sent','message.failed')
    """

  /// In the order of creation; each statement once.
  static let statements = [
    """
    CREATE TABLE entry (
      seq INTEGER PRIMARY KEY,
      hash BLOB NOT NULL CHECK (length(hash) = 32),
      body TEXT NOT NULL,
      kind TEXT NOT NULL,
      incident INTEGER,
      run INTEGER
    ) STRICT
    """,
    "CREATE INDEX entry_of_incident ON entry (incident, seq) WHERE incident IS NOT NULL",
    "CREATE INDEX entry_of_run ON entry (run, seq) WHERE run IS NOT NULL",
    "CREATE INDEX entry_of_lifecycle ON entry (kind, seq) WHERE kind IN \(lifecycleKinds)",
    """
    CREATE TRIGGER entry_never_changes BEFORE UPDATE ON entry
    BEGIN SELECT RAISE(ABORT, 'journal entries are final'); END
    """,
    """
    CREATE TRIGGER entry_never_leaves BEFORE DELETE ON entry
    BEGIN SELECT RAISE(ABORT, 'journal entries are final'); END
    """,
    // Also stops INSERT OR REPLACE, which deletes without asking the trigger above.
    """
    CREATE TRIGGER entry_comes_last BEFORE INSERT ON entry
    WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM entry)
    BEGIN SELECT RAISE(ABORT, 'journal entries follow one another'); END
    """,
  ]
}
