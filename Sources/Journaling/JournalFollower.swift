internal import Foundation
public import IncidentModel

/// Looks into a journal again and again while others write it.
///
/// Between two looks nothing of it is open, so that whoever writes can fold its log in and go.
public struct JournalFollower: Sendable {
  private let directory: String
  /// The number of the last entry that was handed out.
  private var seen: Int64
  private var trace: [FileTrace] = []
  private var idleLooks = 0
  private var failures = 0

  /// What `stat` tells of a file, to see from outside whether it was written to.
  private struct FileTrace: Sendable, Hashable {
    let size: Int
    let modified: Date?
    let number: Int

    init(_ path: String) {
      let attributes = (try? FileManager.default.attributesOfItem(atPath: path)) ?? [:]
      size = attributes[.size] as? Int ?? -1
      modified = attributes[.modificationDate] as? Date
      number = attributes[.systemFileNumber] as? Int ?? 0
    }
  }

  /// So many looks in a row may find a journal that is just being rewritten; then something is wrong with it.
  private static let bearableFailures = 10
  /// A file system's clock can be too coarse to tell two writes apart, so now and then it is read all the same.
  private static let mostIdleLooks = 10

  /// - Parameter sequence: the number of the last entry that is known already; 0 for none.
  public init(directory: String, after sequence: Int64) {
    self.directory = directory
    seen = sequence
  }

  /// What was recorded since the last look, in order.
  public mutating func news() throws(JournalError) -> [Entry] {
    let path = "\(directory)/\(JournalFile.name)"
    let found = [FileTrace(path), FileTrace(path + "-wal")]
    if found == trace, idleLooks < Self.mostIdleLooks {
      idleLooks += 1
      return []
    }
    idleLooks = 0
    do throws(JournalError) {
      guard let entries = try JournalReader(directory: directory)?.entries(after: seen), let last = entries.last else {
        trace = found
        return []
      }
      // A copy taken in the middle of a write may lack a page; the next look will have it.
      guard entries[0].sequence == seen + 1, last.sequence == seen + Int64(entries.count) else {
        throw .cannotRead(path, "entries are missing after number \(seen)")
      }
      (trace, seen, failures) = (found, last.sequence, 0)
      return entries
    } catch {
      failures += 1
      trace = []
      if failures > Self.bearableFailures { throw error }
      return []
    }
  }
}
