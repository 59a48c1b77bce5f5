internal import Foundation
internal import IncidentModel

/// The one way a report becomes JSON: sorted keys in snake case, indented, slashes as they are.
public enum ReportJSON {
  /// The version of the shapes; it changes when a key changes its meaning or goes away.
  public static let schemaVersion = 1

  /// The same value always gives the same text. Ends without a line break.
  public static func text(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    return harmless(String(decoding: try encoder.encode(value), as: UTF8.self))
  }

  /// The JSON with characters that act on a terminal or cannot be seen written as `\uXXXX`: the same value, safe to
  /// look at. The encoder does so only below U+0020.
  private static func harmless(_ json: String) -> String {
    if json.visible(keepingLineBreaks: true) == json { return json }
    var result = String.UnicodeScalarView()
    for scalar in json.unicodeScalars {
      let text = String(scalar)
      if text.visible(keepingLineBreaks: true) == text {
        result.append(scalar)
      } else {
        for unit in text.utf16 {
          let digits = String(unit, radix: 16)
          result.append(contentsOf: ("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).unicodeScalars)
        }
      }
    }
    return String(result)
  }
}
