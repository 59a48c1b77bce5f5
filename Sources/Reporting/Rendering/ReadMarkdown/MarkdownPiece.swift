/// A stretch of words, with the spans that end in front of it and those that begin behind it.
struct MarkdownPiece {
  enum Kind { case words, code, lineBreak, mark }

  let kind: Kind
  var text: [UInt8]
  /// End in front of its text, the innermost first.
  var ends: [MarkdownInline.Span]
  /// Begin behind its text, the innermost first.
  var begins: [MarkdownInline.Span]

  init(
    _ kind: Kind, _ text: [UInt8] = [], begins: [MarkdownInline.Span] = [], ends: [MarkdownInline.Span] = []
  ) {
    self.kind = kind
    self.text = text
    self.begins = begins
    self.ends = ends
  }

  /// Whether more words can be added to it.
  var isWords: Bool { kind == .words && begins.isEmpty }

  /// Spans in spans. What is nested deeper than anybody writes, and what does not fit, loses its span and not its words.
  static func tree(_ pieces: [MarkdownPiece]) -> [MarkdownInline] {
    var open: [(span: MarkdownInline.Span, inside: [MarkdownInline])] = []
    var (top, dropped): ([MarkdownInline], Int) = ([], 0)
    func add(_ inline: MarkdownInline) {
      if open.isEmpty { top.append(inline) } else { open[open.count - 1].inside.append(inline) }
    }
    for piece in pieces {
      for _ in piece.ends {
        if dropped > 0 {
          dropped -= 1
        } else if let last = open.popLast() {
          add(.span(last.span, last.inside))
        }
      }
      switch piece.kind {
      case .code: add(.code(piece.text[...].text))
      case .lineBreak: add(.lineBreak)
      case .words, .mark: if !piece.text.isEmpty { add(.text(piece.text[...].text)) }
      }
      for span in piece.begins.reversed() {
        if open.count < MarkdownDocument.deepest { open.append((span, [])) } else { dropped += 1 }
      }
    }
    while let last = open.popLast() { add(.span(last.span, last.inside)) }
    return top
  }
}
