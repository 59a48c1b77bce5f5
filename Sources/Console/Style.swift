/// The few colours we use, all from the sixteen that every terminal has. Colour only repeats what a word says.
public struct Style: Sendable {
  private let enabled: Bool

  public init(enabled: Bool) { self.enabled = enabled }

  public func good(_ text: String) -> String { wrap(text, "32") }
  public func bad(_ text: String) -> String { wrap(text, "31;1") }
  public func caution(_ text: String) -> String { wrap(text, "33") }
  public func strong(_ text: String) -> String { wrap(text, "1") }
  public func faint(_ text: String) -> String { wrap(text, "2") }

  private func wrap(_ text: String, _ code: String) -> String { enabled ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text }
}
