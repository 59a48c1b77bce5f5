/// Numbers of journal entries in few characters: `3, 5–8`.
enum EntryNumbers {
  /// `entry 3`, `entries 3, 5–8`, `no entry`.
  static func named(_ numbers: [Int64]) -> String {
    switch numbers.count {
    case 0: "no entry"
    case 1: "entry \(text(numbers))"
    default: "entries \(text(numbers))"
    }
  }

  static func text(_ numbers: [Int64]) -> String {
    var ranges: [ClosedRange<Int64>] = []
    for number in numbers.sorted() {
      if let last = ranges.last, number <= last.upperBound + 1 {
        ranges[ranges.count - 1] = last.lowerBound...max(number, last.upperBound)
      } else {
        ranges.append(number...number)
      }
    }
    let texts = ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)–\($0.upperBound)" }
    return texts.isEmpty ? "–" : texts.joined(separator: ", ")
  }
}
