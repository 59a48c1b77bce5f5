internal import Foundation
internal import GRDB
internal import IncidentModel

/// Checks a journal from its first entry to its last, trusting nothing in it.
public struct JournalVerifier {
  public enum Verdict: Sendable, Hashable {
    /// Every entry is as it was written, and the last one is the one an anchor names.
    case anchored
    /// The chain holds, but `unanchored` entries at the end could be missing or replaced without a trace.
    case unanchored(Int64)
    /// Entry `sequence` is the first that is not as it was written.
    case altered(sequence: Int64, why: String)
    /// The chain holds but ends before what an anchor saw.
    case shortened(anchor: JournalHead)
  }

  public struct Report: Sendable, Hashable {
    public let verdict: Verdict
    /// The last entry that was found good.
    public let head: JournalHead
    /// Anchors that were compared.
    public let anchors: Int

    init(verdict: Verdict, head: JournalHead, anchors: Int) {
      self.verdict = verdict
      self.head = head
      self.anchors = anchors
    }

    /// Of a file that could not even be opened.
    public init(unreadable why: String) {
      self.init(verdict: .altered(sequence: 0, why: why), head: JournalHead(sequence: 0, bytes: Chain.root), anchors: 0)
    }
  }

  private let reader: JournalReader

  init(_ reader: JournalReader) { self.reader = reader }

  /// Works on a copy where nobody has the journal open, so that nothing is left beside it.
  public init(file path: String) throws(JournalError) { reader = try JournalReader(copyOf: path) }

  /// Heads recorded in the anchor file at `path`; none where it is missing.
  public static func anchors(in path: String) -> [JournalHead] { AnchorFile(path: path).read() }

  /// Where `Journal.close` writes anchors for the journal at `path`.
  public static func defaultAnchorFile(for path: String) -> String {
    let folder = (path as NSString).deletingLastPathComponent
    return AnchorFile(directory: folder.isEmpty ? "." : folder).path
  }

  public func verify(anchors: [JournalHead]) -> Report {
    var head = JournalHead(sequence: 0, bytes: Chain.root)
    // Nothing was ever written there, so nothing can be altered; anchors still tell of what is gone.
    let isBlank = (try? reader.isBlank) ?? false
    let alteration = isBlank ? nil : checkEntries(anchors, &head) ?? checkFile()
    let verdict = alteration.map { Verdict.altered(sequence: $0.sequence, why: $0.why) }
    return Report(verdict: verdict ?? self.verdict(head: head, anchors: anchors), head: head, anchors: anchors.count)
  }

  /// The first entry that is not as it was written; `head` is left at the last good one.
  private func checkEntries(_ anchors: [JournalHead], _ head: inout JournalHead) -> Alteration? {
    let wanted = Dictionary(grouping: anchors, by: \.sequence)
    var (good, previous) = (head, Chain.root)
    var found: Alteration?
    do throws(JournalError) {
      try reader.forEachEntry { entry in
        found = alteration(of: entry, after: good, previous: previous, anchors: wanted[entry.sequence] ?? [])
        if found == nil {
          previous = entry.hash
          good = JournalHead(sequence: entry.sequence, bytes: previous)
        }
        return found == nil
      }
    } catch { found = Alteration(sequence: good.sequence + 1, why: error.problem.message) }
    head = good
    return found
  }

  private func verdict(head: JournalHead, anchors: [JournalHead]) -> Verdict {
    guard let last = anchors.max(by: { $0.sequence < $1.sequence }) else { return .unanchored(head.sequence) }
    if last.sequence > head.sequence { return .shortened(anchor: last) }
    return last.sequence == head.sequence ? .anchored : .unanchored(head.sequence - last.sequence)
  }

  private func alteration(
    of entry: StoredEntry, after head: JournalHead, previous: [UInt8], anchors: [JournalHead]
  ) -> Alteration? {
    let expected = head.sequence + 1
    guard entry.sequence == expected else {
      return Alteration(sequence: expected, why: "it is missing; the next one is \(entry.sequence)")
    }
    guard Chain.hash(sequence: entry.sequence, previous: previous, body: entry.body) == entry.hash else {
      return Alteration(sequence: expected, why: "its content and its hash do not belong together")
    }
    guard let event = try? EventCoding.decode(entry.body) else {
      return Alteration(sequence: expected, why: "it is not an event of format 1")
    }
    guard entry.kind == event.fact.kind.rawValue, entry.incident == event.incident?.number,
      entry.run == event.run?.number
    else { return Alteration(sequence: expected, why: "the columns it is found by do not say what its body says") }
    guard anchors.allSatisfy({ $0.hash == entry.hash.hexText }) else {
      return Alteration(sequence: expected, why: "its hash is not the one that was anchored")
    }
    return nil
  }

  /// The file around the entries: structure, indexes, and the guards that keep entries final.
  private func checkFile() -> Alteration? {
    do throws(JournalError) {
      return try reader.read { db in
        let findings = try String.fetchAll(db, sql: "PRAGMA integrity_check(1)")
        if findings != ["ok"] {
          return Alteration(sequence: 0, why: "the file is damaged: \(findings.first ?? "no answer")")
        }
        let stored = try String.fetchAll(db, sql: "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")
        let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        // A format that is not known is expected to have all that is.
        let expected =
          Schema1.statements + (version == Schema1.version ? [] : Schema2.statements)
          + ([Schema1.version, Schema2.version].contains(version) ? [] : Schema3.statements)
          + (1...Schema3.version ~= version ? [] : Schema4.statements)
        guard let first = expected.first(where: { !stored.contains($0) }) else { return nil }
        let name = first.split(separator: " ").dropFirst(2).first ?? ""
        return Alteration(sequence: 0, why: "the guard '\(name)' is gone or was changed")
      }
    } catch { return Alteration(sequence: 0, why: error.problem.message) }
  }

  private struct Alteration {
    /// 0: the file around the entries.
    let sequence: Int64
    let why: String
  }
}
