/// The runs of `*`, `_` and `~`, and which of them belong together, by the rules of CommonMark.
struct MarkdownEmphasis {
  private struct Run {
    let piece: Int
    let mark: UInt8
    let length: Int
    var left: Int
    let opens: Bool
    let closes: Bool

    /// Runs that look for the same partners.
    var key: Int { Int(mark) * 8 + (opens ? 4 : 0) + length % 3 }
  }

  private var runs: [Run] = []

  var count: Int { runs.count }

  mutating func add(_ mark: UInt8, length: Int, piece: Int, opens: Bool, closes: Bool) {
    runs.append(Run(piece: piece, mark: mark, length: length, left: length, opens: opens, closes: closes))
  }

  /// Pairs what can be paired from a run on, and forgets the rest.
  mutating func match(from first: Int, in pieces: inout [MarkdownPiece]) {
    var waiting: [Int] = []
    // Below these places nothing waits for a run of that kind: without them, the search would begin anew each time.
    var bottoms: [Int: Int] = [:]
    for place in first..<max(first, runs.count) {
      while runs[place].closes, runs[place].left > 0 {
        let key = runs[place].key
        guard
          let found = (bottoms[key, default: 0]..<waiting.count).reversed().first(where: { fits(waiting[$0], place) })
        else {
          bottoms[key] = waiting.count
          break
        }
        pair(waiting[found], place, in: &pieces)
        waiting.removeLast(waiting.count - found - (runs[waiting[found]].left > 0 ? 1 : 0))
        for (other, bottom) in bottoms where bottom > waiting.count { bottoms[other] = waiting.count }
      }
      if runs[place].opens, runs[place].left > 0 { waiting.append(place) }
    }
    for run in runs[min(first, runs.count)...] {
      pieces[run.piece].text = [UInt8](repeating: run.mark, count: run.left)
    }
    runs.removeLast(max(0, runs.count - first))
  }

  private func fits(_ opener: Int, _ closer: Int) -> Bool {
    let (first, last) = (runs[opener], runs[closer])
    guard first.mark == last.mark else { return false }
    if first.mark == UInt8(ascii: "~") { return first.length == last.length }
    guard first.closes || last.opens else { return true }
    return !(first.length + last.length).isMultiple(of: 3)
      || (first.length.isMultiple(of: 3) && last.length.isMultiple(of: 3))
  }

  private mutating func pair(_ opener: Int, _ closer: Int, in pieces: inout [MarkdownPiece]) {
    let isStruck = runs[opener].mark == UInt8(ascii: "~")
    let count = isStruck ? runs[opener].left : min(2, runs[opener].left, runs[closer].left)
    let span: MarkdownInline.Span = isStruck ? .struck : count == 2 ? .strong : .emphasis
    runs[opener].left -= count
    runs[closer].left -= count
    pieces[runs[opener].piece].begins.append(span)
    pieces[runs[closer].piece].ends.append(span)
  }
}

extension MarkdownInlineReader {
  mutating func run(of mark: UInt8) {
    let length = bytes[next...].prefix { $0 == mark }.count
    let before = next > bytes.startIndex ? bytes[next - 1] : .space
    let after = ahead(length) ?? .space
    let (spaceBefore, spaceAfter) = (before <= .space, after <= .space)
    let opens = !spaceAfter && (!after.isPunctuation || spaceBefore || before.isPunctuation)
    let closes = !spaceBefore && (!before.isPunctuation || spaceAfter || after.isPunctuation)
    let isUnderscore = mark == UInt8(ascii: "_")
    if mark == UInt8(ascii: "~"), length != 2 { return take(length) }
    runs.add(
      mark, length: length, piece: pieces.count,
      opens: opens && (!isUnderscore || !closes || before.isPunctuation),
      closes: closes && (!isUnderscore || !opens || after.isPunctuation))
    pieces.append(MarkdownPiece(.mark, [UInt8](repeating: mark, count: length)))
    next += length
  }
}
