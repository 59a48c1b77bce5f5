import IncidentModel
import Testing

@testable import Playbooks

@Suite("A template holds places for values")
struct TemplateTests {
  private func text(_ source: String) throws -> String { try Template(parsing: source).text(in: sample) }

  private func error(_ source: String) -> ExpressionSyntaxError? {
    do {
      _ = try Template(parsing: source)
      return nil
    } catch {
      return error
    }
  }

  @Test(
    "places are filled in, everything else stays as it is",
    arguments: [
      ("", ""), ("plain", "plain"), ("a ${params.name} b", "a swap b"), ("${params.name}${status}", "swap403"),
      ("$5 and 100%", "$5 and 100%"), ("$", "$"), ("$$", "$$"), ("$name {x}", "$name {x}"),
      ("$${params.name}", "${params.name}"),
      ("$$${params.name}", "$${params.name}"), ("costs $${} ${status}", "costs ${} 403"), ("${ status }", "403"),
      ("${'}'}!", "}!"), ("${\"{\\\"}\"}!", "{\"}!"), ("${'${x}'}!", "${x}!"), ("é👩‍🚒${status}é", "é👩‍🚒403é"),
      ("${json}!", "{\"enabled\":false,\"ids\":[1,2],\"in\":\"word\"}!"), ("${params.wait}.", "5s."),
      ("${nothing}.", "null."),
    ])
  func filled(source: String, wanted: String) throws {
    #expect(try text(source) == wanted)
    #expect(try Template(parsing: source).source == source)
  }

  @Test("a value is never read as a template again")
  func onePass() throws {
    let names = Names(["a": .text("${b}"), "b": .text("secret")])
    #expect(try Template(parsing: "x ${a}").text(in: names) == "x ${b}")
  }

  @Test("one place alone keeps the type of its value")
  func typed() throws {
    #expect(try Template(parsing: "${status}").value(in: sample) == .number(403))
    #expect(try Template(parsing: "${skipped}").value(in: sample) == .absent)
    #expect(try Template(parsing: " ${status}").value(in: sample) == .text(" 403"))
    #expect(try Template(parsing: "").value(in: sample) == .text(""))
  }

  @Test("a place without a value is an error, not an empty text")
  func absent() throws {
    let template = try Template(parsing: "x ${skipped.name}")
    #expect(throws: EvaluationError("'skipped.name' has no value here", expression: "skipped.name")) {
      try template.text(in: sample)
    }
  }

  @Test("the encoding is applied to values, not to what stands around them")
  func encoded() throws {
    #expect(try Template(parsing: "<${params.name}>").text(in: sample) { "[\($0)]" } == "<[swap]>")
  }

  @Test(
    "mistakes are pointed at from the start of the whole text",
    arguments: [
      ("ab ${x", "this '${' has no closing '}'", 3, "for the characters themselves, write '$${'"),
      ("é ${'x}", "this '${' has no closing '}'", 2, "for the characters themselves, write '$${'"),
      ("a ${}", "this place names no value", 2, "write a name into it: ${params.x}"),
      ("a ${  }", "this place names no value", 2, "write a name into it: ${params.x}"),
      ("é ${ a = b }", "'=' is not an operator here", 7, "did you mean '=='?"),
      ("${a} ${b.}", "a name must follow the dot", 8, "write an odd key in brackets: map[\"key\"]"),
      ("${a{b}}", "'{' has no meaning here", 3, "names stand bare in an expression: params.x"),
    ])
  func mistakes(source: String, message: String, offset: Int, hint: String?) {
    #expect(error(source) == ExpressionSyntaxError(message, offset: offset, hint: hint))
  }

  @Test("a large text is read in one go")
  func large() throws {
    let source = String(repeating: "line with ${status} and $ and $${\n", count: 20_000)
    #expect(try Template(parsing: source).expressions.count == 20_000)
  }
}
