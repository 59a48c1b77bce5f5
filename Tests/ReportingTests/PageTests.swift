import Foundation
import Reporting
import Testing

@Suite("A report as a page")
struct PageTests {
  /// What stands between the body's tags, without the contents.
  private func body(_ markdown: String) throws -> String {
    let page = ReportPage(markdown: markdown).text
    let inside = try #require(page.components(separatedBy: "<main>\n").last?.components(separatedBy: "\n</main>").first)
    let end = inside.firstRange(of: "</nav>\n")?.upperBound ?? inside.startIndex
    return inside.hasPrefix("<nav") ? String(inside[end...]) : inside
  }

  @Test(
    "What people write comes out as they meant it",
    arguments: [
      ("words", "<p>words</p>"),
      ("# One *two*", "<h1 id=\"one-two\">One <em>two</em></h1>"),
      ("a\nb  \nc\\\nd", "<p>a\nb<br>\nc<br>\nd</p>"),
      (
        "**bold** and *it* and __b__ and _i_",
        "<p><strong>bold</strong> and <em>it</em> and <strong>b</strong> and <em>i</em></p>"
      ),
      ("***both***", "<p><em><strong>both</strong></em></p>"),
      ("snake_case_name and 2*3*4", "<p>snake_case_name and 2<em>3</em>4</p>"),
      ("*a **b** c*", "<p><em>a <strong>b</strong> c</em></p>"),
      ("**open and *closed*", "<p>**open and <em>closed</em></p>"),
      ("~~gone~~ ~not~", "<p><del>gone</del> ~not~</p>"),
      ("`a  <b>` ``x`y``", "<p><code>a  &lt;b&gt;</code> <code>x`y</code></p>"),
      ("\\*plain\\* \\<b\\>", "<p>*plain* &lt;b&gt;</p>"),
      ("&lt;b&gt; &amp;amp; &#42; &nothing;", "<p>&lt;b&gt; &amp;amp; * &amp;nothing;</p>"),
      (
        "[a](https://example.org/x?a=1&b=(2))",
        "<p><a href=\"https://example.org/x?a=1&amp;b=(2)\" rel=\"noreferrer\">a</a></p>"
      ),
      ("<https://example.org>", "<p><a href=\"https://example.org\" rel=\"noreferrer\">https://example.org</a></p>"),
      ("[a](mailto:ana@example.org \"title\")", "<p><a href=\"mailto:ana@example.org\" rel=\"noreferrer\">a</a></p>"),
      ("[a](notes.md) [b] [c][d]", "<p>a (notes.md) [b] [c][d]</p>"),
      ("![chart](https://example.org/x.png)", "<p>chart (picture: https://example.org/x.png)</p>"),
      ("> quoted\n> - item", "<blockquote>\n<p>quoted</p>\n<ul>\n<li>item</li>\n</ul>\n</blockquote>"),
      ("- a\n  - b\n- c", "<ul>\n<li>a\n<ul>\n<li>b</li>\n</ul></li>\n<li>c</li>\n</ul>"),
      ("3. a\n4. b", "<ol start=\"3\">\n<li>a</li>\n<li>b</li>\n</ol>"),
      ("- a\n\n- b", "<ul>\n<li><p>a</p></li>\n<li><p>b</p></li>\n</ul>"),
      (
        "- [ ] open\n- [x] closed",
        "<ul>\n<li class=\"task\"><span role=\"img\" aria-label=\"not done\">☐</span> open</li>\n"
          + "<li class=\"task\"><span role=\"img\" aria-label=\"done\">☑</span> closed</li>\n</ul>"
      ),
      ("1.5 s\n2031. Not one", "<p>1.5 s\n2031. Not one</p>"),
      ("a\n\n---\n\nb", "<p>a</p>\n<hr>\n<p>b</p>"),
      ("Title\n===", "<h1 id=\"title\">Title</h1>"),
      ("Sub\n---", "<h2 id=\"sub\">Sub</h2>"),
      ("a\n<!-- gone\nand gone -->\nb", "<p>a</p>\n<p>b</p>"),
      ("a <!-- gone --> b <!-- not", "<p>a  b &lt;!-- not</p>"),
      ("<!-- never closed\n\nwords", "<p>&lt;!-- never closed</p>\n<p>words</p>"),
      ("_Write here: what happened._", "<p class=\"prompt\"><em>Write here: what happened.</em></p>"),
    ])
  func meaning(markdown: String, html: String) throws {
    #expect(try body(markdown) == html)
  }

  @Test("Code stays as it is, in a fence that something inside seems to close, too")
  func code() throws {
    let html = try body("````text\n```\n**a** <b> & |\n   in\n```\n````\n\n    indented *code*")
    #expect(html.contains("<code>```\n**a** &lt;b&gt; &amp; |\n   in\n```</code>"))
    #expect(html.contains("<code>indented *code*</code>"))
  }

  @Test("A table keeps its columns, whatever stands in the cells, and has a head; an empty head names its rows instead")
  func tables() throws {
    let html = try body("| a | b |\n|---|---:|\n| 1 \\| 2 | `x \\| y` | lost |\n| 3 |")
    #expect(html.contains("<thead><tr><th scope=\"col\">a</th><th scope=\"col\" class=\"right\">b</th></tr></thead>"))
    #expect(html.contains("<tr><td>1 | 2</td><td class=\"right\"><code>x | y</code></td></tr>"))
    #expect(html.contains("<tr><td>3</td><td class=\"right\"></td></tr>"))
    let facts = try body("|  |  |\n|---|---|\n| **Kind** | real |")
    #expect(facts.contains("<tr><th scope=\"row\"><strong>Kind</strong></th><td>real</td></tr>"))
    #expect(!facts.contains("<thead>"))
  }

  @Test("The contents lead to every section, two of the same name apart")
  func contents() {
    let page = ReportPage(markdown: "# Report <1>\n\n## Impact\n\n## Impact\n\n## 影響\n\n### Not this").text
    #expect(page.contains("<title>Report &lt;1&gt;</title>"))
    #expect(page.contains("Report &lt;1&gt;</h1>\n<nav aria-label=\"Contents\">"))
    for id in ["impact", "impact__2", "section"] {
      #expect(page.contains("<a href=\"#\(id)\">") && page.contains("<h2 id=\"\(id)\">"), "\(id)")
    }
    #expect(!page.contains("href=\"#not-this\""))
  }

  @Test("Whoever finishes a report on Windows gets the same page")
  func lineEnds() {
    let text = "\u{FEFF}# A\n\n| a | b |\n|---|---|\n| c | d |\n\n- x\n- y\n"
    let windows = text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n")
    #expect(ReportPage(markdown: windows).text == ReportPage(markdown: String(text.dropFirst())).text)
  }

  @Test("Every colour of a text stands out from what is behind it, by day and by night")
  func contrast() throws {
    for palette in [PageStyle.light, PageStyle.dark] {
      for ink in [palette.ink, palette.faint, palette.link, palette.open] {
        for paper in [palette.paper, palette.shade] {
          #expect(try ratio(ink, paper) >= 4.5, "\(ink) on \(paper)")
        }
      }
      for shape in [palette.good, palette.bad, palette.open, palette.plain, palette.edge] {
        #expect(try ratio(shape, palette.paper) >= 3, "\(shape)")
      }
    }
  }

  /// As WCAG 2 reckons it.
  private func ratio(_ first: String, _ second: String) throws -> Double {
    func luminance(_ colour: String) throws -> Double {
      let number = try #require(Int(colour.dropFirst(), radix: 16))
      let parts = [number >> 16 & 255, number >> 8 & 255, number & 255].map { byte -> Double in
        let part = Double(byte) / 255
        return part <= 0.04045 ? part / 12.92 : power((part + 0.055) / 1.055)
      }
      return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    }
    let (one, two) = (try luminance(first), try luminance(second))
    return (max(one, two) + 0.05) / (min(one, two) + 0.05)
  }

  /// To the power of 2.4: the fifth root of the twelfth power, by Newton.
  private func power(_ base: Double) -> Double {
    let square = base * base
    let twelfth = square * square * square * square * square * square
    var root = 1.0
    for _ in 0..<100 { root -= (root * root * root * root * root - twelfth) / (5 * root * root * root * root) }
    return root
  }
}
