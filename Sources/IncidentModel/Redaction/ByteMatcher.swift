/// Finds every occurrence of many byte strings in one pass (Aho–Corasick).
///
/// A node stands for the longest beginning of a form that the bytes so far end with. Ordinary text hovers at the root
/// and just above it, so those nodes have a full row of 256 successors each; the many nodes above keep only their
/// children and a link to the next shorter beginning, which keeps the memory in proportion to the forms.
final class ByteMatcher: Sendable {
  struct Form: Sendable, Hashable {
    let bytes: [UInt8]
    /// What stands in its place.
    let label: Int
    /// Counts only where no letter, digit or `_` is next to it.
    let wholeToken: Bool
  }

  typealias Node = UInt32
  static let root: Node = 0
  private static let none = Node.max

  let labels: [[UInt8]]
  private let forms: [Form]
  /// Nodes below this number have a row: the root and those of depth 1.
  private let rowCount: Node
  private let rows: [Node]
  private let letter: [UInt8]
  private let firstChild: [Node]
  private let sibling: [Node]
  private let shorter: [Node]
  private let depths: [UInt32]
  /// The form that ends at a node.
  private let formAt: [UInt32]
  /// The nearest node at which a form ends, going to ever shorter beginnings from the node itself.
  private let ending: [Node]

  init(_ forms: [Form], labels: [[UInt8]]) {
    let trie = Trie(forms)
    self.forms = forms
    self.labels = labels
    (letter, firstChild, sibling, depths, formAt) = (
      trie.letter, trie.firstChild, trie.sibling, trie.depth, trie.formAt
    )
    let rowCount = trie.depth.firstIndex { $0 > 1 } ?? trie.depth.count
    self.rowCount = Node(rowCount)

    // A node comes after its parent and after everything less deep.
    var rows = [Node](repeating: Self.root, count: rowCount * 256)
    for child in trie.children(of: Self.root) { rows[Int(trie.letter[Int(child)])] = child }
    for node in 1..<max(1, rowCount) {
      for byte in 0..<256 { rows[node << 8 | byte] = rows[byte] }
      for child in trie.children(of: Node(node)) { rows[node << 8 | Int(trie.letter[Int(child)])] = child }
    }
    var shorter = [Node](repeating: Self.root, count: trie.letter.count)
    var ending = [Node](repeating: Self.none, count: trie.letter.count)
    for node in 1..<max(1, trie.letter.count) {
      let parent = Int(trie.parent[node])
      if parent != 0 {
        shorter[node] = trie.successor(
          of: shorter[parent], trie.letter[node], rows: rows, rowCount: Node(rowCount), shorter: shorter)
      }
      ending[node] = trie.formAt[node] != Self.none ? Node(node) : ending[Int(shorter[node])]
    }
    (self.rows, self.shorter, self.ending) = (rows, shorter, ending)
  }

  /// How many of the last bytes may still be the beginning of a form.
  func depth(of node: Node) -> Int { Int(depths[Int(node)]) }

  /// Walks from `start` to the end of `bytes`. `report` hears of every place where forms end: the node there, and the
  /// position after it.
  func walk(
    _ bytes: UnsafeBufferPointer<UInt8>, from start: Int, node: inout Node, report: (Node, Int) -> Void
  ) {
    var current = node
    var position = start
    rows.withUnsafeBufferPointer { rows in
      while position < bytes.count {
        if current < rowCount {
          repeat {
            current = rows[Int(current) << 8 | Int(bytes[position])]
            position += 1
          } while position < bytes.count && current < rowCount
        } else {
          current = successor(of: current, bytes[position], rows)
          position += 1
        }
        // No form is so short that it ends at a node with a row.
        if current >= rowCount, ending[Int(current)] != Self.none { report(ending[Int(current)], position) }
      }
    }
    node = current
  }

  private func successor(of node: Node, _ byte: UInt8, _ rows: UnsafeBufferPointer<Node>) -> Node {
    var node = node
    while node >= rowCount {
      var child = firstChild[Int(node)]
      while child != Self.none {
        if letter[Int(child)] == byte { return child }
        child = sibling[Int(child)]
      }
      node = shorter[Int(node)]
    }
    return rows[Int(node) << 8 | Int(byte)]
  }

  /// The forms that end at a reported node, longest first.
  func forms(endingAt node: Node) -> some Sequence<Form> {
    sequence(first: node) { [self] node in
      let next = ending[Int(shorter[Int(node)])]
      return next == Self.none ? nil : next
    }.lazy.map { [self] in forms[Int(formAt[Int($0)])] }
  }
}

/// The forms as a tree, its nodes numbered level by level.
private struct Trie {
  typealias Node = ByteMatcher.Node
  private static let none = Node.max

  private(set) var letter: [UInt8] = [0]
  private(set) var parent: [Node] = [0]
  private(set) var firstChild: [Node] = [none]
  private(set) var sibling: [Node] = [none]
  private(set) var depth: [UInt32] = [0]
  private(set) var formAt: [UInt32] = [none]

  /// Grows all forms by one byte at a time, which numbers the nodes level by level.
  init(_ forms: [ByteMatcher.Form]) {
    var tips = [Node](repeating: 0, count: forms.count)
    var growing = Array(forms.indices)
    var level = 0
    while !growing.isEmpty {
      growing.removeAll { forms[$0].bytes.count <= level }
      for form in growing {
        tips[form] = child(of: tips[form], forms[form].bytes[level])
        if forms[form].bytes.count == level + 1, formAt[Int(tips[form])] == Self.none {
          formAt[Int(tips[form])] = UInt32(form)
        }
      }
      level += 1
    }
  }

  func children(of node: Node) -> some Sequence<Node> {
    let first = firstChild[Int(node)]
    return sequence(state: first) { next -> Node? in
      guard next != Self.none else { return nil }
      defer { next = sibling[Int(next)] }
      return next
    }
  }

  private mutating func child(of node: Node, _ byte: UInt8) -> Node {
    var child = firstChild[Int(node)]
    while child != Self.none {
      if letter[Int(child)] == byte { return child }
      child = sibling[Int(child)]
    }
    let new = Node(letter.count)
    letter.append(byte)
    parent.append(node)
    firstChild.append(Self.none)
    sibling.append(firstChild[Int(node)])
    depth.append(depth[Int(node)] + 1)
    formAt.append(Self.none)
    firstChild[Int(node)] = new
    return new
  }

  func successor(of node: Node, _ byte: UInt8, rows: [Node], rowCount: Node, shorter: [Node]) -> Node {
    var node = node
    while node >= rowCount {
      if let child = children(of: node).first(where: { letter[Int($0)] == byte }) { return child }
      node = shorter[Int(node)]
    }
    return rows[Int(node) << 8 | Int(byte)]
  }
}
