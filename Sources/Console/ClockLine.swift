import Execution
import IncidentModel

/// The clocks of a run on one line.
struct ClockLine {
  let clocks: [Scene.Clock]
  let style: Style

  /// As much as fits: with bars, without them, or only what is still running.
  func text(width: Int) -> String {
    let running = clocks.filter { $0.met == nil }
    let urgent = running.sorted { $0.remaining < $1.remaining }
    var forms = [clocks.map { (plain: full($0), clock: $0) }, clocks.map { (plain: short($0), clock: $0) }]
    for count in stride(from: running.count, to: 0, by: -1) {
      let kept = urgent.prefix(count).map(\.name)
      forms.append(running.filter { kept.contains($0.name) }.map { (plain: short($0), clock: $0) })
    }
    let gap = "    "
    let fitting = forms.first { form in form.map(\.plain).joined(separator: gap).displayWidth < width }
    guard let fitting else { return urgent.first.map { short($0).truncated(to: width - 1) } ?? "" }
    return fitting.map { coloured($0.plain, $0.clock) }.joined(separator: gap)
  }

  /// The clock that matters most now: the first that still runs.
  static func nearest(_ clocks: [Scene.Clock]) -> Scene.Clock? {
    clocks.filter { $0.met == nil }.min { $0.remaining < $1.remaining }
  }

  static func rest(of clock: Scene.Clock) -> String {
    switch clock.met {
    case true?: "met \(clock.elapsed.clockText)"
    case false?: "MISSED \((clock.elapsed - clock.limit).overText)"
    case nil:
      clock.remaining < .zero
        ? "OVERDUE \((.zero - clock.remaining).overText)"
        : "\(clock.remaining.clockText) left\(clock.isAtRisk ? ", AT RISK" : "")"
    }
  }

  private func short(_ clock: Scene.Clock) -> String { "\(clock.name) \(Self.rest(of: clock))" }

  private func full(_ clock: Scene.Clock) -> String {
    guard clock.met == nil else { return short(clock) }
    let share = clock.limit > .zero ? min(max(clock.elapsed / clock.limit, 0), 1) : 1
    let filled = Int(share * 10)
    let bar = String(repeating: "#", count: filled) + String(repeating: "-", count: 10 - filled)
    return "\(clock.name) \(clock.limit.clockText) [\(bar)] \(Self.rest(of: clock))"
  }

  private func coloured(_ text: String, _ clock: Scene.Clock) -> String {
    switch clock.met {
    case true?: style.good(text)
    case false?: style.bad(text)
    case nil:
      clock.remaining < .zero
        ? style.bad(text) : clock.isAtRisk || clock.remaining < .seconds(60) ? style.caution(text) : text
    }
  }
}

extension Screen {
  /// What is armed, and the clock that matters most, in the title of the window.
  func showTitle(of run: RunID?, _ clocks: [Scene.Clock]) {
    let (mark, nearest) = (armed.mark, ClockLine.nearest(clocks))
    if mark == nil, nearest == nil, !hasTitle { return }
    let clock = nearest.map { " \($0.name) \(ClockLine.rest(of: $0))" } ?? ""
    showTitle([mark, "\(run?.description ?? "andon")\(clock)"].compactMap(\.self).joined(separator: " | "))
  }
}

extension Duration {
  fileprivate var overText: String { "+\(clockText)" }
}
