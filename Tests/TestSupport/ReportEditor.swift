/// Somebody who edits reports at random, always in the same way for the same seed.
public struct ReportEditor {
  private var random: SeededRandom

  public init(seed: UInt64) { random = SeededRandom(seed: seed) }

  private static let people: [[UInt8]] =
    [
      "", "Ten users could not pay.", "## A heading of ours", "- [ ] look at it", "| a | b |", "```", "~~~~ text",
      "\ttab",
      "  <!-- andon:begin timeline v1 sha256=00 -->", "> <!-- andon:end timeline -->",
      "a `<!-- andon:end x -->` quoted",
      "<!-- a remark -->", "<!--andon:end timeline-->", "öäü 長い 🚨 \u{202E}txet", "ends with spaces   ", "---",
    ].map { Array("\($0)\n".utf8) } + [[0xFF, 0xFE, 0x00, 0x0A], [0x0D, 0x0A], Array("# DOS\r\n".utf8)]

  /// A few changes, none of them in a generated part or in a mark.
  public mutating func editOutside(_ report: [UInt8]) -> [UInt8] {
    var lines = ReportAnatomy.lines(report)
    for _ in 0..<Int.random(in: 1...6, using: &random) { changeOutside(&lines) }
    if chance(5) { lines.insert(Array("---\ntitle: ours\n---\n".utf8), at: 0) }
    var bytes = lines.flatMap { $0 }
    // A file need not end with a line break, and may begin with U+FEFF.
    if chance(4), bytes.last == 10 { bytes.removeLast() }
    if chance(4), !bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = [0xEF, 0xBB, 0xBF] + bytes }
    return bytes
  }

  private mutating func changeOutside(_ lines: inout [[UInt8]]) {
    let whole = Array(lines.enumerated())
    var isInside = false
    let places = whole.compactMap { place, line -> Int? in
      let mark = ReportAnatomy.mark(line)
      if mark == "begin" { isInside = true }
      defer { if mark == "end" { isInside = false } }
      return isInside || mark != nil ? nil : place
    }
    guard let place = places.randomElement(using: &random) else { return }
    switch Int.random(in: 0..<7, using: &random) {
    case 0, 1: lines.insert(Self.people.randomElement(using: &random) ?? [10], at: place)
    case 2: lines.remove(at: place)
    case 3: lines.insert(lines[place], at: place)
    case 4: lines[place].insert(contentsOf: [32, 32], at: max(0, lines[place].count - 1))
    case 5: if lines[place].last == 10 { lines[place] = lines[place].dropLast() + [13, 10] }
    default:
      let at = Int.random(in: 0..<lines[place].count, using: &random)
      if lines[place][at] != 10 {
        lines[place][at] = [UInt8](0...255).filter { $0 != 10 }.randomElement(using: &random) ?? 0
      }
    }
  }

  /// One change of one byte inside a generated part.
  public mutating func editInside(_ report: [UInt8]) -> [UInt8] {
    var lines = ReportAnatomy.lines(report)
    var isInside = false
    let places = lines.enumerated().compactMap { place, line -> Int? in
      let mark = ReportAnatomy.mark(line)
      defer { isInside = mark == "begin" || (isInside && mark != "end") }
      return isInside && mark != "end" ? place : nil
    }
    guard let place = places.randomElement(using: &random) else { return report }
    change(&lines[place], at: Int.random(in: 0..<lines[place].count, using: &random))
    return lines.flatMap { $0 }
  }

  /// One thing done to one line with a mark.
  public mutating func damageMark(_ report: [UInt8]) -> [UInt8] {
    var lines = ReportAnatomy.lines(report)
    let marks = lines.indices.filter { ReportAnatomy.mark(lines[$0]) != nil }
    guard let place = marks.randomElement(using: &random),
      let other = marks.filter({ $0 != place }).randomElement(using: &random)
    else { return report }
    switch Int.random(in: 0..<9, using: &random) {
    case 0: lines.remove(at: place)
    case 1: lines.insert(lines[place], at: place)
    case 2: lines.swapAt(place, other)
    // Without the empty line behind it, or the last line break of the file, a mark is whole.
    case 3 where place < lines.count - 1 && lines[place + 1] != [10]: lines[place].removeLast()
    case 4: lines[place].insert(contentsOf: [32, 33], at: lines[place].count - 1)
    default:
      // Spaces behind a mark do not matter, and a line break before it or behind it breaks nothing.
      change(&lines[place], at: Int.random(in: 1..<(lines[place].count - 1), using: &random))
    }
    return lines.flatMap { $0 }
  }

  /// Puts in, takes out or replaces one byte. CR is left out: in front of a line feed it changes no text.
  private mutating func change(_ line: inout [UInt8], at place: Int) {
    let old = line[place]
    let new = (Array("abz019 -:=,#|<>\n".utf8) + [0xC3]).filter { $0 != old }.randomElement(using: &random) ?? 0
    switch Int.random(in: 0..<3, using: &random) {
    case 0: line.remove(at: place)
    case 1: line.insert(new, at: place)
    default: line[place] = new
    }
  }

  private mutating func chance(_ one: Int) -> Bool { Int.random(in: 0..<one, using: &random) == 0 }
}
