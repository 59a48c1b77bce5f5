import Foundation
import Testing

@testable import IncidentModel

@Suite("Nothing of a secret survives")
struct RedactorTests {
  private func redactor(_ values: String...) -> Redactor {
    let redactor = Redactor()
    for (index, value) in values.enumerated() { redactor.register(Secret(name: "S\(index)", value: value)) }
    return redactor
  }

  @Test("without secrets everything passes as it is")
  func empty() {
    let redactor = Redactor()
    #expect(redactor.isEmpty)
    #expect(redactor.redact("anything") == "anything")
    #expect(redactor.redact([0xFF, 0x00]) == [0xFF, 0x00])
    #expect(redactor.redactJSON(Array("{\"a\":1".utf8), structuralKeys: []) == Array("{\"a\":1".utf8))
    #expect(redactor.secretName(in: "anything") == nil)
    var stream = redactor.stream()
    #expect(stream.push(Array("abc".utf8)) == Array("abc".utf8))
    #expect(stream.finish().isEmpty)
  }

  @Test("the same secret may be registered any number of times")
  func idempotent() {
    let redactor = Redactor()
    for _ in 0..<3 { redactor.register(Secret(name: "PIN", value: "12345")) }
    #expect(redactor.warnings.count == 1)
    #expect(!redactor.isEmpty)
  }

  @Test("a secret inside another one leaves the longer one's label and no rest")
  func nested() {
    #expect(redactor("abcdefgh", "01abcdefgh23").redact("x01abcdefgh23x") == "x[secret:S1]x")
    #expect(redactor("abcdefgh", "abcdefgh23").redact("xabcdefgh23x") == "x[secret:S1]x")
    #expect(redactor("abcdefgh", "01abcdefgh").redact("x01abcdefghx") == "x[secret:S1]x")
  }

  @Test("secrets that overlap make one label, secrets side by side make two")
  func overlapping() {
    #expect(redactor("abcdefgh", "efghijkl").redact("xabcdefghijklx") == "x[secret:S0]x")
    #expect(redactor("abcdabcd").redact("xabcdabcdabcdx") == "x[secret:S0]x")
    #expect(redactor("abcdefgh", "ijklmnop").redact("xabcdefghijklmnopx") == "x[secret:S0][secret:S1]x")
    #expect(redactor("aaaaaaaa").redact(String(repeating: "a", count: 1000)) == "[secret:S0]")
  }

  @Test("a short secret inside a longer form's text is covered by it")
  func tokenInside() {
    #expect(redactor("12345", "code 12345 9").redact("code 12345 9!") == "[secret:S1]!")
    #expect(redactor("12345", "code 1234").redact("code 12345") == "[secret:S1]")
    #expect(redactor("12-34", "34 56 78 90").redact("12-34 56 78 90") == "[secret:S0]")
  }

  @Test("the argv guard names the secret, in whatever form it occurs")
  func guardNames() {
    let redactor = redactor("first-secret", "second-secret")
    #expect(redactor.secretName(in: "--token=second-secret") == "S1")
    #expect(redactor.secretName(in: Data("xx:first-secret".utf8).base64EncodedString()) == "S0")
    #expect(redactor.secretName(in: "--token=third-secret") == nil)
  }

  @Test("however the bytes are cut, the result is that of the whole, and nothing leaks")
  func everySplit() {
    let values = [
      "pa\"ss'w\\o/rd & <ünï>", "0xabcdef0123456789abcdef", "12345", "abcabcabcabd", "bcabcabc",
      "first line\nsecond line",
    ]
    let redactor = Redactor()
    var forms: [(bytes: [UInt8], wholeToken: Bool)] = []
    for (index, value) in values.enumerated() {
      let secret = Secret(name: "S\(index)", value: value)
      redactor.register(secret)
      let derived = SecretForms(of: secret)
      forms += derived.anywhere.map { ($0, false) } + derived.wholeTokens.map { ($0, true) }
    }
    #expect(forms.count > 100)
    for form in forms {
      let text = Array("ab ".utf8) + form.bytes + Array(" abc".utf8) + form.bytes + form.bytes
      let whole = redactor.redact(text)
      if !form.wholeToken { #expect(!contains(whole, form.bytes)) }
      for cut in 0...text.count {
        #expect(streamed(redactor, [Array(text[..<cut]), Array(text[cut...])]) == whole)
      }
      for size in 1...9 { #expect(streamed(redactor, pieces(of: text, size)) == whole) }
    }
  }

  @Test("large pieces of a large text give the result of the whole", arguments: [1, 7, 1000, 1024, 4095, 65536])
  func largePieces(size: Int) {
    let redactor = redactor("pa\"ss'w\\o/rd", "12345", "0123456789abcdef")
    var text: [UInt8] = []
    for number in 0..<4000 {
      text += Array("line \(number) ".utf8)
      if number.isMultiple(of: 7) { text += Array("pa\"ss'w\\o/rd".utf8) }
      if number.isMultiple(of: 11) { text += Array("12345\n0123456789ABCDEF".utf8) }
    }
    #expect(streamed(redactor, pieces(of: text, size)) == redactor.redact(text))
  }

  @Test("it finds exactly what a slow and simple search finds", arguments: 1...6 as ClosedRange<UInt64>)
  func oracle(seed: UInt64) {
    var numbers = SeededNumbers(seed: seed)
    for _ in 0..<300 {
      let alphabet = Array("ab1 ".utf8.prefix(Int.random(in: 2...4, using: &numbers)))
      let bytes = { (count: Int) in (0..<count).map { _ in alphabet.randomElement(using: &numbers) ?? 0 } }
      let forms = (0..<Int.random(in: 1...6, using: &numbers)).map { label in
        let wholeToken = Bool.random(using: &numbers)
        return ByteMatcher.Form(
          bytes: bytes(Int.random(in: 4...(wholeToken ? 7 : 12), using: &numbers)), label: label, wholeToken: wholeToken
        )
      }
      var unique: [ByteMatcher.Form] = []
      for form in forms where !unique.contains(where: { $0.bytes == form.bytes }) { unique.append(form) }
      let text = bytes(Int.random(in: 0...200, using: &numbers))
      let matcher = ByteMatcher(unique, labels: unique.indices.map { Array("[\($0)]".utf8) })
      var regions = SecretRegions(matcher)
      text.withUnsafeBufferPointer { regions.read($0, from: 0, after: nil) }
      regions.finish()
      #expect(regions.found == naiveRegions(text, unique))
    }
  }

  @Test("garbage in garbage pieces never leaks and never crashes", arguments: 1...4 as ClosedRange<UInt64>)
  func randomPieces(seed: UInt64) {
    var numbers = SeededNumbers(seed: seed)
    let redactor = redactor("abababab", "babaabab", "aabb", "ab ab ab ab")
    for _ in 0..<500 {
      let text = (0..<Int.random(in: 0...300, using: &numbers)).map { _ in
        Array("ab _".utf8).randomElement(using: &numbers) ?? 0
      }
      var stream = redactor.stream()
      var shown: [UInt8] = []
      var rest = text[...]
      while !rest.isEmpty {
        let piece = rest.prefix(Int.random(in: 0...20, using: &numbers))
        shown += stream.push(Array(piece))
        rest = rest.dropFirst(piece.count)
      }
      shown += stream.finish()
      #expect(shown == redactor.redact(text))
      #expect(!contains(shown, Array("abababab".utf8)))
    }
  }

  @Test("only what may begin a secret is held back")
  func latency() {
    let redactor = redactor("secret-value")
    var stream = redactor.stream()
    #expect(stream.push(Array("progress 10%\r".utf8)) == Array("progress 10%\r".utf8))
    #expect(stream.push(Array("a secret-".utf8)) == Array("a ".utf8))
    #expect(stream.push(Array("santa".utf8)) == Array("secret-santa".utf8))
    #expect(stream.push(Array("secret-v".utf8)).isEmpty)
    #expect(stream.finish() == Array("secret-v".utf8))
    #expect(stream.finish().isEmpty)
  }

  @Test("a secret that becomes known in the middle of a stream is hidden from then on")
  func lateSecret() {
    let redactor = redactor("abcdefgh")
    var stream = redactor.stream()
    var shown = stream.push(Array("x abcdefghabcd".utf8))
    redactor.register(Secret(name: "LATE", value: "cdef-ghij"))
    shown += stream.push(Array("ef-ghij y".utf8))
    shown += stream.finish()
    #expect(String(decoding: shown, as: UTF8.self) == "x [secret:S0]ab[secret:LATE] y")
  }

  @Test("a region that is only half over when a secret becomes known does not come apart")
  func lateSecretInRegion() {
    let redactor = redactor("abcdabcd")
    var stream = redactor.stream()
    var shown = stream.push(Array("xabcdabcd".utf8))
    redactor.register(Secret(name: "LATE", value: "something else"))
    shown += stream.push(Array("abcdabc!".utf8)) + stream.finish()
    #expect(String(decoding: shown, as: UTF8.self) == "x[secret:S0]abc!")
  }

  @Test("many threads may use one redactor")
  func concurrent() async {
    let redactor = Redactor()
    await withTaskGroup(of: Void.self) { group in
      for number in 0..<16 {
        group.addTask {
          redactor.register(Secret(name: "T\(number)", value: "token-value-\(number % 8)-x"))
          #expect(redactor.redact("<token-value-\(number % 8)-x>").hasPrefix("<[secret:T"))
        }
      }
    }
    #expect(redactor.redact("token-value-3-x").hasPrefix("[secret:T"))
  }

  private func contains(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
    bytes.count >= part.count && (0...(bytes.count - part.count)).contains { bytes[$0...].starts(with: part) }
  }

  private func pieces(of bytes: [UInt8], _ size: Int) -> [[UInt8]] {
    stride(from: 0, to: bytes.count, by: size).map { Array(bytes[$0..<min($0 + size, bytes.count)]) }
  }

  private func streamed(_ redactor: Redactor, _ pieces: [[UInt8]]) -> [UInt8] {
    var stream = redactor.stream()
    return pieces.flatMap { stream.push($0) } + stream.finish()
  }

  /// Tries every form at every place, then joins what overlaps.
  private func naiveRegions(_ text: [UInt8], _ forms: [ByteMatcher.Form]) -> [SecretRegion] {
    let isWordPart = { (index: Int) in text.indices.contains(index) && !" ".utf8.contains(text[index]) }
    var matches: [SecretRegion] = []
    for start in text.indices {
      for form in forms where text[start...].starts(with: form.bytes) {
        let end = start + form.bytes.count
        if form.wholeToken, isWordPart(start - 1) || isWordPart(end) { continue }
        matches.append(SecretRegion(start: start, end: end, label: form.label))
      }
    }
    matches.sort { ($0.start, -$0.end) < ($1.start, -$1.end) }
    var regions: [SecretRegion] = []
    for match in matches {
      if let last = regions.last, last.end > match.start {
        regions[regions.count - 1].end = max(last.end, match.end)
      } else {
        regions.append(match)
      }
    }
    return regions
  }
}
