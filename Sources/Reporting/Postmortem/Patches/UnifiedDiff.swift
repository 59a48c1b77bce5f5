/// The difference of two texts in the form that `patch` and people read.
enum UnifiedDiff {
  private static let context = 3

  private struct Line {
    let mark: Character
    let text: String
  }

  /// - Parameters:
  ///   - name: of the file, for both headings.
  ///   - old: its lines, without line breaks.
  /// - Returns: `nil` when nothing differs. Ends without a line break.
  static func text(_ old: [String], _ new: [String], name: String) -> String? {
    let lines = merged(old, new)
    let changed = lines.indices.filter { lines[$0].mark != " " }
    guard let first = changed.first else { return nil }
    var hunks: [ClosedRange<Int>] = []
    var (start, end) = (first, first)
    for index in changed.dropFirst() {
      if index - end > 2 * context {
        hunks.append(start...end)
        start = index
      }
      end = index
    }
    hunks.append(start...end)
    let bodies = hunks.map { hunk(lines, around: $0) }
    return (["--- \(name)", "+++ \(name)"] + bodies).joined(separator: "\n")
  }

  /// Every line of both, in order, with what became of it.
  private static func merged(_ old: [String], _ new: [String]) -> [Line] {
    let difference = new.difference(from: old)
    let removed = Set(difference.removals.map(\.offset))
    let inserted = Set(difference.insertions.map(\.offset))
    var lines: [Line] = []
    var (before, after) = (0, 0)
    while before < old.count || after < new.count {
      if removed.contains(before) {
        lines.append(Line(mark: "-", text: old[before]))
        before += 1
      } else if inserted.contains(after) {
        lines.append(Line(mark: "+", text: new[after]))
        after += 1
      } else {
        lines.append(Line(mark: " ", text: old[before]))
        (before, after) = (before + 1, after + 1)
      }
    }
    return lines
  }

  private static func hunk(_ lines: [Line], around changed: ClosedRange<Int>) -> String {
    let range = max(0, changed.lowerBound - context)...min(lines.count - 1, changed.upperBound + context)
    func count(_ range: some Sequence<Int>, without mark: Character) -> Int { range.count { lines[$0].mark != mark } }
    let heads = [("-", "+" as Character), ("+", "-")].map { sign, other in
      let inside = count(range, without: other)
      // A hunk that has no line of its own stands behind the line before it.
      let begin = count(0..<range.lowerBound, without: other) + (inside == 0 ? 0 : 1)
      return "\(sign)\(begin),\(inside)"
    }
    let body = lines[range].map { "\($0.mark)\($0.text)" }
    return (["@@ \(heads.joined(separator: " ")) @@"] + body).joined(separator: "\n")
  }
}

extension CollectionDifference.Change {
  fileprivate var offset: Int {
    switch self {
    case .insert(let offset, _, _), .remove(let offset, _, _): offset
    }
  }
}
