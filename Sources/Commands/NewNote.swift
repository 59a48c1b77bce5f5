internal import Console
internal import Foundation
internal import IncidentModel
internal import Journaling

/// A timeline entry as somebody typed it: `andon note` and `andon timeline add`.
struct NewNote {
  /// INC-1 or RUN-1, and the text; or only the text. `-` reads standard input.
  let words: [String]
  /// When it happened; `nil`: now.
  let at: String?
  let star: Bool

  private static let longest = 64 * 1024

  func record(_ assembly: Assembly) throws {
    let (text, incident, run) = try target(assembly)
    let now = assembly.time.read()
    let happened = try at.map { try Moment.read($0, flag: "--at", now: now.wall) }
    let journal = try assembly.openJournal()
    let note = Note(text: text, happened: happened, starred: star)
    let entries: [Entry]
    do {
      entries = try journal.append([Event(at: now, actor: assembly.actor, incident: incident, run: run, .noted(note))])
    } catch { throw CommandFailure(.journal, error.problem) }
    journal.close()
    if assembly.wantsJSON {
      return assembly.screen.record(
        Value.map([
          "schema_version": .number(1), "entry": .number(Int(entries.first?.sequence ?? 0)),
          "incident": incident.map { .text($0.description) } ?? .null,
          "run": run.map { .text($0.description) } ?? .null,
          "text": .text(text), "at": .text((happened ?? now.wall).description), "starred": .bool(star),
          "by": .text(assembly.actor),
        ]).jsonText)
    }
    assembly.screen.hint("noted in \(run.map(\.description) ?? incident.map(\.description) ?? "the journal")")
  }

  /// Its reader is gone when the journal is opened for writing, which can then be closed for good.
  private func target(_ assembly: Assembly) throws -> (text: String, incident: IncidentID?, run: RunID?) {
    var rest = words
    let named = rest.count > 1 ? rest[0] : ""
    let (incident, run) = (IncidentID(named), RunID(named))
    if incident != nil || run != nil { rest.removeFirst() } else { try refuseMistypedID() }
    let text = try content(rest.joined(separator: " "))
    let reader = try assembly.openReader()
    guard let run else { return (text, try OpenIncident(reader: reader).chosen(incident), nil) }
    guard let first = try reader.entries(of: run).first else {
      throw CommandFailure(.usage, "there is no \(run) in this journal", advice: "andon history lists what there is.")
    }
    return (text, first.event.incident, run)
  }

  /// A slip in the id must not become part of a note about something else.
  private func refuseMistypedID() throws {
    guard let first = words.first else { return }
    let looksLikeID = ["INC", "RUN"].contains { prefix in
      let rest = first.uppercased().hasPrefix(prefix) ? first.dropFirst(prefix.count) : nil
      return rest.map { $0.isEmpty && words.count > 1 || $0.hasPrefix("-") } ?? false
    }
    guard looksLikeID else { return }
    if words.count == 1, IncidentID(first) != nil || RunID(first) != nil {
      throw CommandFailure(.usage, "the note is empty", advice: "For example: andon note \(first) \"error rate falls\"")
    }
    throw CommandFailure(
      .usage, "'\(first.visible)' is not of the form INC-1 or RUN-1; nothing was noted",
      advice: "andon status lists them. A text that begins so is given on standard input: andon note -")
  }

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
