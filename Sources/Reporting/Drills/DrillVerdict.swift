internal import IncidentModel

/// A drill on one line: `9 of 11 steps verified, 2 rehearsed; both targets met; 14.0 s, 3.0 s faster than the median of
/// 4 earlier drills`.
struct DrillVerdict {
  let results: [DrillResult]
  let targets: [DrillScore.TargetScore]
  let milliseconds: Int64
  /// Of the drills that can be compared as a whole.
  let earlier: DrillTimes?
  /// All earlier ones.
  let drills: [DrillLine]

  var text: String {
    ([stepText] + targetTexts + [timeText, changeText]).filter { !$0.isEmpty }.joined(separator: "; ")
  }

  private var stepText: String {
    func count(_ result: DrillResult) -> Int { results.count { $0 == result } }
    let others = DrillResult.allCases.dropFirst().filter { count($0) > 0 }.map { "\(count($0)) \($0.words)" }
    let noun = results.count == 1 ? "step" : "steps"
    return (["\(count(.verified)) of \(results.count) \(noun) verified"] + others).joined(separator: ", ")
  }

  private var targetTexts: [String] {
    if targets.isEmpty { return [] }
    if targets.allSatisfy({ $0.state == .met }) {
      return [targets.count == 1 ? "the target met" : targets.count == 2 ? "both targets met" : "all targets met"]
    }
    return [targets.map { "\($0.name) \($0.words)" }.joined(separator: ", ")]
  }

  private var timeText: String {
    let took = Duration.milliseconds(milliseconds)
    if drills.isEmpty { return "\(took.spokenText), the first drill" }
    guard let earlier else { return "\(took.spokenText), no earlier drill went the same way" }
    let whole = earlier.count == 1 ? "the earlier drill" : "the median of \(earlier.count) earlier drills"
    // What reads the same is the same: nobody is a tenth of a second faster.
    if took.spokenText == earlier.median.spokenText { return "\(took.spokenText), as fast as \(whole)" }
    let isFaster = took < earlier.median
    let gap = isFaster ? earlier.median - took : took - earlier.median
    return "\(took.spokenText), \(gap.spokenText) \(isFaster ? "faster" : "slower") than \(whole)"
  }

  private var changeText: String {
    drills.last(where: \.playbookChanged).map { "playbook changed since \($0.run)" } ?? ""
  }
}

extension DrillScore.TargetScore {
  /// `met`, `MISSED by 00:48`, `not reached`, `open`.
  var words: String {
    switch state {
    case .met: "met"
    case .missed: "MISSED by \(Duration.milliseconds(missedByMilliseconds ?? 0).overshootText)"
    case .notReached: "not reached"
    case .open: "open"
    }
  }
}
