public import IncidentModel

/// An entry and its hash: what was recorded up to here, in a form that can be checked.
public struct HeadLine: Sendable, Hashable, Codable {
  public let sequence: Int64
  /// In hex.
  public let hash: String

  public init(_ entry: Entry) {
    sequence = entry.sequence
    hash = entry.hash
  }

  /// As `journal verify --anchor` takes it.
  public var text: String { "\(sequence):\(hash)" }
}
