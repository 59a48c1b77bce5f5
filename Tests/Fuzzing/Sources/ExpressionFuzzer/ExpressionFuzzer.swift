import IncidentModel

@testable import Playbooks

private let names = Names([
  "params": .map(["pause": .bool(true), "minutes": .number(5), "name": .text("swap"), "wait": .duration(.seconds(5))]),
  "steps": .map(["look": .map(["row_count": .number(1), "note": .null])]),
  "rows": .list([.map(["value": .text("false"), "rate": .number(Number("70.10") ?? Number(0))])]),
  "stdout": .text(" true\r\n"), "nothing": .null, "skipped": .absent,
])

/// Any text is an expression, a template and a pattern, or is refused with a place; what is read has a value or an
/// error, and is the same when it is written out and read again.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
  let source = String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
  do {
    let expression = try Expression(parsing: source)
    let again = try? Expression(parsing: expression.root.text)
    precondition(again?.root == expression.root, "not the same when read again: \(expression.root.text)")
    _ = try? expression.evaluate(in: names)
  } catch { precondition((0...source.count).contains(error.offset), "points outside: \(error)") }
  do {
    let template = try Template(parsing: source)
    _ = try? template.text(in: names)
  } catch { precondition((0...source.count).contains(error.offset), "points outside: \(error)") }
  let parts = source.split(separator: "\n", maxSplits: 1).map(String.init)
  if let first = parts.first, let pattern = try? Pattern(first) { _ = pattern.matchesWhole(parts.last ?? "") }
  return 0
}
