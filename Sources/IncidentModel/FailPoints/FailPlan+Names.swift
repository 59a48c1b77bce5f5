#if FAIL_POINTS
  /// Every fail point there is. The program refuses a name that is missing here, and the torture tests one that it
  /// never passes.
  extension FailPlan {
    /// Where something can fail.
    public static let names = [
      "journal.before-open", "journal.before-create", "journal.before-migrate", "journal.after-open",
      "journal.before-lock", "journal.after-lock", "journal.after-begin", "journal.after-insert",
      "journal.before-commit", "journal.after-commit", "journal.before-close", "journal.before-read",
      "anchor.before-write",
      "run-lock.before-take", "run-lock.before-update",
      "recorder.before-write", "recorder.after-write",
      "run.before-begin", "run.after-begin",
      "drive.before-intent", "drive.after-intent", "drive.before-outcome", "drive.after-outcome",
      "drive.before-finish", "drive.after-finish", "drive.before-park", "drive.after-park",
      "effect.before", "effect.after", "check.before-reading", "check.after-reading",
      "resume.before-story", "resume.before-takeover", "resume.after-takeover", "resume.before-settle",
      "resume.after-fence", "resume.after-probe", "resume.before-record", "resume.after-record",
      "child.before-start",
      "incident.before-note",
      "outbox.before-queue", "outbox.before-post", "outbox.after-post", "outbox.before-receipt",
      "sql.before-connect", "sql.after-connect", "sql.before-send", "sql.after-send", "sql.after-statement",
      "sql.before-commit", "sql.commit-sent", "sql.after-commit", "sql.before-marker-table", "sql.after-marker-table",
      "sql.before-fence", "sql.after-fence",
      "sqlite.before-open", "sqlite.after-begin", "sqlite.after-marker", "sqlite.after-statement",
      "sqlite.before-commit",
      "http.before-send", "http.while-waiting", "http.after-answer",
      "command.before-spawn", "command.after-exit", "command.before-fence", "command.after-fence",
    ]

    /// Where nothing can fail, but the process can die or be late.
    public static let sureNames = [
      "anchor.after-write", "run-lock.after-take", "child.after-end", "incident.after-note", "outbox.after-queue",
      "sqlite.after-commit", "command.after-spawn",
    ]

    /// Of commands that drive no run: their own tests make them fail.
    public static let quietNames = ["report.before-write", "report.before-rename"]

    static func knows(_ name: String) -> Bool {
      names.contains(name) || sureNames.contains(name) || quietNames.contains(name)
    }
  }
#endif
