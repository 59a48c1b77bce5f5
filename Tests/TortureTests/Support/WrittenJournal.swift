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

  private(set) var runs: [String: Run] = [:]
  private(set) var entries = 0
  /// How often somebody took over a run with a step at work.
  private(set) var interruptions = 0

  /// Empty when there is no file, or nothing in it yet.
  init(_ path: String) throws {
    guard FileManager.default.fileExists(atPath: path) else { return }
    var configuration = Configuration()
    configuration.readonly = true
    let bodies = try DatabaseQueue(path: path, configuration: configuration).read { db in
      try db.tableExists("entry") ? String.fetchAll(db, sql: "SELECT body FROM entry ORDER BY seq") : []
    }
    for body in bodies {
      entries += 1
      take(try JSONDecoder().decode(Event.self, from: Data(body.utf8)))
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
