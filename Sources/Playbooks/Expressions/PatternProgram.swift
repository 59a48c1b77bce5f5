/// A pattern as a list of small steps; matching follows every possible position in it at the same time.
struct PatternProgram: Sendable {
  private enum Step: Sendable {
    /// Takes one character and goes on with the next step.
    case take(ScalarSet)
    case check(PatternNode.Assertion)
    case jump(Int)
    case fork(Int, Int)
    case accept
  }

  /// Counted repetitions are written out, so a short pattern can ask for a lot.
  private static let maximumSteps = 2000

  private var steps: [Step] = []
  private var work = 0

  init(_ node: PatternNode) throws(PatternError) {
    try write(node)
    steps.append(.accept)
  }

  func matchesWhole(_ text: String) -> Bool {
    var positions = Positions(steps.count)
    var upcoming = Positions(steps.count)
    var scalars = text.unicodeScalars.makeIterator()
    var previous: Unicode.Scalar?
    var next = scalars.next()
    follow(from: 0, into: &positions, between: previous, and: next)
    while let scalar = next {
      if positions.isEmpty { return false }
      (previous, next) = (scalar, scalars.next())
      upcoming.removeAll()
      for position in positions.members {
        if case .take(let set) = steps[position], set.contains(scalar) {
          follow(from: position + 1, into: &upcoming, between: previous, and: next)
        }
      }
      swap(&positions, &upcoming)
    }
    return positions.contains(steps.count - 1)
  }

  /// Adds every step that can be reached from `start` without taking a character.
  private func follow(
    from start: Int, into positions: inout Positions, between previous: Unicode.Scalar?, and next: Unicode.Scalar?
  ) {
    var open = [start]
    while let position = open.popLast() {
      guard positions.insert(position) else { continue }
      switch steps[position] {
      case .take, .accept: break
      case .jump(let target): open.append(target)
      case .fork(let one, let other):
        open.append(one)
        open.append(other)
      case .check(let assertion):
        if Self.holds(assertion, between: previous, and: next) { open.append(position + 1) }
      }
    }
  }

  private static func holds(
    _ assertion: PatternNode.Assertion, between previous: Unicode.Scalar?, and next: Unicode.Scalar?
  ) -> Bool {
    switch assertion {
    case .start: previous == nil
    case .end: next == nil
    case .wordBoundary: ScalarSet.isWordPart(previous) != ScalarSet.isWordPart(next)
    case .noWordBoundary: ScalarSet.isWordPart(previous) == ScalarSet.isWordPart(next)
    }
  }

  /// A set of steps that is emptied in no time.
  private struct Positions {
    private(set) var members: [Int] = []
    private var marks: [Int]
    private var round = 1

    init(_ count: Int) { marks = Array(repeating: 0, count: count) }

    var isEmpty: Bool { members.isEmpty }

    func contains(_ position: Int) -> Bool { marks[position] == round }

    mutating func insert(_ position: Int) -> Bool {
      guard marks[position] != round else { return false }
      marks[position] = round
      members.append(position)
      return true
    }

    mutating func removeAll() {
      members.removeAll(keepingCapacity: true)
      round += 1
    }
  }
}

// MARK: - Writing the steps

extension PatternProgram {
  private mutating func write(_ node: PatternNode) throws(PatternError) {
    // Empty parts write no step but take time, so it is the work that is bounded.
    work += 1
    guard work <= Self.maximumSteps else { throw PatternError("its repetitions make it too large") }
    switch node {
    case .scalar(let set): steps.append(.take(set))
    case .assertion(let assertion): steps.append(.check(assertion))
    case .sequence(let nodes): for node in nodes { try write(node) }
    case .choice(let nodes): try writeChoice(nodes)
    case .repetition(let node, let least, let most): try writeRepetition(node, least, most)
    }
  }

  private mutating func writeChoice(_ nodes: [PatternNode]) throws(PatternError) {
    var ends: [Int] = []
    for node in nodes.dropLast() {
      let fork = reserve()
      try write(node)
      ends.append(reserve())
      steps[fork] = .fork(fork + 1, steps.count)
    }
    if let last = nodes.last { try write(last) }
    for end in ends { steps[end] = .jump(steps.count) }
  }

  private mutating func writeRepetition(_ node: PatternNode, _ least: Int, _ most: Int?) throws(PatternError) {
    for _ in 0..<least { try write(node) }
    guard let most else {
      let fork = reserve()
      try write(node)
      steps.append(.jump(fork))
      steps[fork] = .fork(fork + 1, steps.count)
      return
    }
    var forks: [Int] = []
    for _ in least..<most {
      forks.append(reserve())
      try write(node)
    }
    for fork in forks { steps[fork] = .fork(fork + 1, steps.count) }
  }

  /// A step that is filled in once its target is known.
  private mutating func reserve() -> Int {
    steps.append(.accept)
    return steps.count - 1
  }
}
