/// One event and its place in the chain.
public struct Entry: Sendable, Hashable {
  /// Counts from 1, without gaps.
  public let sequence: Int64
  /// In hex.
  public let hash: String
  public let event: Event

  public init(sequence: Int64, hash: String, event: Event) {
    self.sequence = sequence
    self.hash = hash
    self.event = event
  }
}
