extension String {
  /// Where `word` begins, looked for byte by byte: the search of the standard library prepares tables first, which
  /// costs more than all the texts of a playbook.
  func position(of word: StaticString) -> String.Index? {
    let wanted = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
    guard let first = wanted.first else { return startIndex }
    var rest = utf8[...]
    while let start = rest.firstIndex(of: first) {
      rest = rest[start...]
      if rest.starts(with: wanted) { return start }
      rest = rest.dropFirst()
    }
    return nil
  }

  func holds(_ word: StaticString) -> Bool { position(of: word) != nil }
}
