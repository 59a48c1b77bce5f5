internal import Crypto
internal import Foundation
internal import IncidentModel

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
  public var digest: String { Self.digest(of: Array(body.utf8)) }

  public var text: String {
    "\(MarkLine.begin(name: name, digest: digest).text)\n\(body)\(MarkLine.end(name: name).text)"
  }

  /// SHA-256 in hex.
  static func digest(of body: [UInt8]) -> String { SHA256.hash(data: Data(body)).hexText }

  /// Foreign text that looks like a mark, shown so that it is none.
  static func disarmed(_ text: String) -> String {
    text.contains("<!--") ? text.replacingOccurrences(of: "<!--", with: "<!\\u{2D}-") : text
  }
}
