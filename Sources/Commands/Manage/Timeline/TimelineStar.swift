internal import ArgumentParser
internal import Console
internal import IncidentModel
internal import Journaling

struct TimelineStar: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "star", abstract: "Mark an entry as important, or take the mark away again.",
    discussion: """
      ENTRY is the number that 'andon timeline show' prints. Nothing is changed in the entry itself: the mark is an \
      entry of its own, and the last one counts.

      Examples:
        andon timeline star 17
        andon timeline star INC-42 17 --undo
      """)

  @Argument(help: "The incident, and the entry; or only the entry.")
  var words: [String]

  @Flag(help: "Take the mark away.")
  var undo = false

  @OptionGroup var global: GlobalOptions

  func run() throws {
    guard (1...2).contains(words.count), let last = words.last else {
      throw CommandFailure(
        .usage, "star takes an incident and one entry", advice: "For example: andon timeline star 17")
    }
    let assembly = Assembly(global)
    let (id, entry) = try target(words.count == 2 ? words[0] : nil, last, assembly)
    let journal = try assembly.openJournal()
    let star = EntryStar(entry: entry.sequence, starred: !undo)
    do {
      try journal.append([Event(at: assembly.time.read(), actor: assembly.actor, incident: id, .entryStarred(star))])
    } catch { throw CommandFailure(.journal, error.problem) }
    journal.close()
    if global.json {
      return assembly.screen.record(
        Value.map([
          "schema_version": .number(1), "incident": .text(id.description), "entry": .number(Int(entry.sequence)),
          "starred": .bool(!undo), "by": .text(assembly.actor),
        ]).jsonText)
    }
    assembly.screen.hint("entry \(entry.sequence) of \(id) is \(undo ? "no longer starred" : "starred")")
  }

  /// Its reader is gone when the journal is opened for writing, which can then be closed for good.
  private func target(_ named: String?, _ text: String, _ assembly: Assembly) throws -> (IncidentID, Entry) {
    let reader = try assembly.openReader()
    let id = try OpenIncident(reader: reader).chosen(TimelineCommand.incident(named))
    guard let number = Int64(text.hasPrefix("#") ? text.dropFirst() : text[...]) else {
      throw CommandFailure(
        .usage, "'\(text.visible)' is not the number of an entry",
        advice: "andon timeline show \(id) prints them at the end of each line.")
    }
    guard let entry = try reader.entries(of: id).first(where: { $0.sequence == number }) else {
      throw CommandFailure(
        .usage, "entry \(number) does not belong to \(id)",
        advice: "andon timeline show \(id) --all lists those that do.")
    }
    if case .entryStarred = entry.event.fact {
      throw CommandFailure(
        .usage, "entry \(number) is itself a mark on another one",
        advice: "Mark that one, or take its mark away: --undo")
    }
    return (id, entry)
  }
}
