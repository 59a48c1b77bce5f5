/// A stretch of bytes to be hidden.
struct SecretRegion: Sendable, Equatable {
  var start: Int
  var end: Int
  /// Of the form that begins first, and of the longest such one.
  var label: Int
}

/// Follows a matcher through bytes that come in pieces and collects what is to be hidden. Forms that overlap make one
/// region, so that no byte of either survives.
struct SecretRegions: Sendable {
  let matcher: ByteMatcher
  /// Apart, and in the order of the text. Positions count from the start of the current piece, or before it.
  private(set) var found: [SecretRegion] = []
  private var node = ByteMatcher.root
  /// A short secret at the very end of a piece: the next byte decides.
  private var undecided: SecretRegion?

  init(_ matcher: ByteMatcher) { self.matcher = matcher }

  /// Starts anew with a matcher that knows more; the piece will be read again from its start. A region whose beginning
  /// is gone already stays.
  init(_ matcher: ByteMatcher, resuming other: SecretRegions?) {
    self.matcher = matcher
    found = other?.found.filter { $0.start < 0 } ?? []
  }

  /// Reads `bytes` from `start` on; what stands before `start` was read already. `previous` is the byte before them.
  /// `isEscaped` tells whether the byte at a position belongs to an escape such as `\n` and so borders on nothing.
  mutating func read(
    _ bytes: UnsafeBufferPointer<UInt8>, from start: Int, after previous: UInt8?,
    isEscaped: (Int) -> Bool = { _ in false }
  ) {
    guard start < bytes.count else { return }
    if let token = undecided, !bytes[start].isWordPart { add(token) }
    undecided = nil
    var node = self.node
    matcher.walk(bytes, from: start, node: &node) { node, end in
      for form in matcher.forms(endingAt: node) {
        let region = SecretRegion(start: end - form.bytes.count, end: end, label: form.label)
        guard form.wholeToken else {
          add(region)
          // Shorter ones lie inside.
          break
        }
        let before = region.start > 0 ? bytes[region.start - 1] : region.start == 0 ? previous : nil
        if let before, before.isWordPart, !(region.start > 0 && isEscaped(region.start - 1)) { continue }
        if end == bytes.count {
          undecided = undecided ?? region
        } else if !bytes[end].isWordPart {
          add(region)
        }
      }
    }
    self.node = node
  }

  /// Nothing comes after what was read.
  mutating func finish() {
    if let token = undecided { add(token) }
    undecided = nil
    node = ByteMatcher.root
  }

  /// Up to where nothing that comes can change what was found, if `count` bytes were read.
  func settled(of count: Int) -> Int {
    min(count - matcher.depth(of: node), undecided?.start ?? count)
  }

  /// Forgets what ends within the first `count` bytes, and counts from there.
  mutating func drop(_ count: Int) {
    found.removeAll { $0.end <= count }
    for index in found.indices {
      found[index].start -= count
      found[index].end -= count
    }
    undecided?.start -= count
    undecided?.end -= count
  }

  private mutating func add(_ region: SecretRegion) {
    var region = region
    while let last = found.last, last.end > region.start {
      if last.start < region.start { (region.start, region.label) = (last.start, last.label) }
      region.end = max(region.end, last.end)
      found.removeLast()
    }
    found.append(region)
  }
}

extension UInt8 {
  fileprivate var isWordPart: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
