/// The number of a run in its journal, written `RUN-107`.
public struct RunID: NumberedID {
  public static let prefix = "RUN"
  public let number: Int

  public init(number: Int) { self.number = number }
}

/// The number of an incident in its journal, written `INC-42`.
public struct IncidentID: NumberedID {
  public static let prefix = "INC"
  public let number: Int

  public init(number: Int) { self.number = number }
}

/// An id that counts from 1 in each journal and is written `PREFIX-NUMBER` everywhere.
public protocol NumberedID: Hashable, Sendable, Codable, Comparable, LosslessStringConvertible {
  static var prefix: String { get }
  var number: Int { get }
  init(number: Int)
}

extension NumberedID {
  public var description: String { isProvisional ? "\(Self.prefix)-?" : "\(Self.prefix)-\(number)" }

  /// Stands for the number that will be given when a journal can be written again.
  public static var provisional: Self { Self(number: 0) }

  public var isProvisional: Bool { number == 0 }

  /// Reads `RUN-107`, in either case. Anything else is `nil`.
  public init?(_ description: String) {
    let parts = description.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].uppercased() == Self.prefix, let number = Int(parts[1]), number > 0
    else { return nil }
    self.init(number: number)
  }

  public static func < (left: Self, right: Self) -> Bool { left.number < right.number }

  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    if text == Self.provisional.description {
      self = .provisional
      return
    }
    guard let id = Self(text) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "'\(text)' is not of the form \(Self.prefix)-1"))
    }
    self = id
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

/// The id of a step, unique in its playbook: a slug such as `disable-trades`.
public struct StepID: Hashable, Sendable, Codable, RawRepresentable, CustomStringConvertible, ExpressibleByStringLiteral
{
  public let rawValue: String

  public init(rawValue: String) { self.rawValue = rawValue }
  public init(_ text: String) { rawValue = text }
  public init(stringLiteral value: String) { rawValue = value }

  public var description: String { rawValue }

  public init(from decoder: any Decoder) throws {
    rawValue = try decoder.singleValueContainer().decode(String.self)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(rawValue)
  }
}
