/// A place in a file that people can open. Line and column count from 1.
public struct SourceLocation: Sendable, Hashable, Codable {
  public let file: String
  public let line: Int
  public let column: Int

  public init(file: String, line: Int, column: Int) {
    self.file = file
    self.line = line
    self.column = column
  }
}

/// One mistake in a file: where, what, and what was probably meant.
public struct Diagnostic: Sendable, Hashable, Error {
  public enum Level: String, Sendable, Codable {
    case error
    case warning
  }

  public let level: Level
  public let location: SourceLocation
  /// What is wrong, on what, in one sentence without a full stop.
  public let message: String
  /// What to do instead: `did you mean 'steps'?`
  public let hint: String?
  /// The line of the file, for the caret.
  public let sourceLine: String?

  public init(
    _ level: Level, at location: SourceLocation, _ message: String, hint: String? = nil, sourceLine: String? = nil
  ) {
    self.level = level
    self.location = location
    self.message = message
    self.hint = hint
    self.sourceLine = sourceLine
  }

  /// Place and sentence on one line.
  public var headline: String {
    "\(location.file):\(location.line):\(location.column): \(level.rawValue): \(message)"
  }
}

/// What went wrong, for people: what failed, on what, why, and what to do now.
public struct Problem: Error, Sendable, Hashable, CustomStringConvertible {
  /// What failed, on what and why.
  public let message: String
  /// What to do now.
  public let advice: String?

  public init(_ message: String, advice: String? = nil) {
    self.message = message
    self.advice = advice
  }

  public var description: String { advice.map { "\(message)\n\($0)" } ?? message }
}
