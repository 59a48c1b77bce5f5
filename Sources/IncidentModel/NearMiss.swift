/// The one of `words` that was probably meant by `word`, or `nil` when none is close.
///
/// Close means few edits for the length of the word: one up to four characters, two up to eight, three beyond.
/// A swap of two neighbours is one edit. Case is ignored, and so is the choice between `-` and `_`.
/// Among equally close words the first in order of the alphabet wins, so that messages do not change between runs.
public func nearMiss(to word: String, among words: some Sequence<String>) -> String? {
  let wanted = comparable(word)
  guard !wanted.isEmpty, wanted.count <= 64 else { return nil }
  let limit = wanted.count <= 4 ? 1 : wanted.count <= 8 ? 2 : 3

  var best: (word: String, distance: Int)?
  for candidate in words where candidate != word {
    let letters = comparable(candidate)
    guard abs(letters.count - wanted.count) <= limit else { continue }
    let distance = editDistance(wanted, letters)
    // Replacing every letter of a short word is no likeness.
    guard distance <= limit, distance < max(wanted.count, letters.count) else { continue }
    if let known = best, (known.distance, known.word) <= (distance, candidate) { continue }
    best = (candidate, distance)
  }
  return best?.word
}

private func comparable(_ word: String) -> [Character] {
  word.lowercased().map { $0 == "_" ? "-" : $0 }
}

/// Damerau–Levenshtein distance (optimal string alignment): inserts, deletes, replacements, swaps of neighbours.
private func editDistance(_ left: [Character], _ right: [Character]) -> Int {
  var beforeLast: [Int] = []
  var last = Array(0...right.count)
  for row in 0..<left.count {
    var current = [row + 1]
    current.reserveCapacity(right.count + 1)
    for column in 0..<right.count {
      let same = left[row] == right[column]
      var cost = min(last[column + 1] + 1, current[column] + 1, last[column] + (same ? 0 : 1))
      if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
        cost = min(cost, beforeLast[column - 1] + 1)
      }
      current.append(cost)
    }
    (beforeLast, last) = (last, current)
  }
  return last[right.count]
}
