import Foundation
import Glibc
import Reporting
import TestSupport
import Testing

@Suite("Whatever stands in a report, its page does nothing")
struct HostilePageTests {
  /// What a browser would see: every tag, read without any knowledge of Markdown.
  private struct Tags {
    var open: [String] = []
    var problems: [String] = []

    private static let harmless: Set<String> = [
      "a", "blockquote", "body", "br", "code", "del", "desc", "details", "div", "em", "g", "h1", "h2", "h3", "h4", "h5",
      "h6", "head", "hr", "html", "li", "line", "main", "meta", "nav", "ol", "p", "polygon", "pre", "rect", "span",
      "strong", "style", "summary", "svg", "table", "tbody", "td", "text", "th", "thead", "title", "tr", "ul",
    ]
    private static let attributes: Set<String> = [
      "aria-label", "aria-labelledby", "charset", "class", "content", "height", "href", "http-equiv", "id", "lang",
      "name", "points", "rel", "role", "scope", "start", "tabindex", "viewBox", "width", "x", "x1", "x2", "y", "y1",
      "y2",
    ]

    init(_ page: String) {
      var rest = page[...]
      if rest.hasPrefix("<!doctype html>") { rest = rest.dropFirst(15) }
      // By scalars: to Swift, a `<` with an accent is another character.
      var scalars = rest.unicodeScalars[...]
      while let begin = scalars.firstIndex(of: "<") {
        scalars = scalars[scalars.index(after: begin)...]
        guard let end = scalars.firstIndex(of: ">") else {
          problems.append("a < without a >")
          return
        }
        take(String(scalars[..<end]))
        scalars = scalars[scalars.index(after: end)...]
      }
      if !open.isEmpty { problems.append("not closed: \(open)") }
    }

    private mutating func take(_ tag: String) {
      if tag.hasPrefix("/") {
        let name = String(tag.dropFirst())
        if open.popLast() != name { problems.append("</\(name)> ends nothing") }
        return
      }
      let name = String(tag.prefix { $0 != " " })
      if !Self.harmless.contains(name) { problems.append("<\(tag)>") }
      if !["br", "hr", "meta"].contains(name) { open.append(name) }
      let list = tag.dropFirst(name.count)
      let found = list.matches(of: /\ ([A-Za-z0-9-]+)="([^"]*)"/)
      // Nothing is left that would be an attribute in another form.
      if found.map({ $0.0.count }).reduce(0, +) != list.count { problems.append("<\(tag)>: not only attributes") }
      for match in found {
        if !Self.attributes.contains(String(match.1)) { problems.append("\(match.1) in <\(tag)>") }
        let isSafe = ["#", "http://", "https://", "mailto:"].contains { match.2.lowercased().hasPrefix($0) }
        if match.1 == "href", !isSafe { problems.append("<\(tag)> leads to \(match.2)") }
      }
    }
  }

  private func expectHarmless(_ markdown: String) {
    let page = ReportPage(markdown: markdown).text
    let problems = Tags(page).problems
    #expect(problems.isEmpty, "\(problems.prefix(3)) from \(markdown.debugDescription.prefix(600))")
  }

  private static let more = [
    "[a](javascript:alert(1))", "[a](JaVaScRiPt:alert(1))", "[a](&#106;avascript:alert(1))", "[a](java\nscript:x)",
    "[a](\u{1}javascript:x)", "[a](data:text/html,<script>)", "[a](vbscript:x)", "[a](//evil.example.com)",
    "[a](https://x\" onclick=\"alert(1))", "[a](https://x' onmouseover='x)", "[a](<https://x onclick=x>)",
    "<javascript:alert(1)>", "<https://x\"onclick=x>", "![a](javascript:x)", "[![a](x)](javascript:x)",
    "# <script>alert(1)</script>", "# \" onclick=\"x", "## a\" id=\"b", "```\" onclick=\"x\n<script>\n```",
    "```mermaid\ngantt\n  title <script>\n  section <img onerror=x>\n    1 <svg/onload=x> :done, 2031-05-14T03:13:54, 5s\n```",
    "```mermaid\ngantt\n    x :done, 9999-12-31T23:59:59, 3000000000s\n    y :crit, 0001-01-01T00:00:00, 0s\n```",
    "| <b> | \" |\n|---|---|\n| <script> | </td></table><script> |", "- [x](https://a) [ ] <b", "1. <ol start=\"x\">",
    "999999999. a\n9999999999. b", "</main></body><script>", "<!-- --><script>x</script><!-- -->", "<!--><script>-->",
    "<!-- a --!> <script> -->", "<\u{301}script>", "&lt;script&gt;", "&#60;script&#62;", "&#x3c;script>", "&#0; &#1;",
    "[a]: javascript:x\n\n[a]", "<svg><style>@import'x'</style></svg>", "[a](https://x\u{202E}gpj.exe)", "\0<script>\0",
    "~~~\n</code></pre><script>", "> <script>", "    <script>", "*a <b>*", "`<b>` ``<b>``", "_Write here: <script>_",
  ]

  @Test("Hostile words anywhere make no tag, no attribute and no address that acts")
  func words() {
    for text in HostileTexts.all + Self.more + (Figures.isLong ? HostileTexts.pairs : []) {
      for place in [
        "%", "# %", "- %", "> %", "| a | % |\n|---|---|\n| % | b |", "[%](%)", "![%](%)", "`%`", "**%**",
        "```%\n%\n```", "<!-- % -->", "1. %\n   - %", "[a](https://x.example.org/%)",
      ] {
        expectHarmless(place.split(separator: "%", omittingEmptySubsequences: false).joined(separator: text))
      }
    }
  }

  @Test("Thousands of random pieces of markup make a page with every tag closed, and nothing that acts")
  func random() {
    let pieces =
      [
        "\n", "\n\n", " ", "  ", "    ", "\t", "*", "**", "_", "__", "~~", "`", "``", "```", "[", "]", "(", ")", "](",
        "!",
        "![", "<", ">", "<!--", "-->", "|", "|---|---|", "---", "===", "#", "## ", "- ", "* ", "1. ", "> ", "- [ ] ",
        "\\",
        "&", "&lt;", "&#60;", ":", "https://a.example.org", "javascript:x", "<script>", "</script>", "onclick=x", "\"",
        "'",
        "=", "a", "é", "e\u{301}", "\u{301}", "\u{202E}", "👩‍👩‍👧", "word", "\r\n", "\u{0}", "```mermaid\n", "gantt\n",
        "section x\n",
        "1 a :done, 2031-05-14T03:13:54, 5s\n", "<b", "style=", "{{x}}", "$",
      ] + HostileTexts.html
    var random = SeededRandom(seed: 6)
    for _ in 0..<(Figures.isLong ? 30_000 : 3000) {
      let count = Int.random(in: 1...60, using: &random)
      expectHarmless((0..<count).map { _ in pieces.randomElement(using: &random) ?? "" }.joined())
    }
  }

  /// What this thread has used of a processor, however crowded the machine is.
  private static var processorSeconds: Int {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return time.tv_sec
  }

  @Test("Nothing that is repeated for sixty kilobytes holds it up or takes it down")
  func repeated() {
    let parts = [
      "*", "_", "**a", "*a_", "_a*", "a**b", "`", "`a``", "[", "[a](", "[a](b", "](", "![", "<", "<a", "<https:",
      "<!--", "<!-- ",
      "&", "&#", "\\", "> ", ">", "- ", "- a\n  ", "1. ", "# ", "|", "|a", "| a |\n|-|\n", "a|b\n-|-\n", "```\n",
      "~~~ ", "    a\n",
      "\n", " ", "\t", "a\n", "- a\n\n", "> a\nb\n", "*a **b ", "~~a", "[a](https://x) ", "**a** ", "a  \n",
      "<!-- a -->\n",
    ]
    for part in parts {
      let source = String(repeating: part, count: 60_000 / part.utf8.count)
      let start = Self.processorSeconds
      let page = ReportPage(markdown: source).text
      // In proportion to the text, this takes a second; by its square, it would take half an hour.
      #expect(Self.processorSeconds - start < 30, "\(part.debugDescription)")
      #expect(Tags(page).problems.isEmpty, "\(part.debugDescription)")
    }
  }

  @Test("A page loads nothing and runs nothing: its policy says so, and it holds no script and no address to load from")
  func policy() {
    let page = ReportPage(markdown: HostileTexts.all.joined(separator: "\n\n")).text
    #expect(page.contains("content=\"default-src 'none'; style-src 'sha256-"))
    #expect(page.contains("base-uri 'none'; form-action 'none'"))
    let style = page.components(separatedBy: "<style>").last?.components(separatedBy: "</style>").first ?? ""
    #expect(style.count > 500 && !style.contains("url(") && !style.contains("@import"))
    #expect(style.contains("@media print") && style.contains("prefers-color-scheme:dark"))
  }
}
