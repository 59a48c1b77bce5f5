internal import Crypto
internal import Foundation

/// A part of a report that a program wrote and may write again, between two marks.
///
/// The first mark holds the SHA-256 of everything between the line break after it and the second mark: whether
/// people have edited the inside can be told from the file alone. What stands outside belongs to them.
public struct GeneratedBlock: Sendable, Hashable {
  public static let version = 1

  /// Lower-case letters and `-`.
  public let name: String
  /// Ends with a line break.
  public let body: String

  public init(_ name: String, _ body: String) {
    self.name = name
    self.body = body.hasSuffix("\n") ? body : body + "\n"
  }

  /// In hex.
  public var digest: String {
    SHA256.hash(data: Data(body.utf8)).map { byte in
      let digits = String(byte, radix: 16)
      return digits.count < 2 ? "0" + digits : digits
    }.joined()
  }

  public var text: String {
    "<!-- andon:begin \(name) v\(Self.version) sha256=\(digest) -->\n\(body)<!-- andon:end \(name) -->"
  }

  /// Foreign text that looks like a mark, shown so that it is none.
  static func disarmed(_ text: String) -> String {
    text.contains("<!--") ? text.replacingOccurrences(of: "<!--", with: "<!\\u{2D}-") : text
  }
}
