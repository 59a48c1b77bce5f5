import IncidentModel
import Testing

@testable import Playbooks

@Suite("A text that is no expression is refused at the right place")
struct ExpressionSyntaxTests {
  @Test(
    "the message says what is wrong, the offset where, the hint what was meant",
    arguments: [
      ("", "an expression is missing here", 0, nil),
      ("  ", "an expression is missing here", 2, nil),
      ("a = b", "'=' is not an operator here", 2, "did you mean '=='?"),
      ("a && b", "'&&' is not an operator here", 2, "did you mean 'and'?"),
      ("a || b", "'||' is not an operator here", 2, "did you mean 'or'?"),
      ("!a", "'!' is not an operator here", 0, "did you mean 'not'?"),
      ("a <> b", "'<>' is not an operator here", 2, "did you mean '!='?"),
      ("${a}", "'$' has no meaning here", 0, "names stand bare in an expression: params.x"),
      ("a == “x”", "'“' has no meaning here", 5, "text stands in \" or '"),
      ("größe", "'ö' has no meaning here", 2, "names are made of a-z, A-Z, 0-9 and _; put text into quotes"),
      ("a == \"x", "this text has no closing \"", 5, nil),
      ("'a\\d'", "unknown escape '\\d'", 2, "for a backslash itself, write \\\\"),
      ("a ==", "expected a value, found the end", 4, nil),
      ("a b", "expected the end of the expression, found 'b'", 2, nil),
      ("a adn b", "expected the end of the expression, found 'adn'", 2, "did you mean 'and'?"),
      ("a == 1 b", "expected the end of the expression, found 'b'", 7, nil),
      ("(a", "this bracket has no closing ')'", 0, nil),
      ("(a]", "expected ')', found ']'", 2, nil),
      ("a[", "expected a value, found the end", 2, nil),
      ("[1, 2", "this bracket has no closing ']'", 0, nil),
      ("a.", "a name must follow the dot", 1, "write an odd key in brackets: map[\"key\"]"),
      ("a < b < c", "comparisons do not chain", 6, "join them with 'and'"),
      ("a == b == c", "comparisons do not chain", 7, "join them with 'and'"),
      ("a is null + 1", "expected the end of the comparison, found '+'", 10, nil),
      ("a == not b", "'not' is looser than the operator before it", 5, "put brackets around it: (not x)"),
      ("a is empty", "expected 'absent' or 'null' after 'is', found 'empty'", 5, "compare values with '==' or '!='"),
      ("a == absent", "'absent' stands after 'is' only", 5, "write 'x is absent'"),
      ("lenght(a)", "there is no function 'lenght'", 0, "did you mean 'length'?"),
      ("a.length()", "expected the end of the expression, found '('", 8, "functions stand in front: length(x)"),
      ("length()", "length(x) takes one value, not 0", 0, nil),
      ("default(a)", "default(x, y) takes 2 values, not 1", 0, nil),
      (
        "5x", "'5x' is neither a number nor a duration", 0,
        "durations are a whole number and ms, s, m, h or d; put text into quotes"
      ),
      (
        "1.5s", "'1.5s' is neither a number nor a duration", 0,
        "durations are a whole number and ms, s, m, h or d; put text into quotes"
      ),
      ("007", "'007' is neither a number nor a duration", 0, "numbers have at most 38 digits and no leading zero"),
      (
        "0x0bad", "'0x0bad' is neither a number nor a duration", 0,
        "durations are a whole number and ms, s, m, h or d; put text into quotes"
      ),
      ("a matches b", "expected a pattern in quotes after 'matches', found 'b'", 10, nil),
      ("a matches '('", "this pattern cannot be read: a '(' has no closing ')'", 10, nil),
      ("👩‍🚒é ^ a", "'👩' has no meaning here", 0, nil),
      ("'👩‍🚒é' ^ a", "'^' has no meaning here", 5, nil),
      ("a \u{7} b", "'U+7' has no meaning here", 2, nil),
    ] as [(String, String, Int, String?)])
  func pointsAtTheMistake(source: String, message: String, offset: Int, hint: String?) {
    #expect(syntaxError(source) == ExpressionSyntaxError(message, offset: offset, hint: hint))
  }

  @Test("every name it reads is listed once, outermost first")
  func references() throws {
    func references(_ source: String) throws -> [[String]] { try Expression(parsing: source).references }
    #expect(try references("steps.disable-trades.row_count == 1") == [["steps", "disable-trades", "row_count"]])
    #expect(try references("rows[0].value == params.x") == [["rows"], ["params", "x"]])
    #expect(try references("params[\"a\"].b or params.a.b") == [["params", "a", "b"]])
    #expect(try references("steps[params.which].done") == [["steps"], ["params", "which"]])
    #expect(
      try references("default(a.b, length([c, -d])) is not null and not (e matches 'x')")
        == [["a", "b"], ["c"], ["d"], ["e"]])
    #expect(try references("1 + 2").isEmpty)
  }

  @Test("a dash belongs to a name after a dot and is a minus elsewhere")
  func dashes() throws {
    #expect(try Expression(parsing: "steps.a-b.c").references == [["steps", "a-b", "c"]])
    #expect(try Expression(parsing: "steps.a - b").references == [["steps", "a"], ["b"]])
    #expect(try Expression(parsing: "a-b").references == [["a"], ["b"]])
    #expect(try Expression(parsing: "steps.a- b").references == [["steps", "a"], ["b"]])
  }

  @Test("words of the language are names like all others after a dot")
  func wordsAsMembers() throws {
    #expect(try Expression(parsing: "a.in.is.not.and.null").references == [["a", "in", "is", "not", "and", "null"]])
  }

  @Test(
    "written out and read again, an expression is the same",
    arguments: [
      "a.b-c[0].d[\"e f\"]", "not (a and b) or not c and d", "(a or b) and c", "-(1 + 2) * 3 - (4 - 5)", "-(-a)",
      "1 - (2 - 3)", "a / (b * c) % d", "(a == b) == c", "not a == b", "(not a) == b", "a in [1, \"x\\n\", 5s, null]",
      "not (a in b)", "a matches \"\\\\d+\"", "(a is not null) == (b is absent)", "default(x, \"\\\"'\\\\\")",
      "(-a).b", "(a + b)[c]", "(a and b) is null", "a and (b and c)", "a or (b or c)", "(a == b) + 1 == 2",
    ])
  func writtenOut(source: String) throws {
    let node = try Expression(parsing: source).root
    #expect(try Expression(parsing: node.text).root == node)
  }

  @Test("depth, length and number of operations are bounded")
  func bounds() throws {
    let deep = { (count: Int) in String(repeating: "(", count: count) + "1" + String(repeating: ")", count: count) }
    #expect(try value(deep(64)) == .number(1))
    #expect(syntaxError(deep(65))?.message == "an expression nests at most 64 levels deep")
    #expect(syntaxError(deep(65))?.offset == 64)
    #expect(syntaxError(String(repeating: "(", count: 4000))?.message == "an expression nests at most 64 levels deep")
    #expect(syntaxError(String(repeating: "[", count: 4000))?.message == "an expression nests at most 64 levels deep")
    #expect(syntaxError(String(repeating: "- ", count: 2000))?.message == "an expression nests at most 64 levels deep")
    #expect(
      syntaxError(String(repeating: "not ", count: 1000))?.message == "an expression nests at most 64 levels deep")
    #expect(
      syntaxError("a" + String(repeating: "[b", count: 1000))?.message == "an expression nests at most 64 levels deep")

    let chain = { (count: Int) in Array(repeating: "1", count: count + 1).joined(separator: "+") }
    #expect(try value(chain(128)) == .number(129))
    #expect(syntaxError(chain(129))?.message == "an expression has at most 128 operations")
    #expect(
      syntaxError("a" + String(repeating: ".b", count: 2000))?.message == "an expression has at most 128 operations")
    #expect(
      syntaxError(String(repeating: " ", count: 4096) + "1")?.message
        == "an expression has at most 4096 bytes, this one has 4097")

    let list = "1 in [" + Array(repeating: "1", count: 2000).joined(separator: ",") + "]"
    #expect(try value(list) == .bool(true))
  }

  @Test("the functions in the table can all be called by their signature")
  func functions() throws {
    for function in ExpressionFunction.allCases {
      #expect(try Expression(parsing: function.signature).references.count == function.arity)
      #expect(function.summary.hasSuffix(".") || function.summary.hasSuffix(")."), "\(function)")
    }
  }
}
