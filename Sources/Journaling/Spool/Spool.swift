internal import Foundation
import Glibc
import IncidentModel
import Synchronization

/// The record of one run while no journal takes it: numbered, chained records in the first place that takes them.
final class Spool: Sendable {
  /// Eight hex digits; part of the file's name.
  let id: String
  /// What `RunDegradation` says of it.
  struct Standing: Sendable, Hashable {
    let folder: String
    let isLasting: Bool
  }

  private struct State {
    var left: [SpoolPlaces.Place]
    var file: SpoolFile?
    var standing: Standing
    /// The number of the last record, and its hash.
    var number: Int64 = 0
    var head: [UInt8]
    var troubles: [String] = []
  }

  private let places: SpoolPlaces
  private let redactor: Redactor
  private let heading: SpoolFrame
  private let state: Mutex<State>

  /// How long one place may take; then the next one is tried.
  private static let patience = Duration.milliseconds(250)

  /// Opens the first place that takes the heading. Throws why none did.
  /// - Parameter head: where the journal stood when it was last seen.
  init(_ places: SpoolPlaces, follows head: JournalHead?, redactor: Redactor, host: String, pid: Int)
    throws(JournalError)
  {
    id = String(UUID().uuidString.lowercased().prefix(8))
    self.places = places
    self.redactor = redactor
    let text = SpoolHeading(
      spool: id, journal: "\(places.directory)/\(JournalFile.name)", follows: head?.description, host: host, pid: pid)
    heading = SpoolFrame(number: 0, previous: Chain.root, body: text.bytes)
    let all = places.places
    state = Mutex(State(left: all, standing: Standing(folder: "", isLasting: false), head: heading.hash))
    try state.withLock { state throws(JournalError) in try move(&state) }
  }

  /// Where it lies at this moment.
  var standing: Standing { state.withLock { $0.standing } }

  /// Appends the events in one write; all of them are on the disk when it returns. Throws when no place takes them.
  func append(_ events: [Event]) throws(JournalError) -> [Entry] {
    try state.withLock { state throws(JournalError) in
      var (number, head, bytes) = (state.number, state.head, [UInt8]())
      var entries: [Entry] = []
      for event in events {
        let body: [UInt8]
        do { body = try EventCoding.encode(event, hiding: redactor) } catch {
          throw .cannotWrite(state.standing.folder, reason(error))
        }
        number += 1
        let frame = SpoolFrame(number: number, previous: head, body: body)
        head = frame.hash
        bytes += frame.bytes
        entries.append(Entry(sequence: number, hash: head.hexText, event: event))
      }
      while let file = state.file, let trouble = Self.write(bytes, to: file) {
        state.troubles.append("\(state.standing.folder): \(trouble)")
        try move(&state)
      }
      (state.number, state.head) = (number, head)
      return entries
    }
  }

  /// On to the next place that takes the heading.
  private func move(_ state: inout State) throws(JournalError) {
    state.file = nil
    while let place = state.left.first {
      state.left.removeFirst()
      let (path, places, heading) = (places.path(of: id, in: place), places, heading.bytes)
      let attempt = Bounded.run(within: Self.patience) { () -> Result<SpoolFile, SpoolFile.Trouble> in
        do throws(SpoolFile.Trouble) {
          if let reason = place.prepare() { throw SpoolFile.Trouble(reason) }
          let file = try SpoolFile(path: path) {
            place.isBesideJournal && SpaceReserve(directory: places.directory).claimBlank(as: path)
          }
          do throws(SpoolFile.Trouble) { try file.append(heading) } catch {
            unlink(path)
            throw error
          }
          return .success(file)
        } catch { return .failure(error) }
      }
      switch attempt {
      case .success(let file):
        state.file = file
        state.standing = Standing(folder: place.folder, isLasting: place.isLasting)
        return
      case .failure(let trouble): state.troubles.append("\(place.folder): \(trouble.reason)")
      case nil: state.troubles.append("\(place.folder): it does not answer")
      }
    }
    throw .cannotWrite(places.directory, "no spool could be written either (\(state.troubles.joined(separator: "; ")))")
  }

  /// Why it did not work; `nil`: it did.
  private static func write(_ bytes: [UInt8], to file: SpoolFile) -> String? {
    let attempt = Bounded.run(within: patience) { () -> String? in
      do throws(SpoolFile.Trouble) {
        try file.append(bytes)
        return nil
      } catch { return error.reason }
    }
    return attempt ?? "it does not answer"
  }
}

/// What the first record of every file of a spool says.
struct SpoolHeading: Codable, Sendable, Hashable {
  var format = 1
  var spool: String
  /// The journal it stands in for.
  var journal: String
  /// The head of that journal, as `SEQUENCE:HASH`, where it could be read.
  var follows: String?
  var host: String
  var pid: Int

  init(spool: String, journal: String, follows: String?, host: String, pid: Int) {
    (self.spool, self.journal, self.follows, self.host, self.pid) = (spool, journal, follows, host, pid)
  }

  var bytes: [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(self)).map(Array.init) ?? []
  }
}
