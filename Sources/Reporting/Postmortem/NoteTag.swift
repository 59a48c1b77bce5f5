internal import IncidentModel

/// A first word by which somebody put a note into a section of the report: `andon note "lucky: the thief ran out of gas"`.
enum NoteTag: String, CaseIterable {
  case well, badly, lucky, question, impact

  /// What people noted under it, in the order of the entries, with the entry's number behind it.
  func notes(in entries: [Entry]) -> [String] {
    entries.compactMap { entry in
      guard case .noted(let note) = entry.event.fact, let colon = note.text.firstIndex(of: ":"),
        note.text[..<colon].lowercased() == rawValue
      else { return nil }
      let rest = String(note.text[note.text.index(after: colon)...]).onOneLine
      return "\(rest.drop(while: \.isWhitespace)) (\(entry.event.actor), entry \(entry.sequence))"
    }
  }
}
