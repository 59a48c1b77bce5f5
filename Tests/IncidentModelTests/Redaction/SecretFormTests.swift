import Foundation
import IncidentModel
import Testing

@Suite("A secret is hidden in every form it is likely to take")
struct SecretFormTests {
  private static let value = "pa\"ss'w\\o/rd & <ünï> 7%"

  private func redacted(_ text: String, _ secrets: Secret...) -> String {
    let redactor = Redactor()
    for secret in secrets { redactor.register(secret) }
    return redactor.redact(text)
  }

  @Test(
    "each encoding of a text is replaced as a whole",
    arguments: [
      ("raw", value),
      ("JSON", #"pa\"ss'w\\o/rd & <ünï> 7%"#),
      ("JSON with escaped slashes", #"pa\"ss'w\\o\/rd & <ünï> 7%"#),
      ("JSON in ASCII", #"pa\"ss'w\\o/rd & <\u00fcn\u00ef> 7%"#),
      ("JSON in ASCII, upper case", #"pa\"ss'w\\o/rd & <\u00FCn\u00EF> 7%"#),
      ("URI", "pa%22ss%27w%5Co%2Frd%20%26%20%3C%C3%BCn%C3%AF%3E%207%25"),
      ("URI, lower case", "pa%22ss%27w%5co%2frd%20%26%20%3c%c3%bcn%c3%af%3e%207%25"),
      ("URI as JavaScript writes it", "pa%22ss'w%5Co%2Frd%20%26%20%3C%C3%BCn%C3%AF%3E%207%25"),
      ("form", "pa%22ss%27w%5Co%2Frd+%26+%3C%C3%BCn%C3%AF%3E+7%25"),
      ("HTML text", "pa\"ss'w\\o/rd &amp; &lt;ünï&gt; 7%"),
      ("XML", "pa&quot;ss&apos;w\\o/rd &amp; &lt;ünï&gt; 7%"),
      ("HTML", "pa&quot;ss&#39;w\\o/rd &amp; &lt;ünï&gt; 7%"),
      ("HTML by Go", "pa&#34;ss&#39;w\\o/rd &amp; &lt;ünï&gt; 7%"),
      ("shell, single quotes", #"pa"ss'\''w\o/rd & <ünï> 7%"#),
      ("shell, single quotes, the other way", #"pa"ss'"'"'w\o/rd & <ünï> 7%"#),
      ("shell, double quotes", #"pa\"ss'w\\o/rd & <ünï> 7%"#),
      ("shell in JSON", #"pa\"ss'\\''w\\o/rd & <ünï> 7%"#),
      ("base64", Data(value.utf8).base64EncodedString()),
      ("base64 without padding", Data(value.utf8).base64EncodedString().replacing("=", with: "")),
      (
        "base64 for URLs",
        Data(value.utf8).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
      ),
      ("hexadecimal", value.utf8.map { String(format: "%02x", $0) }.joined()),
      ("hexadecimal, upper case", value.utf8.map { String(format: "%02X", $0) }.joined()),
    ])
  func encodings(name: String, form: String) {
    let secret = Secret(name: "TOKEN", value: Self.value)
    #expect(redacted("[\(form)]", secret) == "[[secret:TOKEN]]", "\(name)")
  }

  @Test(
    "inside something longer that is base64, the letters that depend on the secret alone are gone", arguments: 0...8)
  func base64InTheMiddle(shift: Int) throws {
    let text = String(repeating: "u", count: shift) + Self.value + "tail of the text"
    let encoded = Data(text.utf8).base64EncodedString()
    let shown = redacted(encoded, Secret(name: "T", value: Self.value))
    let parts = shown.components(separatedBy: "[secret:T]")
    try #require(parts.count == 2)
    // At most one letter on either side depends on the secret as well as on its neighbours.
    #expect(parts[0].count <= (shift * 8 + 5) / 6)
    #expect(parts[1].count <= ("tail of the text".utf8.count * 8 + 5) / 6 + 4)
    #expect(encoded.hasPrefix(parts[0]) && encoded.hasSuffix(parts[1]))
  }

  @Test("UTF-16 is found in bytes that are not UTF-8")
  func utf16() {
    let redactor = Redactor()
    redactor.register(Secret(name: "T", value: Self.value))
    let bytes = Self.value.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    #expect(redactor.redact([0xFF, 0xFE] + bytes + [0xFF]) == [0xFF, 0xFE] + Array("[secret:T]".utf8) + [0xFF])
  }

  @Test("UTF-16 that was taken for UTF-8 is found in JSON too")
  func utf16InJSON() {
    let redactor = Redactor()
    redactor.register(Secret(name: "T", value: "token-value"))
    let json = Array(#"{"body":"<\#("token-value".map { "\($0)\\u0000" }.joined())>"}"#.utf8)
    #expect(redactor.redactJSON(json, structuralKeys: []) == Array(#"{"body":"<[secret:T]>"}"#.utf8))
  }

  @Test("JSON that stands as a text in JSON is searched too")
  func jsonInJSON() throws {
    let value = "tab\t\u{1B}[31mand\nline"
    let body = String(decoding: try JSONEncoder().encode(["k": value]), as: UTF8.self)
    let whole = String(decoding: try JSONEncoder().encode(["body": body]), as: UTF8.self)
    #expect(redacted(whole, Secret(name: "T", value: value)) == #"{"body":"{\"k\":\"[secret:T]\"}"}"#)
  }

  @Test("a short secret is hidden in its encoded forms too, where they stand alone")
  func shortSecretEncoded() {
    let secret = Secret(name: "PIN", value: "a\"b\\7")
    for form in [#"a\"b\\7"#, "a%22b%5C7", "6122625c37", "YSJiXDc=", "YSJiXDc", "a&quot;b\\7"] {
      #expect(redacted("<\(form)>", secret) == "<[secret:PIN]>", "\(form)")
    }
    #expect(redacted("x6122625c37", secret) == "x6122625c37")
  }

  @Test("the beginning that PostgreSQL shows of a long value is hidden")
  func clipped() {
    let value = (0..<20).map { "part-\($0)é" }.joined()
    let detail = "Failing row contains (1, \(String(decoding: Array(value.utf8).prefix(64), as: UTF8.self))..."
    #expect(redacted(detail, Secret(name: "T", value: value)) == "Failing row contains (1, [secret:T]...")
  }

  @Test("a path as Python or Go escape it, a form as Java does")
  func otherURIs() {
    let secret = Secret(name: "T", value: "a/b&c d~e=f*g")
    for form in ["a/b%26c%20d~e%3Df%2Ag", "a%2Fb&c%20d~e=f%2Ag", "a%2Fb%26c+d%7Ee%3Df*g"] {
      #expect(redacted(form, secret) == "[secret:T]", "\(form)")
    }
  }

  @Test("as it is shown on a screen")
  func visibleForm() {
    let value = "es\u{1B}c\nnew\u{200B}line"
    let secret = Secret(name: "T", value: value)
    #expect(redacted(value.visible, secret) == "[secret:T]")
    #expect(redacted(value.visible(keepingLineBreaks: true), secret) == "[secret:T]")
  }

  @Test("spaces around a value are no part of the secret")
  func trimmed() {
    #expect(redacted("is: token-value-1!", Secret(name: "T", value: " token-value-1\n")) == "is: [secret:T]!")
  }

  @Test("of a key file every line is hidden on its own, but not the lines that frame it")
  func lines() {
    let key = "-----BEGIN KEY-----\r\nMIIEvQIBADANBgkq\r\nhkiG9w0BAQEFAASC\r\nab==\r\n-----END KEY-----\r\n"
    let secret = Secret(name: "KEY", value: key)
    #expect(redacted("line 2: hkiG9w0BAQEFAASC", secret) == "line 2: [secret:KEY]")
    #expect(redacted("-----BEGIN KEY-----", secret) == "-----BEGIN KEY-----")
    #expect(redacted(key, secret).trimmingCharacters(in: .whitespacesAndNewlines) == "[secret:KEY]")
    #expect(redacted(key.replacing("\r\n", with: "\\r\\n"), secret).contains("MII") == false)
  }

  @Test("base64 that a tool broke into lines is hidden line by line")
  func brokenBase64() {
    let value = String((0..<120).map { Character(Unicode.Scalar(UInt8(33 + $0 % 90))) })
    let encoded = Data(value.utf8).base64EncodedString(options: [.lineLength76Characters, .endLineWithLineFeed])
    let shown = redacted(encoded, Secret(name: "T", value: value))
    #expect(shown == "[secret:T]\n[secret:T]\n[secret:T]" || shown == "[secret:T]\n[secret:T]\n" + encoded.suffix(8))
  }

  @Test("a key in hexadecimal is hidden in either case of letters, with 0x or without")
  func hexadecimalKey() {
    let secret = Secret(name: "PK", value: "0xAbCdEf0123456789abcdef")
    for form in [
      "0xAbCdEf0123456789abcdef", "AbCdEf0123456789abcdef", "0xabcdef0123456789abcdef", "ABCDEF0123456789ABCDEF",
    ] {
      #expect(redacted("<\(form)>", secret) == "<[secret:PK]>")
    }
  }

  @Test("of a database address the password is hidden, raw, decoded and as a pair; host, user and database are not")
  func databaseURL() {
    let secret = Secret(
      name: "DATABASE_URL", kind: .url,
      value: "postgres://app:p%40ss%2Fword99@db.example.com:5432/trades?sslmode=verify-full")
    #expect(
      redacted("at postgres://app:p%40ss%2Fword99@db.example.com:5432/trades?sslmode=verify-full.", secret)
        == "at [secret:DATABASE_URL].")
    #expect(redacted("p%40ss%2Fword99", secret) == "[secret:DATABASE_URL]")
    #expect(redacted("p@ss/word99", secret) == "[secret:DATABASE_URL]")
    #expect(
      redacted("Basic " + Data("app:p@ss/word99".utf8).base64EncodedString(), secret) == "Basic [secret:DATABASE_URL]")
    let open = "db.example.com 5432 app trades verify-full sslmode"
    #expect(redacted(open, secret) == open)
  }

  @Test("a short password in an address is hidden where it stands alone, and its pair everywhere")
  func shortPassword() {
    let secret = Secret(name: "U", kind: .url, value: "https://me:abc12@host/path")
    #expect(redacted("abc12, xabc12", secret) == "[secret:U], xabc12")
    #expect(redacted("Basic bWU6YWJjMTI=", secret) == "Basic [secret:U]")
  }

  @Test("of a web hook the tokens in path and query are hidden on their own")
  func webhook() {
    let secret = Secret(
      name: "HOOK", kind: .url,
      value: "https://discord.example/api/webhooks/123456789012345678/aBcDeFgHiJkLmNoPqRsT?wait=12345678")
    #expect(
      redacted("POST /api/webhooks/123456789012345678/aBcDeFgHiJkLmNoPqRsT?wait=12345678", secret)
        == "POST /api/webhooks/[secret:HOOK]/[secret:HOOK]?wait=[secret:HOOK]")
    #expect(redacted("discord.example /api/webhooks", secret) == "discord.example /api/webhooks")
  }

  @Test("an API key in a query or in the place of a user is hidden")
  func otherURLs() {
    #expect(
      redacted("k=s3cr3tKey", Secret(name: "R", kind: .url, value: "https://rpc.example/?apikey=s3cr3tKey&net=main"))
        == "k=[secret:R]")
    #expect(
      redacted(
        "ghp_0123456789abcdef", Secret(name: "R", kind: .url, value: "https://ghp_0123456789abcdef@code.example/x"))
        == "[secret:R]")
    #expect(
      redacted(
        "it is 'top secret!'", Secret(name: "C", kind: .url, value: "host=db user=app password='top secret!' port=5432")
      )
        == "it is '[secret:C]'")
    #expect(
      redacted("p=hunter2hunter2", Secret(name: "C", kind: .url, value: "host=db password=hunter2hunter2 user=app"))
        == "p=[secret:C]")
  }

  @Test("a short secret is hidden only where it stands alone, and people are told")
  func shortSecrets() {
    let redactor = Redactor()
    redactor.register(Secret(name: "PIN", value: "12345"))
    #expect(
      redactor.redact("12345 a12345 123456 (12345) 12345") == "[secret:PIN] a12345 123456 ([secret:PIN]) [secret:PIN]")
    #expect(redactor.redact("_12345 é12345é -12345-") == "_12345 é[secret:PIN]é -[secret:PIN]-")
    #expect(
      redactor.warnings == ["'PIN' is only 5 bytes long and is hidden only where it stands alone; use a longer secret"])
  }

  @Test("an empty or tiny secret hides nothing, and people are told", arguments: ["", " ", "a", "abc", " abc\n"])
  func tinySecrets(value: String) {
    let redactor = Redactor()
    redactor.register(Secret(name: "X", value: value))
    #expect(redactor.isEmpty)
    #expect(redactor.redact("a abc  ") == "a abc  ")
    #expect(redactor.warnings.count == 1)
    #expect(redactor.warnings.first?.contains("is not hidden") == true)
  }

  @Test("a very large secret is hidden in its plain form and line by line, and people are told")
  func largeSecret() {
    let line = { (number: Int) in "line number \(number) of a large file" }
    let value = (0..<2000).map(line).joined(separator: "\n")
    let redactor = Redactor()
    redactor.register(Secret(name: "F", value: value))
    #expect(redactor.redact("<\(value)>") == "<[secret:F]>")
    #expect(redactor.redact("<\(line(1234))>") == "<[secret:F]>")
    #expect(redactor.warnings == ["'F' is \(value.utf8.count) bytes long; its encoded forms are not hidden"])
  }

  @Test("a name with signs in it cannot break what the label stands in")
  func labels() {
    let shown = redacted("token-value-1", Secret(name: "/run/secrets/\"x\"\n", value: "token-value-1"))
    #expect(shown == "[secret:/run/secrets/_x__]")
  }
}
