import IncidentModel
import Testing

@testable import Playbooks

@Suite("An expression gives a typed value")
struct EvaluationTests {
  @Test(
    "these hold",
    arguments: [
      "true", "not false", "not not true", "1 == 1.0", "70.10 == 70.1", "0.1 + 0.2 == 0.3", "rows[0].rate > 70",
      "rows[0].value == \"false\"", "rows[0].value == 'false'", "rows[0][\"value\"] != 'true'", "status in [403, 409]",
      "status not in [500]", "'ru' in stdout", "trim(stdout) == \"true\"", "json.enabled == false",
      "params.pause and json.enabled == false", "json.enabled or params.pause", "not json.enabled and params.pause",
      "1 < 2 and 2 <= 2 and 3 > 2 and 3 >= 3", "5s < 1m", "params.wait == 5s", "2m == 120s", "1h - 30m == 30m",
      "params.wait * 2 == 10s", "2 * params.wait == 10s", "params.wait / 2 == 2500ms", "1m / 1s == 60",
      "1 + 2 * 3 == 7", "(1 + 2) * 3 == 9", "10 - 2 - 3 == 5", "2 * 3 % 4 == 2", "-params.minutes == -5",
      "1 - -1 == 2", "-(5s) < 0s", "-7 % 3 == -1", "7.5 % 0.2 == 0.1", "1e2 == 100", "'a' + 'b' == 'ab'",
      "steps.disable-trades.row_count - 1 == 0", "steps.disable-trades.row_count == 1", "steps.2-check.done",
      "params['name'] == 'swap'", "json.in == 'word'", "json.ids == [1, 2]", "json.ids != [1, 3]", "[] == []",
      "json.ids[1] == 2", "skipped is absent", "skipped is not null", "nothing is null", "nothing is not absent",
      "skipped.row_count is absent", "skipped[0].x is absent", "nothing.x is absent", "rows[1] is absent",
      "rows[-1] is absent", "rows[1].value is absent", "rows[0].other is absent", "rows[0].none is null",
      "default(skipped, 3) == 3", "default(nothing, 3) == 3", "default(status, 3) == 403",
      "default(rows[9].value, 'x') == 'x'", "length('añb') == 3", "length(rows) == 1", "length(json) == 3",
      "number('70.10') == 70.1", "number(3) == 3", "text(70) == '70'", "text(5s) + '!' == '5s!'",
      "duration('5s') == params.wait", "lower('ÀB') == 'àb'", "upper('a') == 'A'", "contains(log, 'b')",
      "lines(log) == ['a', 'b', 'c']", "length(lines('')) == 0",
      "lines('a\\n\\nb') == ['a', '', 'b']", "'swap-7' matches 'swap-[0-9]+'", "'swap-7x' not matches \"swap-[0-9]+\"",
      "log matches '(?s).*b.*'", "contains(log, '\\n')", "'it\\'s' == \"it's\"", "'\\t' + '\\\\' == \"\\t\\\\\"",
      "[1, 2,] == [1, 2]",
    ])
  func holds(source: String) throws {
    #expect(try Expression(parsing: source).holds(in: sample))
  }

  @Test("a line end is found although it is one character with the carriage return before it")
  func lineEnds() throws {
    #expect(try value("contains(log, '\\n')") == .bool(true))
    #expect(try value("'\\nb' in log") == .bool(true))
    #expect(try value("starts_with(log, 'a')") == .bool(true))
    #expect(try value("starts_with(log, 'b')") == .bool(false))
  }

  @Test("numbers keep all their digits")
  func exactNumbers() throws {
    #expect(try value("rows[0].rate").displayText == "70.10")
    #expect(try value("12345678901234567890.5 + 0.0000000001").displayText == "12345678901234567890.5000000001")
    #expect(try value("1 / 3").displayText == "0." + String(repeating: "3", count: 38))
    #expect(try value("2 / 3").displayText == "0." + String(repeating: "6", count: 37) + "7")
    #expect(try value("1 / 8").displayText == "0.125")
    #expect(try value("1e100 % 7").displayText == "4")
    #expect(
      try value("99999999999999999999999999999999999998 / 99999999999999999999999999999999999999").displayText
        == "0." + String(repeating: "9", count: 38))
    #expect(try value("99999999999999999999999999999999999999 / 1e38 + 1e-38").displayText == "1")
  }

  @Test("a number that cannot be exact is refused, not rounded")
  func inexact() {
    for source in [
      "1e100 + 1e-100", "1e127 * 1e127", "1e-127 * 1e-127", "123456789012345678901 * 123456789012345678901",
      "5s * 1e30", "9999999d * 1000", "1e127 / 1e-10",
    ] {
      #expect(complaint(source).contains("goes beyond what can be calculated exactly"), "\(source)")
    }
  }

  @Test(
    "values of different kinds neither compare nor add up, and the error names kinds and sides",
    arguments: [
      (
        "rows[0].value == false",
        "cannot compare text with a bool: 'rows[0].value' is text and 'false' is a bool; "
          + "to compare texts, write \"false\" in quotes"
      ),
      (
        "status == \"403\"",
        "cannot compare a number with text: 'status' is a number and '\"403\"' is text; "
          + "convert one side with number() or text()"
      ),
      ("5 == 5s", "cannot compare a number with a duration: '5' is a number and '5s' is a duration"),
      (
        "'403' in [403]",
        "cannot compare text with a number: an item of '\"403\"' is text and an item of '[403]' is a number; "
          + "convert one side with number() or text()"
      ),
      ("true < false", "'true' and 'false' are each a bool, which has no order"),
      ("'10' < '9'", "'\"10\"' and '\"9\"' are text and have no order; compare number(…) or duration(…)"),
      (
        "'a' + 1",
        "'+' does not take text and a number: '\"a\"' is text and '1' is a number; convert with number() or text()"
      ),
      ("5s + 1", "'+' does not take a duration and a number: '5s' is a duration and '1' is a number"),
      ("5s * 5s", "'*' does not take a duration and a duration: '5s' is a duration and '5s' is a duration"),
      ("-'a'", "'-' takes a number or a duration, but '\"a\"' is text"),
      ("not 1", "'not' takes true or false, but '1' is a number"),
      ("params.name and true", "'and' takes true or false, but 'params.name' is text"),
      ("false or 'x'", "'or' takes true or false, but '\"x\"' is text"),
      ("status matches '4..'", "'matches' takes text, but 'status' is a number"),
      ("1 in 2", "'in' takes a list, or text in text, but '1' is a number and '2' is a number"),
    ])
  func typed(source: String, message: String) {
    #expect(complaint(source) == message)
  }

  @Test("a list is compared item by item under the same rule")
  func lists() {
    #expect(complaint("json.ids == ['1', '2']").hasPrefix("cannot compare a number with text: an item of 'json.ids'"))
    #expect(complaint("1 in [1, 'x']").hasPrefix("cannot compare a number with text"))
    #expect(complaint("[1] == 1").hasPrefix("cannot compare a list with a number"))
  }

  @Test("absent and null have no value until the expression says what then")
  func vacancies() {
    #expect(
      complaint("skipped.row_count == 1")
        == "'skipped.row_count' is absent; say what then, with 'is absent' or default(skipped.row_count, …)")
    #expect(complaint("rows[0].none > 5").hasPrefix("'rows[0].none' is null; say what then"))
    #expect(complaint("nothing == null").hasPrefix("'nothing' is null"))
    #expect(complaint("skipped != 1").hasPrefix("'skipped' is absent"))
    #expect(complaint("1 + skipped").hasPrefix("'skipped' is absent"))
    #expect(complaint("-nothing").hasPrefix("'nothing' is null"))
    #expect(complaint("not skipped").hasPrefix("'skipped' is absent"))
    #expect(complaint("trim(nothing)").hasPrefix("'nothing' is null"))
    #expect(complaint("skipped in [1]").hasPrefix("'skipped' is absent"))
    #expect(complaint("status in [403, null]").hasPrefix("cannot compare a number with null"))
  }

  @Test("'and' and 'or' look at the right side only where it matters")
  func shortCircuit() throws {
    #expect(try value("false and skipped") == .bool(false))
    #expect(try value("true or skipped") == .bool(true))
    #expect(try value("status is absent or status == 403") == .bool(true))
    #expect(complaint("true and skipped").hasPrefix("'skipped' is absent"))
  }

  @Test(
    "what is taken from the wrong kind of value is an error",
    arguments: [
      ("params.name.first", "'params.name' is text and has no member 'first'"),
      ("rows.value", "'rows' is a list and has no member 'value'; take an item first: rows[0]"),
      ("status[0]", "'status' is a number and has no items"),
      ("rows['a']", "'rows' is a list, so '\"a\"' must be a number, but is text"),
      ("json[0]", "'json' is a map, so '0' must be text, but is a number"),
      ("rows[0.5]", "'0.5' is 0.5, but the items of a list have whole numbers from 0"),
      ("unknown + 1", "unknown name 'unknown'"),
      ("1 / 0", "'1 / 0' divides by zero"),
      ("5s / 0", "'5s / 0' divides by zero"),
      ("5 % (1 - 1)", "'5 % (1 - 1)' divides by zero"),
      (
        "number('5 ')",
        "number(): '\"5 \"' does not spell a number of at most 38 digits; there are spaces around it, use trim() first"
      ),
      ("number('five')", "number(): '\"five\"' does not spell a number of at most 38 digits"),
      ("number(true)", "number(): 'true' must be text, but is a bool"),
      ("duration(5)", "duration(): '5' is a number without a unit; write it as a product, n * 1s"),
      ("duration('5x')", "duration(): '\"5x\"' does not spell a duration such as 500ms, 5s, 10m, 2h or 30d"),
      ("length(5)", "length(): '5' must be text, a list or a map, but is a number"),
      ("contains('a', 1)", "contains(): '1' must be text, but is a number"),
      ("lines(rows)", "lines(): 'rows' must be text, but is a list"),
    ])
  func wrongKind(source: String, message: String) {
    #expect(complaint(source) == message)
  }

  @Test("a condition must be a bool")
  func conditions() throws {
    let expression = try Expression(parsing: "params.name")
    #expect(throws: EvaluationError("'params.name' must be true or false, but is text", expression: "params.name")) {
      try expression.holds(in: sample)
    }
  }

  @Test("an error names the expression as it stands in the file")
  func wholeSource() throws {
    let expression = try Expression(parsing: "  1   /   0 ")
    let error = #expect(throws: EvaluationError.self) { try expression.evaluate(in: sample) }
    #expect(error?.expression == "  1   /   0 ")
  }
}
