import IncidentModel

/// Whatever the bytes: nothing that acts or hides is left, by what Unicode itself says of each character; and what was
/// shown once stays as it is.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
  let text = String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
  for keeping in [false, true] {
    let shown = text.visible(keepingLineBreaks: keeping)
    for scalar in shown.unicodeScalars {
      precondition(!acts(scalar, keeping) && !hides(scalar), "U+\(String(scalar.value, radix: 16)) is left")
    }
    precondition(shown.visible(keepingLineBreaks: keeping) == shown, "shown twice is something else")
    if text.unicodeScalars.allSatisfy({ (" "..."~").contains($0) }) {
      precondition(shown == text, "changed needlessly")
    }
  }
  return 0
}

private func acts(_ scalar: Unicode.Scalar, _ keepsLineBreaks: Bool) -> Bool {
  if keepsLineBreaks, scalar == "\n" || scalar == "\t" { return false }
  switch scalar.properties.generalCategory {
  case .control, .lineSeparator, .paragraphSeparator: return true
  default: return scalar.properties.isBidiControl
  }
}

/// Invisible, but for what joins pictures into one and says how one is drawn.
private func hides(_ scalar: Unicode.Scalar) -> Bool {
  scalar.properties.isDefaultIgnorableCodePoint && !["\u{200D}", "\u{FE0E}", "\u{FE0F}"].contains(scalar)
}
