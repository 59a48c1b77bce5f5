import Foundation
import TestSupport
import Testing

/// Fifty secrets of every shape that secrets have, new for each test, and where Andon finds them: most in variables,
/// some in files, some printed by a program.
struct Canaries {
  struct Bird {
    let name: String
    let value: String
    /// How an environment file refers to it.
    let reference: String
  }

  let birds: [Bird]
  /// What Andon gets to know them by.
  let variables: [String: String]
  private let folder: TemporaryFolder

  init(in folder: TemporaryFolder) throws {
    self.folder = folder
    var variables: [String: String] = [:]
    var birds: [Bird] = []
    for (index, value) in Self.shapes().enumerated() {
      let name = "c\(index + 1)"
      let reference: String
      switch index % 10 {
      case 3: reference = "file:\(try folder.write(value + "\n", to: "secrets/\(name)"))"
      case 7 where !value.contains("\n"):
        reference = "command:[cat, \(try folder.write(value + "\n", to: "secrets/\(name)"))]"
      default:
        variables["CANARY_\(index + 1)"] = value
        reference = "env:CANARY_\(index + 1)"
      }
      birds.append(Bird(name: name, value: value, reference: reference))
    }
    (self.birds, self.variables) = (birds, variables)
  }

  /// The YAML of their connections.
  var connections: [String] { birds.map { "\($0.name): {secret: \"\($0.reference)\"}" } }

  /// Searches files for every form of every secret, by a program that shares no code with the product.
  func search(_ paths: [String], also more: [String: String] = [:]) async throws -> Findings {
    let secrets = more.merging(birds.map { ($0.name, $0.value) }) { first, _ in first }
    let list = try folder.write(
      String(decoding: try JSONEncoder().encode(secrets), as: UTF8.self), to: "searched/secrets.json")
    let result = try await RunningProgram(
      ["/usr/bin/env", "python3", Self.forms, "search", list] + paths, environment: ["PATH": "/usr/bin:/bin"]
    ).wait(within: .seconds(300))
    try #require(result.code == 0, "\(result)")
    return try JSONDecoder().decode(Findings.self, from: Data(result.stdout.utf8))
  }

  struct Findings: Decodable {
    struct Hit: Decodable, CustomStringConvertible {
      let secret, form, place, before: String

      var description: String { "\(secret) stands there as \(form), in \(place), behind: \(before.debugDescription)" }
    }

    let files, bytes, forms: Int
    let hits: [Hit]

    func expectNone(sourceLocation: Testing.SourceLocation = #_sourceLocation) {
      #expect(files > 0 && bytes > 0, "nothing was searched", sourceLocation: sourceLocation)
      for hit in hits.prefix(40) { Issue.record("\(hit)", sourceLocation: sourceLocation) }
    }
  }

  static let forms = Repository.file("Tests/secret_forms.py")

  // MARK: - Shapes

  private static func random(_ count: Int) -> String {
    var text = ""
    while text.count < count { text += UUID().uuidString.replacing("-", with: "").lowercased() }
    return String(text.prefix(count))
  }

  private static func base64(_ count: Int) -> String {
    Data((0..<count).map { _ in UInt8.random(in: 0...255) }).base64EncodedString()
  }

  private static func shapes() -> [String] {
    let (r, long) = (random, { (count: Int) in (0..<count).map { _ in base64(45) }.joined(separator: "\n") })
    return [
      // Short and long.
      "q\(r(4))", "z\(r(5))Z", "k\"\(r(3))\\", r(8), r(16), r(32), r(64), r(200), r(1000), r(4000),
      // Several lines.
      "first \(r(12))\nsecond \(r(12))", "\(r(10))\r\n\(r(10))\r\n\(r(3))",
      "-----BEGIN PRIVATE KEY-----\n\(long(6))\n-----END PRIVATE KEY-----",
      "{\n  \"type\": \"account\",\n  \"key\": \"\(r(24))\"\n}", "\(r(9))\n\n\(r(9))",
      // Addresses.
      "postgres://app:\(r(12))%40%2F\(r(6))@db.example.com:5432/trades", "https://me:\(r(14))@api.example.com/v1",
      "https://chat.example.com/api/hooks/12345/\(r(40))", "https://rpc.example.com/?apikey=\(r(20))&net=main",
      "redis://:\(r(18))@cache.example.com:6379/0",
      // What encodings change.
      "{\"a\":\"\(r(8))\\\\\"}", "say \"\(r(8))\" and '\(r(8))'", "it's \(r(10))", "`\(r(12))`", "a\\b\\\(r(10))\\",
      "  \(r(14)) in the middle \(r(4))  ", "tab\t\(r(12))\tend", "100%25\(r(10))%2B%", "a+b+\(r(12))+=",
      "k=v&x=\(r(10));y", "<b>\(r(10))</b>&amp;", "$(\(r(10)))$HOME${x}", "{{\(r(10))}}${params.x}",
      "--flag=\(r(12))", "@\(r(14))", "*?[\(r(10))]!#|", "=cmd|'\(r(8))'!A1",
      // Keys and tokens.
      base64(24), base64(33), base64(30).replacing("+", with: "-").replacing("/", with: "_"), "0x\(r(64))",
      "0X\(r(40).uppercased())", r(64).uppercased(), "eyJhbGciOiJIUzI1NiJ9.\(base64(24)).\(base64(18))",
      "73\((0..<16).map { _ in String(Int.random(in: 0...9)) }.joined())", UUID().uuidString,
      "legal winner \(r(5)) wave \(r(6)) yellow \(r(7)) useful",
      // Beyond ASCII, and what acts on a terminal.
      "пароль-\(r(10))-über", "🚨\(r(10))🔑e\u{301}", "\u{1B}[31m\(r(12))\u{7}\u{200B}\u{202E}end",
    ]
  }
}
