/// What the page of `andon` itself tells beside its commands: variables, files, exit codes.
enum Surroundings {
  static func write(to page: inout Roff) {
    for (title, items) in [("ENVIRONMENT", variables), ("FILES", files), ("EXIT STATUS", codes)] {
      page.call("SH", title)
      for (term, meaning) in items { page.item([("B", term)], meaning) }
    }
  }

  private static let variables = [
    ("ANDON_STATE", "Folder of the journal and the reports, as --state."),
    ("ANDON_PLAYBOOKS", "Folder of the playbooks, as --playbooks."),
    ("ANDON_ENV", "The environment to act in, as --env."),
    ("ANDON_ACTOR", "Who acts, as --as."),
    ("ANDON_ANCHORS", "A file on another disk or machine that gets the journal's head after each command that writes."),
    ("ANDON_SPOOL", "A folder on a second file system: takes the record of a kill switch when the journal cannot."),
    ("NO_COLOR", "With any value: no colour."),
  ]

  private static let files = [
    ("state/journal.db", "The journal, in the working directory unless said otherwise."),
    ("state/anchors.txt", "Heads of the journal, noted after each run; keep a copy on another machine."),
    ("state/spool", "Space set aside, and records that wait for andon journal import-spool."),
    ("state/reports/INC-1.md", "The report of an incident."),
  ]

  private static let codes = ExitStatus.allCases.map { ("\($0.rawValue)", $0.meaning) }
}

extension ExitStatus {
  /// In a few words; `docs/exit-codes.md` has all of them.
  fileprivate var meaning: String {
    switch self {
    case .ok: "Everything asked for was done."
    case .failed: "The run failed: a step or a check that counts."
    case .stopped: "Stopped by the responder, or a wrong confirmation word: then nothing was touched."
    case .degraded: "Finished, with steps that a person skipped or overrode, or without a journal."
    case .parked: "Parked: something is left to a person, and nothing that counts has failed."
    case .usage: "A flag, a name or a value is wrong, or somebody would have to be asked and there is no terminal."
    case .data: "A playbook or the journal holds something that cannot be used."
    case .unavailable: "A connection or a tool is not there."
    case .journal: "The journal cannot be written."
    case .output: "All went well, but standard output could not be written."
    case .busy: "Somebody else drives this run."
    case .notAllowed: "Not allowed, or a prerequisite is missing."
    case .configuration: "An environment or the configuration is wrong."
    case .timedOut: "The whole run hit --timeout."
    }
  }
}
