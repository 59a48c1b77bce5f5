import Foundation
import IncidentModel
import Testing

@Suite("A redacted JSON document is still one")
struct JSONRedactionTests {
  private func redacted(_ json: String, _ values: [String], structural: Set<String> = []) -> String {
    let redactor = Redactor()
    for (index, value) in values.enumerated() { redactor.register(Secret(name: "S\(index)", value: value)) }
    return String(decoding: redactor.redactJSON(Array(json.utf8), structuralKeys: structural), as: UTF8.self)
  }

  @Test("string values are redacted, keys and numbers are not")
  func values() {
    #expect(
      redacted(
        #"{"token-value": "a token-value b", "n": 12345678, "l": ["token-value"]}"#, ["token-value", "12345678"])
        == #"{"token-value": "a [secret:S0] b", "n": 12345678, "l": ["[secret:S0]"]}"#)
  }

  @Test("the direct string value of a structural key stays, what is nested below it does not")
  func structuralKeys() {
    let json = #"{"step":"pause-trading","o":{"step" : "pause-trading"},"kind":{"x":"pause-trading"}}"#
    #expect(
      redacted(json, ["pause-trading"], structural: ["step", "kind"])
        == #"{"step":"pause-trading","o":{"step" : "pause-trading"},"kind":{"x":"[secret:S0]"}}"#)
    #expect(
      redacted(#"{"step":["pause-trading"]}"#, ["pause-trading"], structural: ["step"])
        == #"{"step":["[secret:S0]"]}"#)
  }

  @Test("in what came from outside, keys and numbers are redacted too")
  func foreignKeysAndNumbers() {
    let redactor = Redactor()
    redactor.register(Secret(name: "T", value: "token-value"))
    redactor.register(Secret(name: "N", value: "1234567890"))
    redactor.register(Secret(name: "PIN", value: "40312"))
    let json =
      #"{"outputs":{"token-value":1,"rows":[{"token-value":{"x":1234567890}},40312,-40312.5]},"answer":1234567890,"#
      + #""epoch":1234567890}"#
    let shown = redactor.redactJSON(Array(json.utf8), structuralKeys: [], foreignKeys: ["outputs", "answer"])
    #expect(
      String(decoding: shown, as: UTF8.self)
        == #"{"outputs":{"token-value":1,"rows":[{"[secret:T]":{"x":"[secret:N]"}},"[secret:PIN]","[secret:PIN]"]},"#
        + #""answer":"[secret:N]","epoch":1234567890}"#)
  }

  @Test("a value is found in the form in which JSON writes it")
  func escaped() throws {
    let value = "line \"one\"\n\tline\\two/\u{1}é"
    let body = try JSONEncoder().encode(["k": "<\(value)>"])
    #expect(redacted(String(decoding: body, as: UTF8.self), [value]) == #"{"k":"<[secret:S0]>"}"#)
  }

  @Test("a match that begins inside an escape takes the whole escape")
  func insideEscapes() throws {
    #expect(redacted(#"{"k":"a\network1b"}"#, ["network1"]) == #"{"k":"a[secret:S0]b"}"#)
    #expect(redacted(#"{"k":"a\u00e9e9e9e9"}"#, ["00e9e9e9"]) == #"{"k":"a[secret:S0]e9"}"#)
    #expect(redacted(#"{"k":"\ud83d\udea8-value"}"#, ["dea8-value"]) == #"{"k":"[secret:S0]"}"#)
    #expect(redacted(#"{"k":"secret-\\n"}"#, [#"\secret-\"#]) == #"{"k":"secret-\\n"}"#)
  }

  @Test("a short secret after an escape stands alone, after a letter it does not")
  func shortSecrets() {
    #expect(
      redacted(#"["\n12345","n12345","\\n12345","\u000a12345","12345"]"#, ["12345"])
        == #"["\n[secret:S0]","n12345","\\n12345","\u000a[secret:S0]","[secret:S0]"]"#)
  }

  @Test("what is no JSON is redacted all the same")
  func malformed() {
    #expect(redacted(#"{"k": "token-value"#, ["token-value"]) == #"{"k": "[secret:S0]"#)
    #expect(redacted(#"{"k": "token-value\"#, ["token-value"]) == #"{"k": "[secret:S0]\"#)
  }

  @Test("random documents stay valid and lose every secret", arguments: 1...6 as ClosedRange<UInt64>)
  func randomDocuments(seed: UInt64) throws {
    var numbers = SeededNumbers(seed: seed)
    let secrets = ["n\\\"n\\\"n\\", "n\n\n\n\n\n\nn", "u00e9u00", "nnnnnnnn", "🚨é🚨é", "\\\\\\\\", "1234"]
    let pieces = ["n", "\\", "\"", "\n", "é", "🚨", "u00e9", "1", "1234", "\u{1}", "/", " ", "x"] + secrets
    let redactor = Redactor()
    for secret in secrets { redactor.register(Secret(name: "S", value: secret)) }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    for _ in 0..<150 {
      let texts = (0..<4).map { _ in
        (0..<Int.random(in: 0...12, using: &numbers)).map { _ in pieces.randomElement(using: &numbers) ?? "" }.joined()
      }
      let value = Value.map([
        "a": .text(texts[0]), "b": .list([.text(texts[1]), .map(["c": .text(texts[2])])]), "id": .text(texts[3]),
      ])
      let body = redactor.redactJSON(Array(try encoder.encode(value)), structuralKeys: ["id"])
      let read = try Value.json(Data(body))
      #expect(read["id"] == .text(texts[3]))
      let shown = Self.texts(in: read["a"]) + Self.texts(in: read["b"])
      #expect(shown.count == 3)
      for text in shown {
        for secret in secrets where secret.utf8.count >= 8 { #expect(!text.contains(secret), "\(body)") }
      }
    }
  }

  private static func texts(in value: Value?) -> [String] {
    switch value {
    case .text(let text): [text]
    case .list(let items): items.flatMap { texts(in: $0) }
    case .map(let members): members.values.flatMap { texts(in: $0) }
    default: []
    }
  }
}
