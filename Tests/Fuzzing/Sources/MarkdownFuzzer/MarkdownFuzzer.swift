import IncidentModel

@testable import Reporting

/// Whatever a text holds, in a line, a cell, as code and in a fence: it stays where it was put, and nothing in it is
/// markup, HTML or a mark of a generated block.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
  let text = String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
  let line = Markdown.inline(text)
  checkLine(line)
  precondition(!beginsBlock(line), "begins a block: \(line)")
  let cell = Markdown.cell(text)
  precondition(!cell.isEmpty, "an empty cell")
  checkLine(cell)
  let code = Markdown.code(text)
  if code.unicodeScalars.first == "`" {
    let inside = code.unicodeScalars.dropFirst().dropLast()
    precondition(code.unicodeScalars.last == "`" && inside.allSatisfy { !"`|<&\n\r".unicodeScalars.contains($0) }, code)
  } else {
    checkLine(code)
  }
  checkFence(Markdown.fenced(text))
  return 0
}

/// One line, and every sign of Markdown and HTML in it taken out of force.
private func checkLine(_ line: String) {
  precondition(line.visible == line, "acts on a terminal: \(line)")
  var isEscaped = false
  for scalar in line.unicodeScalars {
    if isEscaped {
      isEscaped = false
    } else if scalar == "\\" {
      isEscaped = true
    } else {
      precondition(!"`*[]|~$<>".unicodeScalars.contains(scalar), "'\(scalar)' is in force: \(line)")
    }
  }
  precondition(!isEscaped, "the last sign takes what follows out of force: \(line)")
  for part in line.split(separator: "&", omittingEmptySubsequences: false).dropFirst() {
    precondition(["amp;", "lt;", "gt;"].contains { part.unicodeScalars.starts(with: $0.unicodeScalars) }, line)
  }
}

private func beginsBlock(_ line: String) -> Bool {
  let scalars = line.unicodeScalars
  guard let first = scalars.first else { return false }
  if "#+-=> ".unicodeScalars.contains(first) { return true }
  let rest = scalars.drop { ("0"..."9").contains($0) }
  return rest.count < scalars.count && (rest.first == "." || rest.first == ")")
}

private func checkFence(_ block: String) {
  let lines = block.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
  let fence = lines[0].prefix { $0 == "`" }
  precondition(lines.count >= 3 && fence.count >= 3 && lines.last.map { $0.elementsEqual(fence) } == true, block)
  for line in lines.dropFirst().dropLast() {
    let inner = line.drop { $0 == " " }.prefix { $0 == "`" }
    precondition(inner.count < fence.count, "closed from inside: \(block)")
  }
  precondition(block.visible(keepingLineBreaks: true) == block, "acts on a terminal: \(block)")
  precondition(!block.unicodeScalars.elementsEqual("<!--".unicodeScalars) && !block.utf8Contains("<!--"), block)
}

extension String {
  fileprivate func utf8Contains(_ part: String) -> Bool {
    let (all, wanted) = (Array(utf8), Array(part.utf8))
    return all.count >= wanted.count && (0...(all.count - wanted.count)).contains { all[$0...].starts(with: wanted) }
  }
}
