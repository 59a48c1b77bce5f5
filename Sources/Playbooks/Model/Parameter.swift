public import IncidentModel

/// A value that comes from outside, through one validated door.
public struct Parameter: Sendable, Hashable {
  public enum Kind: String, Sendable, CaseIterable {
    case text, number, integer, bool, choice, duration, url, address, file
  }

  public var name: String
  public var kind: Kind
  /// Already converted to `kind`.
  public var defaultValue: Value?
  public var required: Bool
  public var ask: String?
  public var choices: [String]
  /// A regular expression that the whole text must match.
  public var pattern: String?
  public var min: Number?
  public var max: Number?
  public var secret: Bool

  public init(
    name: String, kind: Kind, defaultValue: Value? = nil, required: Bool = false, ask: String? = nil,
    choices: [String] = [], pattern: String? = nil, min: Number? = nil, max: Number? = nil, secret: Bool = false
  ) {
    self.name = name
    self.kind = kind
    self.defaultValue = defaultValue
    self.required = required
    self.ask = ask
    self.choices = choices
    self.pattern = pattern
    self.min = min
    self.max = max
    self.secret = secret
  }
}
