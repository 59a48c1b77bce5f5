/// Writes read Markdown as HTML.
struct MarkdownHTML {
  /// Of the second level, for a list of contents.
  struct Heading {
    let id: String
    let text: String
  }

  private(set) var headings: [Heading] = []
  /// The first heading of the first level; `nil` when there is none.
  private(set) var title: String?
  /// How often each name of a place was given.
  private var names: [String: Int] = [:]
  private var charts = 0
  /// The words of the heading above.
  private var place = "Report"

  mutating func html(_ document: MarkdownDocument) -> String { html(document.blocks) }

  private mutating func html(_ blocks: [MarkdownBlock]) -> String {
    var parts: [String] = []
    for block in blocks { parts.append(html(block)) }
    return parts.joined(separator: "\n")
  }

  private mutating func html(_ block: MarkdownBlock) -> String {
    switch block {
    case .heading(let level, let words): heading(level, words)
    case .paragraph(let words): HTML.element(.p, Self.isPrompt(words) ? [.style("prompt")] : [], Self.html(words))
    case .code(let code, let language): self.code(code, language)
    case .quote(let blocks): HTML.element(.blockquote, [], "\n\(html(blocks))\n")
    case .list(let list): self.list(list)
    case .table(let table): self.table(table)
    case .rule: HTML.element(.hr)
    }
  }

  private mutating func heading(_ level: Int, _ words: [MarkdownInline]) -> String {
    let text = words.plain
    let id = name(for: text)
    place = text
    if level == 1, title == nil { title = text }
    if level == 2 { headings.append(Heading(id: id, text: text)) }
    let tags: [HTML.Tag] = [.h1, .h2, .h3, .h4, .h5, .h6]
    return HTML.element(tags[level - 1], [.id(id)], Self.html(words))
  }

  /// Letters and digits of the words, with a number where another heading has them too.
  private mutating func name(for text: String) -> String {
    let words = text.lowercased().utf8.split { !$0.isLetter && !$0.isDigit }
    let joined = Array(words.joined(separator: [UInt8(ascii: "-")])).prefix(60)
    let name = joined.isEmpty ? "section" : String(decoding: joined, as: UTF8.self)
    let count = names[name, default: 0] + 1
    names[name] = count
    // Two underscores: no name made from words ends so.
    return count == 1 ? name : "\(name)__\(count)"
  }

  private mutating func code(_ code: String, _ language: String) -> String {
    if language == "mermaid", let chart = GanttChart(mermaid: code) {
      charts += 1
      return GanttDrawing(chart, id: "chart\(charts)").html
    }
    // Whoever has only a keyboard can scroll what is too wide.
    return HTML.element(
      .pre, [.focusable, .role("region"), .label("Code in \(place)")], HTML.element(.code, [], HTML.text(code)))
  }

  private mutating func list(_ list: MarkdownList) -> String {
    var items: [String] = []
    for item in list.items {
      var parts: [String] = []
      for block in item.blocks {
        if case .paragraph(let words) = block, !list.isLoose {
          parts.append(Self.html(words))
        } else {
          parts.append(html(block))
        }
      }
      let box = item.isDone.map { isDone in
        HTML.element(.span, [.role("img"), .label(isDone ? "done" : "not done")], isDone ? "☑" : "☐") + " "
      }
      items.append(
        HTML.element(.li, item.isDone == nil ? [] : [.style("task")], (box ?? "") + parts.joined(separator: "\n")))
    }
    let inside = "\n\(items.joined(separator: "\n"))\n"
    guard let start = list.start else { return HTML.element(.ul, [], inside) }
    return HTML.element(.ol, start == 1 ? [] : [.start(start)], inside)
  }

  /// Without a head where its head is empty: then the first column says what each row is.
  private func table(_ table: MarkdownTable) -> String {
    let hasHead = table.header.contains { !$0.plain.isEmpty }
    let head = zip(table.header, table.alignments).map { cell, alignment in
      HTML.element(.th, [.scope("col")] + Self.attributes(alignment), Self.html(cell))
    }
    let rows = table.rows.map { row in
      let cells = zip(row, table.alignments).enumerated().map { column, cell in
        !hasHead && column == 0
          ? HTML.element(.th, [.scope("row")], Self.html(cell.0))
          : HTML.element(.td, Self.attributes(cell.1), Self.html(cell.0))
      }
      return HTML.element(.tr, [], cells.joined())
    }
    let top = hasHead ? HTML.element(.thead, [], HTML.element(.tr, [], head.joined())) + "\n" : ""
    let body = HTML.element(.tbody, [], "\n\(rows.joined(separator: "\n"))\n")
    return HTML.element(
      .div, [.style("wide"), .focusable, .role("region"), .label("Table in \(place)")],
      HTML.element(.table, [], "\n\(top)\(body)\n"))
  }

  private static func attributes(_ alignment: MarkdownTable.Alignment) -> [HTML.Attribute] {
    switch alignment {
    case .none, .left: []
    case .centre: [.style("centre")]
    case .right: [.style("right")]
    }
  }

  /// What still has to be written, as reports ask for it.
  private static func isPrompt(_ words: [MarkdownInline]) -> Bool {
    guard words.count == 1, case .span(.emphasis, let inside) = words[0] else { return false }
    return inside.plain.hasPrefix("Write here:")
  }

  static func html(_ words: [MarkdownInline]) -> String {
    words.map { word in
      switch word {
      case .text(let text): HTML.text(text)
      case .code(let code): HTML.element(.code, [], HTML.text(code))
      case .lineBreak: HTML.element(.br) + "\n"
      case .span(.emphasis, let inside): HTML.element(.em, [], html(inside))
      case .span(.strong, let inside): HTML.element(.strong, [], html(inside))
      case .span(.struck, let inside): HTML.element(.del, [], html(inside))
      case .span(.link(let link), let inside): HTML.element(.a, [.link(link), .noReferrer], html(inside))
      }
    }.joined()
  }
}
