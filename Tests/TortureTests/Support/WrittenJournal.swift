import Foundation
import GRDB
import IncidentModel

/// What a journal holds, read as any SQLite program would: not by the code that wrote it.
struct WrittenJournal {
  struct Run {
    var intents: Set<Attempt> = []
    /// The last word on each step.
    var ends: [String: StepEnd] = [:]
    /// Steps in the order in which they were last begun, which have no outcome yet.
    var open: Set<String> = []
    var isOver = false
    var isParked = false
    /// Wall time in milliseconds of each taking over, and of the next thing that was begun or ended after it.
    var takenOver: Int64?
    var decided: Int64?

    var unknowns: [String] { ends.filter { $0.value.state == .unknown }.map(\.key).sorted() }
  }

  struct Attempt: Hashable {
    let step: String
    let number: Int
  }

  /// What had been read is gone or is another one now.
  struct Rewritten: Error, CustomStringConvertible {
    let path: String
    let sequence: Int64
    var description: String { "entry \(sequence) of \(path) is not what it was" }
  }

  private(set) var runs: [String: Run] = [:]
  /// How often somebody took over a run with a step at work.
  private(set) var interruptions = 0
  private let path: String
  private var last: (sequence: Int64, hash: Data)?

  /// Nothing of it is read yet.
  init(_ path: String) { self.path = path }

  /// Reads what was appended since. No file, or nothing in it yet, is an empty journal. Throws when the newest entry
  /// that was read before, whose hash stands for all before it, is not there any more.
  mutating func catchUp() throws {
    guard last != nil || FileManager.default.fileExists(atPath: path) else { return }
    var configuration = Configuration()
    configuration.readonly = true
    let rows = try DatabaseQueue(path: path, configuration: configuration).read { [last] db in
      guard try last != nil || db.tableExists("entry") else { return [Row]() }
      return try Row.fetchAll(
        db, sql: "SELECT seq, hash, body FROM entry WHERE seq >= ? ORDER BY seq", arguments: [last?.sequence ?? 0])
    }
    if let last {
      guard rows.first?["seq"] == last.sequence, rows.first?["hash"] == last.hash else {
        throw Rewritten(path: path, sequence: last.sequence)
      }
    }
    for row in rows.dropFirst(last == nil ? 0 : 1) {
      let body: String = row["body"]
      take(try JSONDecoder().decode(Event.self, from: Data(body.utf8)))
      last = (row["seq"], row["hash"])
    }
  }

  private mutating func take(_ event: Event) {
    guard let id = event.run?.description else { return }
    let step = event.step?.description ?? ""
    switch event.fact {
    case .runStarted: runs[id] = Run()
    case .runResumed:
      if runs[id]?.open.isEmpty == false { interruptions += 1 }
      runs[id]?.takenOver = event.at.milliseconds
      runs[id]?.decided = nil
      runs[id]?.isParked = false
    case .runParked: runs[id]?.isParked = true
    case .runFinished: runs[id]?.isOver = true
    case .stepIntended:
      runs[id]?.intents.insert(Attempt(step: step, number: event.attempt ?? 0))
      runs[id]?.open.insert(step)
    case .stepFinished(let end):
      runs[id]?.ends[step] = end
      runs[id]?.open.remove(step)
    default: break
    }
    switch event.fact {
    case .stepIntended, .runFinished, .runParked:
      if runs[id]?.decided == nil { runs[id]?.decided = event.at.milliseconds }
    default: break
    }
  }
}
