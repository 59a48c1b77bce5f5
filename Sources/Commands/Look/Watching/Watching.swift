internal import Console
internal import IncidentModel
internal import Journaling
internal import Reporting

/// One watch over a run or an incident. Takes no lock and writes nothing.
struct Watching {
  private let subject: WatchedSubject
  private let assembly: Assembly
  private var view: WatchView
  private var follower: JournalFollower
  private(set) var isOver = false
  /// The entries that tell where runs stand.
  private var standing: [Entry] = []
  /// The number of the last of them.
  private var told: Int64 = 0
  private var looksWithoutDriver = 0
  private var expected: ForecastLine?

  /// Shows what has happened so far.
  init(_ subject: WatchedSubject, _ reader: JournalReader, _ assembly: Assembly, _ view: WatchView) throws {
    self.subject = subject
    self.assembly = assembly
    self.view = view
    // The head first: what is recorded meanwhile is behind it, and comes with the first look.
    let head = try reader.head().sequence
    follower = JournalFollower(directory: assembly.stateDirectory, after: head)
    let entries = try subject.entries(reader).filter { $0.sequence <= head }
    if let environment = entries.lazy.compactMap(\.event.fact.environment).first {
      assembly.showArmed(in: environment)
    }
    show(entries)
    showExpected(after: entries)
  }

  /// Shows what was recorded since.
  mutating func look() throws {
    let news = try follower.news()
    show(news)
    showExpected(after: news)
    view.showArmed()
    if news.isEmpty { noticeDeath() } else { looksWithoutDriver = 0 }
  }

  private mutating func show(_ entries: [Entry]) {
    for entry in entries where subject.includes(entry.event) {
      view.show(entry.event)
      switch entry.event.fact.kind {
      case .runStarted, .runResumed, .runParked, .runFinished: standing.append(entry)
      default: break
      }
      isOver = isOver || subject.isEnded(by: entry.event)
    }
    // Only of the run that stands parked now, not of each time that it was.
    if let last = standing.last, last.sequence > told, last.event.fact.kind == .runParked, let run = last.event.run {
      assembly.screen.hint("Next:  andon resume \(run)")
    }
    told = standing.last?.sequence ?? told
  }

  /// How long the rest of the run will probably take, whenever a step of it is over.
  private mutating func showExpected(after news: [Entry]) {
    guard case .run(let id) = subject, !isOver,
      news.contains(where: { $0.event.run == id && [.runStarted, .stepFinished].contains($0.event.fact.kind) }),
      let reader = try? JournalReader(directory: assembly.stateDirectory),
      let forecast = (try? RunReport(id, reader: reader))?.forecast(at: assembly.time.read().wall)
    else { return }
    if forecast.text != expected?.text { view.show(forecast) }
    expected = forecast
  }

  /// Says once that nobody drives the run any more: no event tells of that. One look may fall between the end of a
  /// run and its lock, so it takes two.
  private mutating func noticeDeath() {
    guard case .run(let id) = subject, !isOver,
      let line = Register(standing).runs.first, line.state == .running, !assembly.isDriven(line)
    else { return }
    looksWithoutDriver += 1
    if looksWithoutDriver == 2 {
      assembly.screen.hint("process \(line.owner.pid) is gone and nobody drives \(id); go on with: andon resume \(id)")
    }
  }
}

extension Fact {
  /// Where it happens, as far as it says so.
  fileprivate var environment: String? {
    switch self {
    case .runStarted(let start): start.environment
    case .incidentOpened(let opening): opening.environment
    default: nil
    }
  }
}
