internal import ArgumentParser
internal import Console
internal import Engine
internal import Foundation
internal import IncidentModel
internal import Journaling

struct NoteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "note", abstract: "Write an entry into the timeline.",
    discussion: """
      Works while a run is going. Without an id it goes to the only open incident.

      Examples:
        andon note "error rate is back to normal"
        andon note INC-42 "customer called" --at "3m ago" --star
        tail -5 api.log | andon note INC-42 -
      """)

  @Argument(
    help: "INC-1 or RUN-1, and the text; or only the text. - reads standard input.", completion: .records)
  var words: [String]

  @Option(help: ArgumentHelp("When it happened: a moment, or '3m ago'.", valueName: "TIME"))
  var at: String?

  @Flag(help: "Show it in the body of the report.")
  var star = false

  @OptionGroup var global: GlobalOptions

  func run() throws {
    let assembly = Assembly(global)
    var rest = words
    var incident: IncidentID?
    var run: RunID?
    if rest.count > 1, let first = rest.first {
      incident = IncidentID(first)
      run = RunID(first)
      if incident != nil || run != nil { rest.removeFirst() }
    }
    let text = try content(rest.joined(separator: " "))
    let reader = try assembly.openReader()
    if let run {
      guard let first = try reader.entries(of: run).first else {
        throw CommandFailure(.usage, "there is no \(run) in this journal", advice: "andon history lists what there is.")
      }
      incident = first.event.incident
    } else {
      incident = try OpenIncident(reader: reader).chosen(incident)
    }
    let now = assembly.time.read()
    let happened = try at.map { try Moment.read($0, flag: "--at", now: now.wall) }
    assembly.hideKnownSecrets()
    let journal = try assembly.openJournal()
    let note = Note(text: text, happened: happened, starred: star)
    do {
      try journal.append([Event(at: now, actor: assembly.actor, incident: incident, run: run, .noted(note))])
    } catch { throw CommandFailure(.journal, error.problem) }
    journal.close()
    assembly.screen.hint("noted in \(run.map(\.description) ?? incident.map(\.description) ?? "the journal")")
  }

  private static let longest = 64 * 1024

  private func content(_ text: String) throws -> String {
    let content =
      text == "-"
      ? String(decoding: FileHandle.standardInput.readDataToEndOfFile(), as: UTF8.self) : text
    let trimmed = content.trimmingCharacters(in: .whitespacesAndNewlines)
    if trimmed.isEmpty {
      throw CommandFailure(.usage, "the note is empty", advice: "For example: andon note \"error rate falls\"")
    }
    if trimmed.utf8.count > Self.longest {
      throw CommandFailure(
        .usage, "the note has \(trimmed.utf8.count) bytes, more than \(Self.longest)",
        advice: "Note what matters of it.")
    }
    return trimmed
  }
}
