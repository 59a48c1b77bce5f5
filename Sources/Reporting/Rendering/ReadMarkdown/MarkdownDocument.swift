internal import IncidentModel

/// The part of Markdown that our reports and people who finish them use, read: blocks, and words inside them.
///
/// Takes time in proportion to its length, whatever stands in it, and nests no deeper than `deepest`: what is deeper is
/// read as plain words. HTML is words too; comments are left out.
struct MarkdownDocument: Sendable, Hashable {
  static let deepest = 12

  let blocks: [MarkdownBlock]

  init(_ source: String) {
    let text = source.unicodeScalars.first == "\u{FEFF}" ? String(source.unicodeScalars.dropFirst()) : source
    let bytes = Array(text.visible(keepingLineBreaks: true).utf8)
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(\.withoutLeadingTabs)
    var reader = MarkdownBlockReader(lines, depth: 0)
    blocks = reader.blocks().blocks
  }
}

indirect enum MarkdownBlock: Sendable, Hashable {
  case heading(level: Int, [MarkdownInline])
  case paragraph([MarkdownInline])
  /// - language: the first word behind the fence; empty when there is none.
  case code(String, language: String)
  case quote([MarkdownBlock])
  case list(MarkdownList)
  case table(MarkdownTable)
  case rule
}

struct MarkdownList: Sendable, Hashable {
  /// The number of its first item; `nil` when its items have none.
  let start: Int?
  /// Blank lines stand between its items, or inside of one.
  let isLoose: Bool
  let items: [Item]

  struct Item: Sendable, Hashable {
    /// Whether the box in front of it is ticked; `nil` without a box.
    let isDone: Bool?
    let blocks: [MarkdownBlock]
  }
}

struct MarkdownTable: Sendable, Hashable {
  enum Alignment: Sendable, Hashable { case none, left, centre, right }

  let alignments: [Alignment]
  let header: [[MarkdownInline]]
  /// Each with as many cells as the header.
  let rows: [[[MarkdownInline]]]
}

indirect enum MarkdownInline: Sendable, Hashable {
  case text(String)
  case code(String)
  case lineBreak
  case span(Span, [MarkdownInline])

  enum Span: Sendable, Hashable {
    case emphasis, strong, struck
    case link(Link)
  }

  /// The words alone.
  var plain: String {
    switch self {
    case .text(let text), .code(let text): text
    case .lineBreak: " "
    case .span(_, let inside): inside.plain
    }
  }
}

extension [MarkdownInline] {
  var plain: String { map(\.plain).joined() }
}
