internal import Console
internal import Execution
internal import IncidentModel
internal import Reporting

/// Shows recorded events to somebody who did not make them happen.
struct WatchView {
  private let screen: Screen
  private let observer: any RunObserver
  private let tellsAll: Bool
  private var titles: [StepID: String] = [:]

  /// What the transcript of a run passes over, because whoever drives it has just typed it, or is told at the end.
  private static let untold: Set<Fact.Kind> = [.runParked, .runFinished, .stepAnswered, .messageSent]

  /// - Parameter tellsAll: also what the observer passes over.
  init(screen: Screen, observer: any RunObserver, tellsAll: Bool) {
    self.screen = screen
    self.observer = observer
    self.tellsAll = tellsAll
  }

  mutating func show(_ event: Event) {
    note(event)
    observer.recorded(event)
    guard tellsAll, Self.untold.contains(event.fact.kind) else { return }
    let sentence = EventSentence.told(event, title: event.step.flatMap { titles[$0] })
    let by = sentence.automatic ? "" : "  (\(event.actor))"
    screen.record("  \(event.at.clockTime) \(sentence.text.onOneLine.visible)\(by.visible)")
  }

  /// What is armed where this happens, as far as no line has said so yet.
  func showArmed() {
    guard tellsAll else { return }
    for line in screen.armed.news() { screen.record("  \(line)") }
  }

  func show(_ forecast: ForecastLine) {
    if tellsAll { screen.hint("  expect   \(forecast.text)") }
  }

  private mutating func note(_ event: Event) {
    guard let step = event.step else { return }
    switch event.fact {
    case .stepIntended(let intent): titles[step] = intent.title
    case .stepAsked(let question): titles[step] = question.title
    case .stepSkipped(let skip): titles[step] = skip.title
    default: break
    }
  }
}

extension String {
  fileprivate var onOneLine: String { split(whereSeparator: \.isNewline).joined(separator: " / ") }
}
