import Foundation
import TestSupport
import Testing

@testable import IncidentModel

/// Every form of many secrets, alone and overlapping, cut at every place and into pieces of every size.
@Suite("However secrets lie and however the bytes come, nothing of them survives", .timeLimit(.minutes(60)))
struct RedactorAtScaleTests {
  private static let chapter = "Secrets"

  /// Short and long, several lines, URLs, and such that begin, end or lie inside one another.
  private static let secrets = [
    "pa\"ss'w\\o/rd & <ünï>", "0xabcdef0123456789abcdef", "12345", "abcabcabcabd", "bcabcabc", "cabcab",
    "first line\nsecond line", "aaaaaaaaaa", "tok-7f3e%41+x", "e\u{301}🚨 key\u{200B}word", "-----BEGIN-----\nMIIEvQIB",
  ]
  private static let addresses = ["https://me:abc12@host/path", "postgres://app:p%40ss%2Fword99@db:5432/trades"]

  private let redactor = Redactor()
  private let oracle: NaiveRedactor

  init() {
    var forms: [NaiveRedactor.Form] = []
    let secrets =
      Self.secrets.enumerated().map { Secret(name: "S\($0.offset)", value: $0.element) }
      + Self.addresses.enumerated().map { Secret(name: "U\($0.offset)", kind: .url, value: $0.element) }
    for secret in secrets {
      redactor.register(secret)
      let derived = SecretForms(of: secret)
      let label = Array("[secret:\(secret.name)]".utf8)
      forms += derived.anywhere.map { NaiveRedactor.Form(bytes: $0, label: label, wholeToken: false) }
      forms += derived.wholeTokens.map { NaiveRedactor.Form(bytes: $0, label: label, wholeToken: true) }
    }
    oracle = NaiveRedactor(forms)
  }

  @Test("every form at every split, alone and overlapping others, is what a simple search over the whole finds")
  func everySplit() {
    let target = Figures.tries(quick: 200_000, long: 10_000_000)
    var numbers = SeededNumbers(seed: 25)
    let forms = oracle.forms.map(\.bytes).sorted { $0.lexicographicallyPrecedes($1) }
    var (cases, texts, leaks) = (0, 0, 0)
    while cases < target || texts < forms.count {
      let text = text(around: forms[texts % forms.count], forms, &numbers)
      texts += 1
      let whole = redactor.redact(text)
      guard whole == oracle.redact(text) else {
        Issue.record("another result than the simple search: \(String(decoding: text, as: UTF8.self).debugDescription)")
        return
      }
      if oracle.leaks(whole) { leaks += 1 }
      for pieces in cuts(of: text, &numbers) {
        guard streamed(pieces) == whole else {
          Issue.record("cut into \(pieces.map(\.count)): \(String(decoding: text, as: UTF8.self).debugDescription)")
          return
        }
        cases += 1
      }
    }
    #expect(leaks == 0)
    Figures.record(
      ["cases": cases, "forms": forms.count, "texts": texts, "leaks": leaks],
      promise: "Output that comes in pieces is redacted as if it had come at once",
      attack: "every form of a secret at every split, forms that overlap, against a simple search", in: Self.chapter)
  }

  @Test("a large text gives the same in pieces of 1 byte to 64 KiB")
  func everySize() {
    var numbers = SeededNumbers(seed: 64)
    let forms = oracle.forms.map(\.bytes).sorted { $0.lexicographicallyPrecedes($1) }
    var text: [UInt8] = []
    while text.count < 160 * 1024 {
      for _ in 0..<Int.random(in: 0...200, using: &numbers) { text.append(UInt8.random(in: 0...255, using: &numbers)) }
      text += forms.randomElement(using: &numbers) ?? []
    }
    let whole = redactor.redact(text)
    #expect(whole == oracle.redact(text))
    #expect(!oracle.leaks(whole))
    var sizes = Set((0...16).map { 1 << $0 })
    for power in 3...16 { sizes.formUnion([(1 << power) - 1, (1 << power) + 1]) }
    sizes.formUnion(Figures.isLong ? Array(1...1200) : [3, 5, 6, 11, 23, 77, 1000, 3000, 10_000, 50_000])
    for size in sizes.sorted() {
      let pieces = stride(from: 0, to: text.count, by: size).map { Array(text[$0..<min($0 + size, text.count)]) }
      guard streamed(pieces) == whole else {
        Issue.record("pieces of \(size) bytes give another result")
        return
      }
    }
    Figures.record(
      ["sizes of pieces": sizes.count, "bytes each": text.count],
      promise: "Output that comes in pieces is redacted as if it had come at once",
      attack: "a text full of secrets in pieces of 1 byte to 64 KiB", in: Self.chapter)
  }

  /// A form in something else, often run into another one as far as they go together.
  private func text(around form: [UInt8], _ forms: [[UInt8]], _ numbers: inout SeededNumbers) -> [UInt8] {
    var text = padding(&numbers) + form
    if Bool.random(using: &numbers), let other = forms.randomElement(using: &numbers) {
      let common = (0...min(form.count, other.count)).last { form.suffix($0).elementsEqual(other.prefix($0)) } ?? 0
      text += other.dropFirst(common)
    }
    return text + padding(&numbers)
  }

  private func padding(_ numbers: inout SeededNumbers) -> [UInt8] {
    (0..<Int.random(in: 0...6, using: &numbers)).map { _ in
      Array("ab1_ -\"\\\n\u{1}é".utf8).randomElement(using: &numbers) ?? 0
    }
  }

  /// In two at every place, in pieces of 1 to 9 bytes, and somehow.
  private func cuts(of text: [UInt8], _ numbers: inout SeededNumbers) -> [[[UInt8]]] {
    var cuts = (0...text.count).map { [Array(text[..<$0]), Array(text[$0...])] }
    cuts += (1...9).map { size in
      stride(from: 0, to: text.count, by: size).map { Array(text[$0..<min($0 + size, text.count)]) }
    }
    var (pieces, rest): ([[UInt8]], ArraySlice<UInt8>) = ([], text[...])
    while !rest.isEmpty {
      let count = Int.random(in: 0...12, using: &numbers)
      pieces.append(Array(rest.prefix(count)))
      rest = rest.dropFirst(count)
    }
    return cuts + [pieces]
  }

  private func streamed(_ pieces: [[UInt8]]) -> [UInt8] {
    var stream = redactor.stream()
    var shown: [UInt8] = []
    for piece in pieces { shown += stream.push(piece) }
    return shown + stream.finish()
  }
}

/// What the redactor must do, in the simplest way: tries every form at every place, then joins what overlaps.
private struct NaiveRedactor {
  struct Form {
    let bytes: [UInt8]
    let label: [UInt8]
    let wholeToken: Bool
  }

  private(set) var forms: [Form] = []
  private var byFirst: [[Int]] = Array(repeating: [], count: 256)

  /// The first secret keeps a form that another one has too; hidden anywhere wins over whole tokens.
  init(_ all: [Form]) {
    var places: [[UInt8]: Int] = [:]
    for form in all {
      if let place = places[form.bytes] {
        if forms[place].wholeToken, !form.wholeToken { forms[place] = form }
      } else {
        places[form.bytes] = forms.count
        forms.append(form)
      }
    }
    for (index, form) in forms.enumerated() { byFirst[Int(form.bytes[0])].append(index) }
  }

  func redact(_ text: [UInt8]) -> [UInt8] {
    var shown: [UInt8] = []
    var position = 0
    for region in regions(of: text) {
      shown += text[position..<region.start] + region.label
      position = region.end
    }
    return shown + text[position...]
  }

  /// Whether a form that is hidden anywhere still stands there.
  func leaks(_ text: [UInt8]) -> Bool {
    text.indices.contains { start in
      byFirst[Int(text[start])].contains { !forms[$0].wholeToken && text[start...].starts(with: forms[$0].bytes) }
    }
  }

  private func regions(of text: [UInt8]) -> [(start: Int, end: Int, label: [UInt8])] {
    var regions: [(start: Int, end: Int, label: [UInt8])] = []
    for start in text.indices {
      let ends = byFirst[Int(text[start])].filter { text[start...].starts(with: forms[$0].bytes) }
        .filter { !forms[$0].wholeToken || isAlone(start, start + forms[$0].bytes.count, in: text) }
      guard let longest = ends.max(by: { forms[$0].bytes.count < forms[$1].bytes.count }) else { continue }
      let end = start + forms[longest].bytes.count
      if let last = regions.last, last.end > start {
        regions[regions.count - 1].end = max(last.end, end)
      } else {
        regions.append((start, end, forms[longest].label))
      }
    }
    return regions
  }

  private func isAlone(_ start: Int, _ end: Int, in text: [UInt8]) -> Bool {
    let isWordPart = { (byte: UInt8) in
      byte == UInt8(ascii: "_")
        || byte < 0x80 && (Character(Unicode.Scalar(byte)).isLetter || Character(Unicode.Scalar(byte)).isNumber)
    }
    return !(start > 0 && isWordPart(text[start - 1])) && !(end < text.count && isWordPart(text[end]))
  }
}
