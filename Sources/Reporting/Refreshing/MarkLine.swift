/// What a line of a report says to programs.
///
/// A mark is a whole line, from its first column to its end; spaces behind it do not matter. What begins like a mark and
/// is none is a mistake; a quoted mark is indented or stands within a line, and is text.
enum MarkLine: Sendable, Hashable {
  case report(ReportMark)
  case begin(name: String, digest: String)
  case end(name: String)

  private static let opening = "<!-- andon:"
  private static let closing = " -->"

  /// As andon writes it.
  var text: String {
    let words =
      switch self {
      case .report(let mark): "report \(mark.text)"
      case .begin(let name, let digest): "begin \(name) v\(GeneratedBlock.version) sha256=\(digest)"
      case .end(let name): "end \(name)"
      }
    return Self.opening + words + Self.closing
  }

  /// `nil` for a line that is no mark.
  /// - Throws: `MarkTrouble` for one that begins like a mark and is not one that andon writes.
  init?(_ line: FileLine) throws(MarkTrouble) {
    guard line.bytes.starts(with: Self.opening.utf8) else { return nil }
    let text = line.text
    guard text.hasSuffix(Self.closing) else {
      throw MarkTrouble(column: text.count + 1, "the mark does not end with ' -->' at the end of its line")
    }
    let inside = text.dropFirst(Self.opening.count).dropLast(Self.closing.count)
    let words = inside.split(separator: " ", omittingEmptySubsequences: false)
    if let version = words.first(where: { $0.isVersion }), version != "v\(GeneratedBlock.version)" {
      throw MarkTrouble(
        column: Self.column(of: version, in: text), "the mark is of version \(version), which this andon does not know",
        hint: "it was written by a newer andon: take that one")
    }
    guard let mark = Self.read(words) else {
      let kinds = ["report", "begin", "end"]
      let place = kinds.contains(String(words[0])) ? words.dropFirst().first ?? words[0] : words[0]
      throw MarkTrouble(
        column: Self.column(of: place, in: text), "this is not a mark as andon writes it", hint: Self.quoting)
    }
    // Read leniently, written strictly: whatever is not exactly ours was touched.
    let pairs = zip(mark.text, text).enumerated()
    guard line.content.elementsEqual(mark.text.utf8) else {
      let column = (pairs.first { $0.element.0 != $0.element.1 }?.offset ?? min(mark.text.count, text.count)) + 1
      throw MarkTrouble(column: column, "this is not a mark as andon writes it", hint: Self.quoting)
    }
    self = mark
  }

  static let quoting = "put it back as it was; to quote a mark, indent it"

  private static func read(_ words: [Substring]) -> MarkLine? {
    switch (words[0], words.count) {
    case ("report", _):
      guard let mark = ReportMark(words: Array(words.dropFirst())), mark.parts.allSatisfy({ $0[...].isPartName })
      else { return nil }
      return .report(mark)
    case ("begin", 4):
      let digest = words[3].dropFirst("sha256=".count)
      guard words[1].isPartName, words[3].hasPrefix("sha256="), digest.count == 64, digest.allSatisfy(\.isLowerHex)
      else { return nil }
      return .begin(name: String(words[1]), digest: String(digest))
    case ("end", 2): return words[1].isPartName ? .end(name: String(words[1])) : nil
    default: return nil
    }
  }

  private static func column(of word: Substring, in text: String) -> Int {
    text.distance(from: text.startIndex, to: word.startIndex) + 1
  }
}

/// What is wrong with a mark, and in which column of its line, from 1.
struct MarkTrouble: Error {
  let column: Int
  let message: String
  let hint: String?

  init(column: Int = 1, _ message: String, hint: String? = nil) {
    self.column = column
    self.message = message
    self.hint = hint
  }
}

extension Substring {
  fileprivate var isPartName: Bool {
    !isEmpty && allSatisfy { $0 == "-" || ("a"..."z").contains($0) || ("0"..."9").contains($0) }
  }

  fileprivate var isVersion: Bool { first == "v" && count > 1 && dropFirst().allSatisfy { ("0"..."9").contains($0) } }
}
