internal import Console
internal import IncidentModel

extension Assembly {
  /// Prints a text, or writes it to a file that is not there yet; either ends with a line break.
  /// - Parameter out: the file; `nil` or `-`: it is printed.
  /// - Parameter told: what is said once the file is written, unless JSON is wanted.
  func handOut(_ text: String, to out: String?, asJSON: Bool, told: (String) -> String) throws {
    let endsItsLine = text.utf8.last == UInt8(ascii: "\n")
    guard let out, out != "-" else {
      // A record ends the line itself. `\r\n` is one character, of which the second half goes.
      return screen.record(endsItsLine ? String(decoding: text.utf8.dropLast(), as: UTF8.self) : text)
    }
    try NewFile(path: out).write(endsItsLine ? text : text + "\n")
    screen.record(
      asJSON ? #"{"schema_version":1,"file":\#(Value.text(out).jsonText)}"# : told(out.visible))
  }
}
