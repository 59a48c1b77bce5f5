public import IncidentModel

/// How much time lies between two recorded events.
///
/// Taken from the clock that never jumps where both events know the same start of the machine; from wall time, and
/// then only approximate, where they do not. Never negative.
public struct Elapsed: Sendable, Hashable {
  public let milliseconds: Int64
  public let approximate: Bool

  public init(from first: Event, to last: Event) {
    approximate = first.bootID != last.bootID || first.bootID.isEmpty
    milliseconds = last.reading.elapsed(since: first.reading).wholeMilliseconds
  }

  /// `4.2 s`, with `~` in front when only approximate.
  public var text: String { (approximate ? "~" : "") + Duration.milliseconds(milliseconds).spokenText }
}
