extension MarkdownInlineReader {
  mutating func open(isPicture: Bool) {
    brackets.append(Bracket(piece: pieces.count, isPicture: isPicture, runs: runs.count))
    pieces.append(MarkdownPiece(.mark, isPicture ? [UInt8(ascii: "!"), UInt8(ascii: "[")] : [UInt8(ascii: "[")]))
    next += isPicture ? 2 : 1
  }

  mutating func close() {
    guard let bracket = brackets.popLast() else { return take(1) }
    let isSpent = brackets.count < spentBrackets
    spentBrackets = min(spentBrackets, brackets.count)
    guard let (address, end) = target(behind: next + 1), bracket.isPicture || !isSpent else { return take(1) }
    runs.match(from: bracket.runs, in: &pieces)
    next = end
    pieces[bracket.piece].text = []
    let link = Link(address)
    if let link, !bracket.isPicture {
      pieces[bracket.piece].begins = [.link(link)]
      pieces.append(MarkdownPiece(.words, ends: [.link(link)]))
      spentBrackets = brackets.count
    } else {
      // Where it would have led or come from is told in words.
      pieces.append(MarkdownPiece(.words, Array((bracket.isPicture ? " (picture: " : " (").utf8)))
      add(Array((address + ")").utf8))
    }
  }

  /// `(address "title")`: the address, and where it is over.
  private func target(behind start: Int) -> (address: String, end: Int)? {
    guard start < bytes.endIndex, bytes[start] == UInt8(ascii: "(") else { return nil }
    let rest = bytes[(start + 1)...].prefix(Self.longestAddress)
    var place = skipSpace(rest.startIndex)
    var address: ArraySlice<UInt8>
    if place < rest.endIndex, rest[place] == UInt8(ascii: "<") {
      address = rest[(place + 1)...].prefix { $0 != UInt8(ascii: ">") && $0 != UInt8(ascii: "<") && $0 != .lineFeed }
      guard address.endIndex < rest.endIndex, rest[address.endIndex] == UInt8(ascii: ">") else { return nil }
      place = address.endIndex + 1
    } else {
      var depth = 0
      address = rest[place...].prefix { byte in
        if byte == UInt8(ascii: "(") { depth += 1 }
        if byte == UInt8(ascii: ")") { depth -= 1 }
        return depth >= 0 && byte > .space
      }
      place = address.endIndex
    }
    place = skipTitle(skipSpace(place), limit: rest.endIndex)
    guard place < rest.endIndex, rest[place] == UInt8(ascii: ")") else { return nil }
    var scalars = Array(address)
    scalars.removeAll { $0 == .backslash }
    return (String(decoding: scalars, as: UTF8.self), place + 1)
  }

  private func skipSpace(_ start: Int) -> Int {
    var place = start
    while place < bytes.endIndex, [.space, .tab, .lineFeed].contains(bytes[place]) { place += 1 }
    return place
  }

  /// A title in quotes, which is left out.
  private func skipTitle(_ start: Int, limit: Int) -> Int {
    guard start < limit, "\"'".utf8.contains(bytes[start]) else { return start }
    var place = start + 1
    while place < limit, bytes[place] != bytes[start] { place += bytes[place] == .backslash ? 2 : 1 }
    return place < limit ? skipSpace(place + 1) : start
  }
}
