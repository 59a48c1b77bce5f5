/// Where a part belongs in a file that does not have it, as a freshly written report has it.
///
/// Under its heading: behind the part before it, right under the heading where it comes first, else at the end of that
/// section. Where people took the heading out too, it comes back with the part, behind the section that precedes it.
struct PartPlace {
  /// Among the pieces of the file: in front of which one.
  let index: Int
  /// The heading to write along.
  let heading: FileLine?

  init(of name: String, in pieces: [ReportDocument.Piece], asIn fresh: ReportDocument) {
    let (index, heading) = Self.found(name, pieces, fresh)
    // Behind the empty line that is there already.
    self.index = index > 0 && index < pieces.count && pieces[index].isBlank ? index + 1 : index
    self.heading = heading
  }

  private static func found(_ name: String, _ pieces: [ReportDocument.Piece], _ fresh: ReportDocument)
    -> (index: Int, heading: FileLine?)
  {
    let freshOutline = Outline(fresh.pieces)
    let outline = Outline(pieces)
    func index(of name: String, in pieces: [ReportDocument.Piece]) -> Int? {
      pieces.firstIndex { if case .part(let part) = $0 { part.name == name } else { false } }
    }
    func lastWritten(_ range: Range<Int>) -> Int {
      range.last { if case .human(let line) = pieces[$0] { !line.isBlank } else { true } }.map { $0 + 1 }
        ?? range.lowerBound
    }
    let wanted = index(of: name, in: fresh.pieces) ?? 0
    let earlier = fresh.pieces[..<wanted].indices.reversed()
    guard let freshHeading = freshOutline.heading(above: wanted) else {
      return (pieces.count, nil)
    }
    if let here = outline.heading(like: freshHeading) {
      let section = outline.section(of: here)
      for piece in earlier where piece > freshHeading.index {
        guard case .part(let part) = fresh.pieces[piece], let place = index(of: part.name, in: pieces),
          section.contains(place)
        else { continue }
        return (place + 1, nil)
      }
      let comesFirst = fresh.pieces[(freshHeading.index + 1)..<wanted].allSatisfy(\.isBlank)
      return (comesFirst ? here.index + 1 : lastWritten(section), nil)
    }
    let before = earlier.lazy.compactMap { piece -> Int? in
      guard case .part(let part) = fresh.pieces[piece] else { return nil }
      return index(of: part.name, in: pieces)
    }.first
    let section = before.flatMap(outline.heading(above:)).map(outline.section(of:))
    let end = section ?? (before.map { $0..<($0 + 1) } ?? 0..<pieces.count)
    guard case .human(let heading) = fresh.pieces[freshHeading.index] else { return (lastWritten(end), nil) }
    return (lastWritten(end), heading)
  }
}

extension ReportDocument.Piece {
  var isBlank: Bool { if case .human(let line) = self { line.isBlank } else { false } }
}
