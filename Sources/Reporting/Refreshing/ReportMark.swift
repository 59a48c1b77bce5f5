public import IncidentModel

/// What a report says about itself in its first line: which incident of which journal it is about, how far it goes, and
/// which generated parts it was made with.
///
///     <!-- andon:report INC-1 v1 first=3:0a1b2c3d4e5f6071 head=60:18293a4b5c6d7e8f parts=header,summary -->
public struct ReportMark: Sendable, Hashable {
  public let incident: IncidentID
  /// The incident's first entry. Incidents count from 1 in every journal; the hash tells them apart.
  public let first: EntryMark
  /// Its last entry when the report was written.
  public var head: EntryMark
  /// The names of all parts it was ever made with. One of them that is gone was taken out by people; a part that is not
  /// among them is new.
  public var parts: [String]

  /// `INC-1 v1 first=… head=… parts=…`
  var text: String {
    "\(incident) v\(GeneratedBlock.version) first=\(first.text) head=\(head.text) parts=\(parts.joined(separator: ","))"
  }

  init(incident: IncidentID, first: EntryMark, head: EntryMark, parts: [String]) {
    self.incident = incident
    self.first = first
    self.head = head
    self.parts = parts
  }

  /// - Parameter words: those behind `andon:report`.
  init?(words: [Substring]) {
    guard words.count == 5, let incident = IncidentID(String(words[0])),
      let first = EntryMark(words[2], key: "first"), let head = EntryMark(words[3], key: "head"),
      words[4].hasPrefix("parts=")
    else { return nil }
    let parts = words[4].dropFirst("parts=".count).split(separator: ",").map(String.init)
    self.init(incident: incident, first: first, head: head, parts: parts)
  }

  /// Why the report cannot have been made from this incident of this journal; `nil`: it can.
  func mismatch(with entries: [Entry]) -> Problem? {
    let last = entries[entries.count - 1].sequence
    if !first.isOf(entries[0]) {
      return Problem(
        "this report is about \(incident) of another journal: the \(incident) here begins with another entry",
        advice: "Name the folder of its journal with --state DIR.")
    }
    if entries.contains(where: head.isOf) { return nil }
    let isShorter = last < head.sequence
    return Problem(
      isShorter
        ? "this report goes up to entry \(head.sequence), but \(incident) ends with entry \(last) here"
        : "entry \(head.sequence) is not the one that this report was made from",
      advice: "The journal was replaced or altered: andon journal verify")
  }
}

/// An entry by its number and the first 16 digits of its hash.
public struct EntryMark: Sendable, Hashable {
  public let sequence: Int64
  let hash: String

  private static let digits = 16

  init(_ entry: Entry) {
    sequence = entry.sequence
    hash = String(entry.hash.prefix(Self.digits))
  }

  /// Reads `key=60:18293a4b5c6d7e8f`.
  init?(_ word: Substring, key: String) {
    guard word.hasPrefix("\(key)=") else { return nil }
    let sides = word.dropFirst(key.count + 1).split(separator: ":", omittingEmptySubsequences: false)
    guard sides.count == 2, let sequence = Int64(sides[0]), sequence > 0, sides[1].count == Self.digits,
      sides[1].allSatisfy(\.isLowerHex)
    else { return nil }
    self.sequence = sequence
    hash = String(sides[1])
  }

  var text: String { "\(sequence):\(hash)" }

  func isOf(_ entry: Entry) -> Bool { entry.sequence == sequence && entry.hash.hasPrefix(hash) }
}

extension Character {
  var isLowerHex: Bool { ("0"..."9").contains(self) || ("a"..."f").contains(self) }
}
