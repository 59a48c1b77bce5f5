public import IncidentModel
public import Playbooks

/// Whether a playbook can be started with nobody there, and whether it may be.
public struct ArmingCheck: Sendable {
  /// Why not; the first reason that counts.
  public let objection: Problem?
  /// The worst that it does, the playbooks that run as part of it included.
  public let worstEffect: Effect

  public init(_ playbook: Playbook, library: PlaybookLibrary) {
    var all = [playbook]
    var missing: String?
    var names = playbook.calledPlaybooks
    while let name = names.popLast() {
      if all.contains(where: { $0.id == name }) { continue }
      guard let path = try? library.find(name), let child = PlaybookLoader(library: library).load(path: path).playbook
      else {
        missing = name
        continue
      }
      all.append(child)
      names += child.calledPlaybooks
    }
    worstEffect =
      Effect.allCases.last { effect in all.contains { $0.worstEffect == effect } } ?? .read
    objection =
      missing.map { Self.unreadable(playbook, $0) }
      ?? all.lazy.compactMap { Self.reopening(playbook, by: $0, library) }.first
      ?? Self.questions(playbook) ?? Self.word(playbook, worstEffect)
  }

  /// Whoever stopped something decides when it starts again.
  private static func reopening(_ playbook: Playbook, by part: Playbook, _ library: PlaybookLibrary) -> Problem? {
    guard let inverse = part.inverse, let path = try? library.find(inverse),
      PlaybookLoader(library: library).load(path: path).playbook?.killSwitch != nil
    else { return nil }
    let what = part.id == playbook.id ? "it takes back" : "its step '\(part.id)' takes back"
    return Problem(
      "'\(playbook.id)' cannot be armed: \(what) the kill switch '\(inverse)', and re-opening is never automatic",
      advice: "A person starts it: andon run \(playbook.id)")
  }

  private static func questions(_ playbook: Playbook) -> Problem? {
    if let prerequisite = playbook.prerequisites.first {
      return Problem(
        "'\(playbook.id)' cannot be armed: a person has to say first that '\(prerequisite.id)' is so",
        advice: "A person starts it: andon run \(playbook.id)")
    }
    guard let parameter = playbook.params.first(where: { $0.required && $0.defaultValue == nil }) else { return nil }
    return Problem(
      "'\(playbook.id)' cannot be armed: nobody is there to give '\(parameter.name)'",
      advice: "Give the param a default in \(playbook.source.file), or let a person start it.")
  }

  private static func word(_ playbook: Playbook, _ effect: Effect) -> Problem? {
    guard effect == .destructive, playbook.confirmationWord == nil else { return nil }
    return Problem(
      "'\(playbook.id)' cannot be armed: it has destructive steps, and no word to agree to them by",
      advice: "Give it one in \(playbook.source.file): confirm: WORD")
  }

  private static func unreadable(_ playbook: Playbook, _ child: String) -> Problem {
    Problem(
      "'\(playbook.id)' cannot be armed: its step '\(child)' cannot be read as a playbook",
      advice: "andon playbook check \(child)")
  }
}
