@testable import IncidentModel

/// What the redactor has to do, in the simplest way: every form at every place, then what overlaps is joined.
struct SlowSearch {
  private struct Form {
    var owner: Int
    var wholeToken: Bool
  }

  private var forms: [[UInt8]: Form] = [:]

  init(_ secrets: [Secret]) {
    for (owner, secret) in secrets.enumerated() {
      let found = SecretForms(of: secret)
      for bytes in found.anywhere where forms[bytes]?.wholeToken != false {
        forms[bytes] = Form(owner: owner, wholeToken: false)
      }
      for bytes in found.wholeTokens where forms[bytes] == nil { forms[bytes] = Form(owner: owner, wholeToken: true) }
    }
  }

  func redact(_ text: [UInt8]) -> [UInt8] {
    var shown: [UInt8] = []
    var position = 0
    for region in regions(text) {
      shown += text[position..<region.start] + Array("[secret:S\(region.owner)]".utf8)
      position = region.end
    }
    return shown + text[position...]
  }

  private func regions(_ text: [UInt8]) -> [(start: Int, end: Int, owner: Int)] {
    var regions: [(start: Int, end: Int, owner: Int)] = []
    for start in text.indices {
      // The longest that begins here: others that begin here lie inside.
      let here = forms.filter { text[start...].starts(with: $0.key) && stands($0.key.count, at: start, $0.value, text) }
      guard let longest = here.max(by: { $0.key.count < $1.key.count }) else { continue }
      let end = start + longest.key.count
      if let last = regions.last, last.end > start {
        regions[regions.count - 1].end = max(last.end, end)
      } else {
        regions.append((start, end, longest.value.owner))
      }
    }
    return regions
  }

  /// A short secret counts only where no letter, digit or `_` is next to it.
  private func stands(_ count: Int, at start: Int, _ form: Form, _ text: [UInt8]) -> Bool {
    func isWord(_ index: Int) -> Bool {
      guard text.indices.contains(index) else { return false }
      let scalar = Unicode.Scalar(text[index])
      return scalar == "_" || (scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)))
    }
    return !form.wholeToken || (!isWord(start - 1) && !isWord(start + count))
  }
}
