/// A value that cannot print itself. It is marked where it is read and opened only at the point of use.
///
/// The journal stores its name, never its value.
public struct Secret: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// What kind of text it is; it decides which parts and encoded forms are hidden too.
  public enum Kind: Sendable, Hashable {
    case plain
    /// A URL: hidden whole, and its password and query on their own.
    case url
  }

  /// The name people know it by: the variable or file it came from.
  public let name: String
  public let kind: Kind
  private let value: String

  public init(name: String, kind: Kind = .plain, value: String) {
    self.name = name
    self.kind = kind
    self.value = value
  }

  /// Lends the value to `body`. Do not let it escape into anything that is written down.
  public func reveal<Result>(_ body: (String) throws -> Result) rethrows -> Result { try body(value) }

  public var description: String { "(hidden)" }
  public var debugDescription: String { "(hidden)" }
  public var customMirror: Mirror { Mirror(self, children: []) }
}
