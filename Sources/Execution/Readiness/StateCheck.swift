internal import IncidentModel
internal import Journaling

/// Could the record be written? Without a journal nothing runs.
struct StateCheck {
  let directory: String

  /// A run writes a few hundred kilobytes; reports and copies of the journal want more.
  private static let least: Int64 = 64 << 20
  private static let enough: Int64 = 1 << 30

  var findings: [ReadinessFinding] {
    let folder = StateFolder(path: directory)
    let findings = [writable(folder), local(folder), space(folder), head(folder)].compactMap { $0 }
    if !findings.isEmpty { return findings }
    let journal = folder.hasJournal ? "the journal holds at its end" : "there is no journal yet"
    return [ReadinessFinding(.ok, .state, "\(directory) can be written, \(journal)")]
  }

  private func writable(_ folder: StateFolder) -> ReadinessFinding? {
    folder.refusal.map {
      ReadinessFinding(
        .fail, .state, "the state folder cannot be written: \($0)",
        advice: "mend its permissions, or name another folder with --state DIR")
    }
  }

  private func local(_ folder: StateFolder) -> ReadinessFinding? {
    folder.networkFileSystem.map {
      ReadinessFinding(
        .fail, .state, "\(directory) lies on \($0), where a journal can be lost or doubled",
        advice: "name a folder on a disk of this machine with --state DIR")
    }
  }

  private func space(_ folder: StateFolder) -> ReadinessFinding? {
    guard let free = folder.freeBytes, free < Self.enough else { return nil }
    return ReadinessFinding(
      free < Self.least ? .fail : .warn, .state, "only \(free >> 20) MiB are free for \(directory)",
      advice: "free space, or name another folder with --state DIR")
  }

  private func head(_ folder: StateFolder) -> ReadinessFinding? {
    guard folder.refusal == nil, let trouble = folder.troubleAtHead() else { return nil }
    return ReadinessFinding(
      .fail, .state, "the journal in \(directory) does not hold: \(trouble)",
      advice: "see how far it does: andon journal verify")
  }
}
