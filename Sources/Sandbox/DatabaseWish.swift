public import IncidentModel

/// Which database a stand-in gets.
public enum DatabaseWish: String, Sendable, CaseIterable {
  /// PostgreSQL where it is described and can run, SQLite else.
  case any
  case sqlite
  case postgres

  /// What people and scripts say it with.
  public static let variable = "ANDON_SANDBOX"

  /// Reads `ANDON_SANDBOX`; `.any` where it is not set.
  public init(_ environment: [String: String]) throws(Problem) {
    guard let word = environment[Self.variable], !word.isEmpty else {
      self = .any
      return
    }
    guard let wish = Self(rawValue: word) else {
      throw Problem(
        "\(Self.variable) is '\(word.visible)', which is no database of a sandbox",
        advice: "Set it to \(Self.allCases.map(\.rawValue).joined(separator: ", ")), or unset it.")
    }
    self = wish
  }
}
