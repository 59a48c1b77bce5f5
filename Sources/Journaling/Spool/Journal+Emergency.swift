internal import Foundation
public import IncidentModel

extension Journal {
  /// Opens the journal for a run that may go on without it. Never throws and never waits for long: one that cannot be
  /// opened in time is stood in for by one that reads as empty and takes nothing.
  /// - Parameter deadline: until when it has to be open.
  public static func forEmergency(
    directory: String, redactor: Redactor, outside: OutsideAnchors? = nil, by deadline: ContinuousClock.Instant
  ) throws(JournalError) -> Journal {
    func open() -> Result<Journal, JournalError>? {
      let left = deadline - .now
      return Bounded.run(within: left) { () -> Result<Journal, JournalError> in
        do throws(JournalError) {
          return .success(
            try Journal(
              directory: directory, redactor: redactor, outside: outside, patience: left - .milliseconds(200)))
        } catch { return .failure(error) }
      }
    }
    var outcome = open()
    if case .failure = outcome, SpaceReserve(directory: directory).release() { outcome = open() }
    let path = "\(directory)/\(JournalFile.name)"
    switch outcome {
    case .success(let journal): return journal
    case .failure(let error): return try Journal(insteadOf: path, because: error, redactor: redactor)
    case nil:
      let error = JournalError.cannotWrite(path, "it does not answer")
      return try Journal(insteadOf: path, because: error, redactor: redactor)
    }
  }

  /// The head, where it can be read in a moment: what a spool follows.
  var lastSeen: JournalHead? {
    let directory = (path as NSString).deletingLastPathComponent
    return Bounded.run(within: .milliseconds(150)) {
      do throws(JournalError) { return try JournalReader(directory: directory)?.head() } catch { return nil }
    } ?? nil
  }
}
