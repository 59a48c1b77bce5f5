import Engine
import Execution
import IncidentModel
import Playbooks

/// The steps of a run, one a line: number, where it stands, title, how long it took.
struct StepList {
  let scene: Scene
  let style: Style
  let width: Int

  private var steps: [(number: Int, step: Step, record: StepRecord)] {
    scene.state.actingSteps.enumerated().map { ($0.offset + 1, $0.element.step, $0.element.record) }
  }

  /// `2`, or nothing for a step that takes another one back and was not begun.
  func number(of step: StepID) -> Int? { steps.first { $0.step.id == step }?.number }

  /// `STEP 2 of 8`
  func heading(of step: StepID) -> String {
    number(of: step).map { "STEP \($0) of \(steps.count)" } ?? "TAKE BACK"
  }

  var all: [String] { steps.map { line($0, isNext: false) } }

  /// The step that was settled last, the one in question, and the one after it.
  func around(_ current: StepID) -> [String] {
    guard let place = steps.firstIndex(where: { $0.step.id == current }) else { return [] }
    let before = steps[..<place].last { $0.record.state.isSettled }
    let after = steps[(place + 1)...].first { $0.record.state == .pending }
    let shown = [before, steps[place], after].compactMap { $0 }
    let more = steps.count - shown.count
    return shown.map { line($0, isNext: $0.step.id == current) }
      + (more > 0 ? ["    … \(more) more ([d] shows all)"] : [])
  }

  private func line(_ item: (number: Int, step: Step, record: StepRecord), isNext: Bool) -> String {
    let number = "\(item.number)".paddedLeft(to: 2)
    let title = (item.record.title ?? item.step.name?.source ?? item.step.id.rawValue).visible
    let took = item.record.state.isSettled ? item.record.duration.map { "  \($0.clockText)" } ?? "" : ""
    let word = isNext && !item.record.isBad ? "next" : item.record.word
    let room = width - 14 - took.displayWidth
    let line = "\(isNext ? ">" : " ")\(number) \(word.padded(to: 8)) \(title.truncated(to: max(room, 8)))\(took)"
    return item.record.isBad ? style.bad(line) : line
  }
}

extension StepRecord {
  /// Where a step stands, in one word.
  var word: String {
    if rolledBack { return "undone" }
    switch state {
    case .done: return verification == .verified ? "ok" : "done"
    case .failed: return "FAILED"
    // Nobody is asked while something runs: whoever ran it is gone.
    case .unknown, .running: return "UNKNOWN"
    case .pending: return "wait"
    case .waiting: return "asked"
    default: return state.rawValue
    }
  }
}
