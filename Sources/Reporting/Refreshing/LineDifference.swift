internal import IncidentModel

/// What would change between two texts, line by line, for a terminal: `- gone`, `+ come`, and a line or two around it.
struct LineDifference {
  let lines: [String]

  private static let around = 1
  /// More lines than this are not compared one by one, nor shown.
  private static let mostCompared = 1000
  private static let mostShown = 60

  init(_ old: [String], _ new: [String]) {
    let head = zip(old, new).prefix { $0 == $1 }.count
    let tail = zip(old.dropFirst(head).reversed(), new.dropFirst(head).reversed()).prefix { $0 == $1 }.count
    let gone = Array(old[head..<(old.count - tail)])
    let come = Array(new[head..<(new.count - tail)])
    let before = old[max(0, head - Self.around)..<head].map { "  \($0.visible)" }
    let behind = old[(old.count - tail)..<min(old.count, old.count - tail + Self.around)].map { "  \($0.visible)" }
    let all = before + Self.changes(gone, come) + behind
    let more = all.count - Self.mostShown
    lines = more > 0 ? all.prefix(Self.mostShown) + ["… and \(more) more lines"] : all
  }

  private static func changes(_ gone: [String], _ come: [String]) -> [String] {
    guard gone.count + come.count <= mostCompared else {
      return gone.map { "- \($0.shown)" } + come.map { "+ \($0.shown)" }
    }
    let changes = come.difference(from: gone)
    let removed = Set(changes.removals.map(place))
    let inserted = Set(changes.insertions.map(place))
    var lines: [(text: String, isChange: Bool)] = []
    var (from, to) = (0, 0)
    while from < gone.count || to < come.count {
      if removed.contains(from) {
        lines.append(("- \(gone[from].shown)", true))
        from += 1
      } else if inserted.contains(to) {
        lines.append(("+ \(come[to].shown)", true))
        to += 1
      } else {
        lines.append(("  \(gone[from].visible)", false))
        (from, to) = (from + 1, to + 1)
      }
    }
    return withoutTheSame(lines)
  }

  private static func place(_ change: CollectionDifference<String>.Change) -> Int {
    switch change {
    case .remove(let offset, _, _), .insert(let offset, _, _): offset
    }
  }

  /// Of what stayed, only what stands next to a change.
  private static func withoutTheSame(_ lines: [(text: String, isChange: Bool)]) -> [String] {
    var shown: [String] = []
    var isLeavingOut = false
    for (index, line) in lines.enumerated() {
      let near = lines[max(0, index - around)...min(lines.count - 1, index + around)]
      if near.contains(where: \.isChange) {
        shown.append(line.text)
        isLeavingOut = false
      } else if !isLeavingOut {
        shown.append("  …")
        isLeavingOut = true
      }
    }
    return shown
  }
}

extension String {
  /// With the spaces at its end, which may be all that was changed.
  fileprivate var shown: String {
    let kept = withoutTrailingSpace
    return kept.visible + String(repeating: "·", count: count - kept.count)
  }
}
