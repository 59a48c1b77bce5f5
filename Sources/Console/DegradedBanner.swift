public import IncidentModel

/// What nobody may overlook while a run goes on without its journal.
public struct DegradedBanner: Sendable {
  private let mark: RunDegradation

  public init(_ mark: RunDegradation) { self.mark = mark }

  public func lines(width: Int) -> [String] {
    let place = "The record goes to \(mark.place), spool \(mark.spool)"
    let sentences = [
      "*** DEGRADED: RUNNING WITHOUT THE JOURNAL ***", mark.why,
      mark.lasting ? place : "\(place). That is in memory: import it before this machine restarts",
      "Only emergency steps run; the others are left",
    ]
    return sentences.flatMap { Paragraph.lines($0.onOneLine.visible, width: width, indent: 4) }
  }
}
