import Foundation
import IncidentModel
import Testing

@testable import Playbooks

@Suite("Garbage never crashes the expression language")
struct GarbageTests {
  private static let pieces = [
    "a", "rows", "params", "steps", ".", ".b-c", "[", "]", "(", ")", "[0]", "0", "1", "-", "- ", "+", "*", "/", "%",
    "==", "!=",
    "<", "<=", ">", "and ", "or ", "not ", "in ", "matches ", "is ", "absent ", "null ", "true ", "false ", "'x'",
    "\"y\"",
    "'", "\"", "\\", ",", "5s", "2h", "9999999d", "1e127", "1e-128", "99999999999999999999999999999999999999",
    "length(",
    "default(", "number(", "duration(", "text(", "lines(", "${", "}", "$", " ", "\n", "é", "\u{301}", "👩‍🚒", "\u{0}",
    "'(a|b)*'",
    "[a-z]", "{2}", "0.5", "json", "stdout", "skipped", "nothing", "log", "status", ".value", ".in",
  ]

  private static func garbage(_ numbers: inout SeededNumbers) -> String {
    (0..<Int.random(in: 1...24, using: &numbers)).map { _ in pieces.randomElement(using: &numbers) ?? "" }.joined()
  }

  @Test(
    "random texts are read or refused, and what is read has a value or an error",
    arguments: 1...8 as ClosedRange<UInt64>)
  func expressions(seed: UInt64) throws {
    var numbers = SeededNumbers(seed: seed)
    var read = 0
    for _ in 0..<2000 {
      let source = Self.garbage(&numbers)
      guard let expression = try? Expression(parsing: source) else {
        let error = try #require(syntaxError(source))
        #expect((0...source.count).contains(error.offset), "\(source)")
        continue
      }
      read += 1
      #expect(try Expression(parsing: expression.root.text).root == expression.root, "\(source)")
      _ = try? expression.evaluate(in: sample)
    }
    #expect(read > 20)
  }

  @Test("random operators between random operands have a value or an error", arguments: 1...8 as ClosedRange<UInt64>)
  func wellFormed(seed: UInt64) throws {
    var numbers = SeededNumbers(seed: seed)
    let operands = [
      "1", "0", "-1", "0.1", "1e127", "1e-128", "99999999999999999999999999999999999999", "5s", "0s", "9999999d", "'a'",
      "''",
      "true", "null", "[1, 'a']", "[]", "rows", "rows[0]", "json", "skipped", "nothing", "json.ids[1]", "number('3')",
    ]
    let operators = ["+", "-", "*", "/", "%", "==", "!=", "<", ">=", "and", "or", "in"]
    for _ in 0..<2000 {
      var source = operands.randomElement(using: &numbers) ?? ""
      for _ in 0..<Int.random(in: 1...4, using: &numbers) {
        let operation = operators.randomElement(using: &numbers) ?? ""
        source = "(\(source)) \(operation) \(operands.randomElement(using: &numbers) ?? "")"
      }
      let expression = try Expression(parsing: source)
      _ = try? expression.evaluate(in: sample)
    }
  }

  @Test("random templates are read or refused", arguments: 1...4 as ClosedRange<UInt64>)
  func templates(seed: UInt64) {
    var numbers = SeededNumbers(seed: seed)
    for _ in 0..<2000 {
      let source = Self.garbage(&numbers)
      do {
        let template = try Template(parsing: source)
        _ = try? template.text(in: sample)
      } catch {
        #expect((0...source.count).contains(error.offset), "\(source)")
      }
    }
  }

  @Test("random patterns are read or refused, and answer", arguments: 1...4 as ClosedRange<UInt64>)
  func patterns(seed: UInt64) {
    var numbers = SeededNumbers(seed: seed)
    let pieces = [
      "(", ")", "[", "]", "{", "}", "a", "b", "-", "^", "$", "*", "+", "?", "|", "\\", "d", "{1,2}", "{3}", "(?", "(?:",
      "(?<n>", "<",
      ">", "=", "!", ":", "1", "x", "u{41}", "(?i)", "é", "\u{301}", "\\w", "\\b", ".", "[a-z]", "[^", ",",
    ]
    var read = 0
    for _ in 0..<4000 {
      let source = (0..<Int.random(in: 1...12, using: &numbers)).map { _ in pieces.randomElement(using: &numbers) ?? ""
      }
      .joined()
      guard let pattern = try? Pattern(source) else { continue }
      read += 1
      _ = pattern.matchesWhole("ab1 -é[x")
    }
    #expect(read > 200)
  }

  @Test("the deepest expressions fit a quarter of an ordinary stack, even unoptimised")
  func smallStack() async {
    let sources = [
      String(repeating: "(true or 1 == 1 * ", count: 42) + "1" + String(repeating: ")", count: 42),
      String(repeating: "(1 + ", count: 64) + "1" + String(repeating: ")", count: 64),
      String(repeating: "default(a, ", count: 63) + "1" + String(repeating: ")", count: 63),
      (0..<128).map { _ in "1" }.joined(separator: " + "),
    ]
    let finished = await withCheckedContinuation { continuation in
      let thread = Thread {
        for source in sources {
          guard let expression = try? Expression(parsing: source) else { return continuation.resume(returning: false) }
          _ = try? expression.evaluate(in: sample)
          _ = expression.root.text
          _ = expression.hashValue
        }
        continuation.resume(returning: true)
      }
      thread.stackSize = 2 * 1024 * 1024
      thread.start()
    }
    #expect(finished)
  }
}
