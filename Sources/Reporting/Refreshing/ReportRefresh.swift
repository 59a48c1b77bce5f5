public import IncidentModel

/// A report with its generated parts as the journal gives them now, and everything else as people left it: what
/// `andon postmortem update` writes.
public struct ReportRefresh: Sendable {
  /// What is to become of parts that people have changed or taken out, by their names.
  public struct Wish: Sendable {
    /// Without their marks: from then on they are people's.
    public var keep: Set<String>
    /// As the journal gives them; what people changed in them is gone.
    public var overwrite: Set<String>
    /// Put back, or in for the first time.
    public var restore: Set<String>

    public init(keep: Set<String> = [], overwrite: Set<String> = [], restore: Set<String> = []) {
      (self.keep, self.overwrite, self.restore) = (keep, overwrite, restore)
    }
  }

  /// What became of a part.
  public enum Outcome: String, Sendable, Codable {
    case unchanged, refreshed, overwritten, kept, restored
    /// People have changed it: nothing is written before they decide.
    case edited
    /// People took it, or its marks, out.
    case absent
    /// The report was made without it: the journal or andon had nothing to say there.
    case new
    /// The report has it, and a new one would not. It stays as it is.
    case retired
  }

  public struct Line: Sendable, Codable {
    public let part: String
    public let outcome: Outcome
    /// Of its first mark in the file that was read.
    @OrNull public var line: Int?
    /// What overwriting it would change; empty unless it is `edited`.
    public let difference: [String]
  }

  /// Parts of the file in its order, then those that it does not have.
  public let lines: [Line]
  private let result: ReportDocument

  public var edited: [Line] { lines.filter { $0.outcome == .edited } }

  /// The file to be written; `nil` when people have to decide something first.
  public var bytes: [UInt8]? { edited.isEmpty ? result.bytes : nil }

  /// - Throws: `Problem` when the wish names a part that it cannot be about.
  public init(_ document: ReportDocument, from fresh: FreshReport, _ wish: Wish) throws {
    let new = try fresh.document()
    try Self.check(wish, document, new)
    var result = document
    var lines: [Line] = []
    for place in document.pieces.indices.reversed() {
      guard case .part(let part) = document.pieces[place] else { continue }
      let (outcome, pieces) = Self.settle(part, new.parts.first { $0.name == part.name }, wish)
      result.pieces.replaceSubrange(place...place, with: pieces)
      let difference = outcome == .edited ? LineDifference(part.bodyLines, new.part(part.name)?.bodyLines ?? []) : nil
      lines.append(
        Line(part: part.name, outcome: outcome, line: part.line, difference: difference?.lines ?? []))
    }
    lines.reverse()
    let known = Set(document.mark?.parts ?? document.parts.map(\.name))
    for part in new.parts where !document.parts.contains(where: { $0.name == part.name }) {
      if wish.restore.contains(part.name) { result.insert(part, asIn: new) }
      let outcome = wish.restore.contains(part.name) ? Outcome.restored : known.contains(part.name) ? .absent : .new
      lines.append(Line(part: part.name, outcome: outcome, line: nil, difference: []))
    }
    let offered = known.union(wish.restore)
    let order = new.parts.map(\.name)
    let retired = (document.mark?.parts ?? document.parts.map(\.name)).filter { !order.contains($0) }
    var mark = fresh.mark
    mark.parts = order.filter(offered.contains) + retired
    result.say(mark)
    self.result = result
    self.lines = lines
  }

  /// What becomes of a part of the file, and what stands in its place.
  private static func settle(_ part: ReportPart, _ new: ReportPart?, _ wish: Wish)
    -> (Outcome, [ReportDocument.Piece])
  {
    if wish.keep.contains(part.name) {
      return (.kept, FileLine.all(in: part.body[...]).map { .human(FileLine(number: 0, bytes: $0.bytes)) })
    }
    guard let new else { return (.retired, [.part(part)]) }
    if wish.overwrite.contains(part.name) { return (.overwritten, [.part(part.saying(new))]) }
    if part.isEdited { return (.edited, [.part(part)]) }
    return part.saysTheSame(as: new) ? (.unchanged, [.part(part)]) : (.refreshed, [.part(part.saying(new))])
  }

  private static func check(_ wish: Wish, _ document: ReportDocument, _ new: ReportDocument) throws(Problem) {
    let here = Set(document.parts.map(\.name))
    let there = Set(new.parts.map(\.name))
    if let name = wish.keep.intersection(wish.overwrite).sorted().first {
      throw Problem("part '\(name)' cannot be both kept and overwritten", advice: "Give one of the two.")
    }
    func refuse(_ names: Set<String>, _ flag: String, _ able: Set<String>, _ why: String) throws(Problem) {
      guard let name = names.subtracting(able).sorted().first else { return }
      let list = able.sorted().joined(separator: ", ")
      throw Problem("--\(flag) \(name): \(why)", advice: list.isEmpty ? "There is none." : "There is: \(list)")
    }
    try refuse(wish.keep, "keep", here, "the report has no such part")
    try refuse(wish.overwrite, "overwrite", here.intersection(there), "the report has no such part that can be written")
    if let name = wish.restore.intersection(here).sorted().first {
      throw Problem("--restore \(name): the report has that part", advice: "To write it anew: --overwrite \(name)")
    }
    try refuse(wish.restore, "restore", there.subtracting(here), "no such part is missing")
  }
}

extension ReportDocument {
  func part(_ name: String) -> ReportPart? { parts.first { $0.name == name } }

  /// Puts in a part of a freshly written report where it belongs, with an empty line before and behind it.
  mutating func insert(_ part: ReportPart, asIn fresh: ReportDocument) {
    let place = PartPlace(of: part.name, in: pieces, asIn: fresh)
    let lineBreak = lineBreak
    func made(_ bytes: [UInt8]) -> FileLine { FileLine(number: 0, bytes: bytes.broken(by: lineBreak)) }
    let blank = Piece.human(made([0x0A]))
    let text = Array(part.end.content) + [0x0A]
    let whole = ReportPart(
      name: part.name, digest: part.digest, begin: made(part.begin.bytes), body: part.body.broken(by: lineBreak),
      end: made(text))
    var new = [Piece.part(whole)]
    if let heading = place.heading { new = [.human(made(heading.bytes)), blank] + new }
    let before = place.index == 0 ? nil : pieces[place.index - 1]
    if let before, !before.isBlank { new.insert(blank, at: 0) }
    // The last line of a file need not end.
    if let before, before.bytes.last != 0x0A { new.insert(blank, at: 0) }
    if place.index < pieces.count, !pieces[place.index].isBlank { new.append(blank) }
    pieces.insert(contentsOf: new, at: place.index)
  }
}
