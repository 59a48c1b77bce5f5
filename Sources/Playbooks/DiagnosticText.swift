public import IncidentModel

extension Diagnostic {
  /// The mistake as people read it, with its line and a caret under the place:
  ///
  ///     playbooks/x.yaml:3:11: error: no step is named 'traige'
  ///       3 |     next: traige
  ///         |           ^ did you mean 'triage'?
  public var text: String {
    guard let sourceLine else { return hint.map { "\(headline.visible)\n    \($0.visible)" } ?? headline.visible }
    let window = LineWindow(sourceLine, column: location.column)
    let number = String(location.line)
    let margin = String(repeating: " ", count: number.count)
    let caret = "\(window.padding)^" + (hint.map { " \($0.visible)" } ?? "")
    return "\(headline.visible)\n  \(number) | \(window.text)\n  \(margin) | \(caret)"
  }
}

/// The part of a line that fits on a screen, and what leads to the column under it.
private struct LineWindow {
  static let width = 110

  let text: String
  let padding: String

  init(_ line: String, column: Int) {
    let scalars = Array(line.unicodeScalars)
    let index = min(max(column - 1, 0), scalars.count)
    let start = scalars.count <= Self.width ? 0 : max(0, min(index - Self.width / 2, scalars.count - Self.width))
    let end = min(scalars.count, start + Self.width)
    text = (start > 0 ? "…" : "") + Self.shown(scalars[start..<end]) + (end < scalars.count ? "…" : "")
    padding = (start > 0 ? " " : "") + Self.blanks(for: scalars[start..<max(start, index)])
  }

  /// Nothing that steers a terminal gets out of a file and into a message; tabs stay, so that columns do.
  private static func shown(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    text(scalars).split(separator: "\t", omittingEmptySubsequences: false).map { String($0).visible }
      .joined(separator: "\t")
  }

  private static func blanks(for scalars: ArraySlice<Unicode.Scalar>) -> String {
    text(scalars).split(separator: "\t", omittingEmptySubsequences: false)
      .map { String(repeating: " ", count: String($0).visible.displayWidth) }.joined(separator: "\t")
  }

  private static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    var text = ""
    text.unicodeScalars.append(contentsOf: scalars)
    return text
  }
}
