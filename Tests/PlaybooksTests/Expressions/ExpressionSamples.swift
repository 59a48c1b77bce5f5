import IncidentModel

@testable import Playbooks

/// A scope with a little of everything.
let sample = Names([
  "params": .map([
    "pause": .bool(true), "minutes": .number(5), "name": .text("swap"), "wait": .duration(.seconds(5)),
  ]),
  "steps": .map([
    "disable-trades": .map(["row_count": .number(1), "note": .null]),
    "2-check": .map(["done": .bool(true)]),
  ]),
  "rows": .list([.map(["value": .text("false"), "rate": .number(Number("70.10") ?? Number(0)), "none": .null])]),
  "status": .number(403),
  "stdout": .text(" true\r\n"),
  "log": .text("a\r\nb\nc\n"),
  "nothing": .null,
  "skipped": .absent,
  "json": .map(["enabled": .bool(false), "ids": .list([.number(1), .number(2)]), "in": .text("word")]),
])

func value(_ source: String) throws -> Value { try Expression(parsing: source).evaluate(in: sample) }

/// The sentence of the error that evaluating ends in.
func complaint(_ source: String) -> String {
  do {
    let value = try Expression(parsing: source).evaluate(in: sample)
    return "no error, but \(value.displayText)"
  } catch let error as EvaluationError {
    return error.message
  } catch {
    return "not an evaluation error: \(error)"
  }
}

func syntaxError(_ source: String) -> ExpressionSyntaxError? {
  do {
    _ = try Expression(parsing: source)
    return nil
  } catch {
    return error
  }
}

/// Numbers that look random and are the same in every run (SplitMix64).
struct SeededNumbers: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
