internal import Crypto
internal import Foundation

/// A report as one file that needs nothing else and does nothing: no script, nothing loaded, no link but those that
/// somebody presses.
public struct ReportPage: Sendable {
  private let title: String
  private let body: String

  /// - Parameter markdown: a report as `postmortem create` writes it, or as people finished it.
  public init(markdown: String) {
    var writer = MarkdownHTML()
    let report = writer.html(MarkdownDocument(markdown))
    title = writer.title ?? "Report"
    let lines = writer.headings.map { heading in
      HTML.element(.li, [], HTML.element(.a, [.anchor(heading.id)], HTML.text(heading.text)))
    }
    let contents =
      lines.isEmpty
      ? ""
      : HTML.element(
        .nav, [.label("Contents")],
        HTML.element(.p, [], HTML.element(.strong, [], "Contents"))
          + HTML.element(.ol, [], lines.joined(separator: "\n"))) + "\n"
    // Under the title. Only the writer makes tags: what looks like one in the report is words.
    let place = report.firstRange(of: "</h1>\n")?.upperBound ?? report.startIndex
    body = report[..<place] + contents + report[place...]
  }

  /// The whole file. Ends with a line break.
  public var text: String {
    """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="\(Self.policy)">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="referrer" content="no-referrer">
    <meta name="robots" content="noindex">
    <title>\(HTML.text(title))</title>
    <style>\(PageStyle.text)</style>
    </head>
    <body>
    \(HTML.element(.main, [], "\n\(body)\n"))
    </body>
    </html>

    """
  }

  /// Nothing may be run, loaded or sent, and no style but ours applies: whatever might get into the page.
  private static let policy: String = {
    let digest = Data(SHA256.hash(data: Data(PageStyle.text.utf8))).base64EncodedString()
    return "default-src 'none'; style-src 'sha256-\(digest)'; base-uri 'none'; form-action 'none'"
  }()
}
