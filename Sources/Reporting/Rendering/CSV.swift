/// Comma-separated values as RFC 4180 has them, safe to open in a spreadsheet.
enum CSV {
  /// Each row ends with CR LF.
  static func text(_ rows: [[String]]) -> String {
    rows.map { $0.map(cell).joined(separator: ",") + "\r\n" }.joined()
  }

  /// Quoted where the format asks for it. What a spreadsheet would take for a formula gets an apostrophe in front.
  static func cell(_ text: String) -> String {
    // By scalars, as other programs read it: to Swift, a quote with an accent on it is no quote.
    let begin: [Unicode.Scalar] = text.unicodeScalars.first.map(formulaStarts.contains) == true ? ["'"] : []
    let scalars = begin + text.unicodeScalars
    guard scalars.contains(where: quoted.contains) else { return String(scalars) }
    return String(["\""] + scalars.flatMap { $0 == "\"" ? [$0, $0] : [$0] } + ["\""])
  }

  private static let formulaStarts: Set<Unicode.Scalar> = ["=", "+", "-", "@", "\t", "\r", "\n"]
  private static let quoted: Set<Unicode.Scalar> = [",", "\"", "\r", "\n"]
}

extension String {
  fileprivate init(_ scalars: [Unicode.Scalar]) { self = String(String.UnicodeScalarView(scalars)) }
}
