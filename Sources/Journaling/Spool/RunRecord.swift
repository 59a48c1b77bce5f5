internal import Foundation
public import IncidentModel
import Synchronization

/// Takes the events of one run: the journal, and, once that cannot, a spool for the rest of the run.
///
/// Only a run that may go on without a journal has somewhere to spool to. Every other one is refused by the journal's
/// error, before anything acts.
public final class RunRecord: Sendable {
  private struct State {
    /// Everything about this run so far: a spool tells the whole of it, whatever became of the journal.
    var told: [Event]
    var spool: Spool?
    var entries: [Entry] = []
    var mark: Event?
    var deadline: ContinuousClock.Instant?
  }

  /// Who writes, for the spool's heading and the entry that says why there is one.
  public struct Writer: Sendable {
    public let actor: String
    public let host: String
    public let pid: Int
    public let time: TimeSource

    public init(actor: String, host: String, pid: Int, time: TimeSource) {
      (self.actor, self.host, self.pid, self.time) = (actor, host, pid, time)
    }
  }

  private let journal: Journal
  private let places: SpoolPlaces?
  private let writer: Writer
  private let state: Mutex<State>

  /// - Parameters:
  ///   - places: where a spool may lie; `nil`: the run is not to go on without its journal.
  ///   - deadline: until when the first write has to be durable.
  ///   - told: what the journal has about the run already; kept where there may be a spool.
  public init(
    _ journal: Journal, places: SpoolPlaces?, writer: Writer, deadline: ContinuousClock.Instant? = nil,
    told: [Event] = []
  ) {
    self.journal = journal
    self.places = places
    self.writer = writer
    state = Mutex(State(told: places == nil ? [] : told, deadline: deadline))
  }

  /// True once the journal is given up for this run.
  public var isSpooling: Bool { state.withLock { $0.spool != nil } }

  /// The event that says so; part of what `open` or `append` returned.
  public var mark: Event? { state.withLock { $0.mark } }

  /// What the spool holds, numbered as there.
  public var spooled: [Entry] { state.withLock { $0.entries } }

  /// The first events of a run, which need numbers. Everything that was recorded comes back.
  public func open(_ make: @escaping @Sendable (NextNumbers) -> [Event]) throws(JournalError) -> [Event] {
    try record(make(.provisional)) { journal throws(JournalError) in try journal.append(make).map(\.event) }
  }

  /// More of them. Everything that was recorded comes back: also that the spool was begun, when it was.
  public func append(_ events: [Event], as owner: (run: RunID, epoch: Int)) throws(JournalError) -> [Event] {
    try record(events) { journal throws(JournalError) in
      try journal.append(events, as: owner)
      return events
    }
  }

  private func record(
    _ events: [Event], _ body: @escaping @Sendable (Journal) throws(JournalError) -> [Event]
  ) throws(JournalError) -> [Event] {
    guard let places else { return try body(journal) }
    return try state.withLock { state throws(JournalError) in
      if let spool = state.spool {
        state.entries += try spool.append(events)
        return events
      }
      do throws(JournalError) {
        let recorded = try attempt(by: &state.deadline, places, body)
        state.told += recorded
        return recorded
      } catch {
        if case .runTakenOver = error { throw error }
        return try degrade(events, error, places, &state)
      }
    }
  }

  // MARK: - The journal

  /// How long the journal may take before it is given up.
  public static let patience = Duration.milliseconds(1300)

  private func attempt(
    by deadline: inout ContinuousClock.Instant?, _ places: SpoolPlaces,
    _ body: @escaping @Sendable (Journal) throws(JournalError) -> [Event]
  ) throws(JournalError) -> [Event] {
    let limit = deadline.map { max($0 - .now, .milliseconds(200)) } ?? Self.patience
    deadline = nil
    let journal = journal
    do throws(JournalError) { return try Self.bounded(within: limit, journal, body) } catch {
      if case .runTakenOver = error { throw error }
      guard !journal.isLost, SpaceReserve(directory: places.directory).release() else { throw error }
      return try Self.bounded(within: limit, journal, body)
    }
  }

  private static func bounded(
    within limit: Duration, _ journal: Journal, _ body: @escaping @Sendable (Journal) throws(JournalError) -> [Event]
  ) throws(JournalError) -> [Event] {
    let outcome = Bounded.run(within: limit) { () -> Result<[Event], JournalError> in
      do throws(JournalError) { return .success(try body(journal)) } catch { return .failure(error) }
    }
    if let outcome { return try outcome.get() }
    let error = JournalError.cannotWrite(journal.path, "it has not answered for \(limit.wholeMilliseconds) ms")
    journal.giveUp(because: error)
    throw error
  }

  // MARK: - The spool

  private func degrade(
    _ events: [Event], _ error: JournalError, _ places: SpoolPlaces, _ state: inout State
  ) throws(JournalError) -> [Event] {
    journal.giveUp(because: error)
    let spool: Spool
    do throws(JournalError) {
      spool = try Spool(
        places, follows: journal.lastSeen, redactor: journal.redactor, host: writer.host, pid: writer.pid)
    } catch let second { throw error.and(second) }
    let standing = spool.standing
    let about = (state.told + events).last { $0.run != nil }
    let mark = Event(
      at: writer.time.read(), actor: writer.actor, incident: about?.incident, run: about?.run,
      .runDegraded(
        RunDegradation(
          why: error.reasonAlone, place: standing.folder, lasting: standing.isLasting, spool: spool.id)))
    // The beginning of a run comes before what is said about it.
    let isBeginning = state.told.isEmpty
    let recorded = isBeginning ? events + [mark] : [mark] + events
    do throws(JournalError) { state.entries = try spool.append(state.told + recorded) } catch let second {
      throw error.and(second)
    }
    (state.spool, state.mark) = (spool, mark)
    return recorded
  }
}

extension JournalError {
  /// What is wrong, without what to do about it.
  var reasonAlone: String { problem.message }

  /// The same, with what else went wrong.
  fileprivate func and(_ second: JournalError) -> JournalError {
    guard case .cannotWrite(_, let more) = second else { return self }
    switch self {
    case .cannotWrite(let path, let reason): return .cannotWrite(path, "\(reason); \(more)")
    default: return .cannotWrite("in its place", "\(problem.message); \(more)")
    }
  }
}
