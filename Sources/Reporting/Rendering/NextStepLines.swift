internal import IncidentModel

extension NextStep {
  /// Under `Next:`, what to type and why. A command is never broken: it is there to be copied.
  static func lines(_ steps: [NextStep], _ options: TextOptions) -> [String] {
    if steps.isEmpty { return [] }
    let widest = steps.map(\.command.displayWidth).max() ?? 0
    if options.width - widest - 4 >= narrowestReason {
      return ["Next:"] + TextTable(steps.map { [$0.command, $0.why] }).lines(width: options.width)
    }
    return ["Next:"]
      + steps.flatMap { step in
        ["  \(step.command.onOneLine)"] + TextTable([[step.why]], indent: 6).lines(width: options.width)
      }
  }

  private static let narrowestReason = 20
}
