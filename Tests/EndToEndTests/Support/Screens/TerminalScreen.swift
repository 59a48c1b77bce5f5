import IncidentModel

/// A small terminal: what stays on the screen of all that was written to it. It obeys what andon sends, and refuses
/// everything else.
struct TerminalScreen {
  /// Something that andon never sends; a terminal might do anything with it.
  struct Foreign: Error, CustomStringConvertible {
    let sequence: String
    let after: String
    var description: String { "the terminal was sent '\(sequence.visible)', which andon never sends, after: \(after)" }
  }

  private struct Row {
    /// One entry a column; behind a wide character stands an empty one.
    var cells: [String] = []
    /// The terminal itself broke the line here.
    var continues = false
    var text: String { cells.joined() }
  }

  private let columns: Int
  private var rows = [Row()]
  private var (row, column) = (0, 0)
  private var saved = (row: 0, column: 0)

  init(columns: Int) { self.columns = columns }

  struct Line {
    var text = ""
    /// Wider than the terminal, which broke it.
    var isBroken = false
  }

  /// What stands on it, line by line, as the program wrote them: lines that the terminal broke are whole again.
  var lines: [Line] {
    var lines = [Line()]
    for row in rows {
      lines[lines.count - 1].text += row.text
      if row.continues { lines[lines.count - 1].isBroken = true } else { lines.append(Line()) }
    }
    return lines.dropLast().map { line in
      Line(text: String(line.text.reversed().drop { $0 == " " }.reversed()), isBroken: line.isBroken)
    }
  }

  /// The line that the cursor is in, up to the cursor.
  var cursorLine: String {
    var first = row
    while first > 0, rows[first - 1].continues { first -= 1 }
    let above = rows[first..<row].map(\.text).joined()
    let here = rows[row].cells.prefix(column).joined()
    return above + here + String(repeating: " ", count: max(0, column - rows[row].cells.count))
  }

  /// Writes bytes as a program sends them. A sequence or a character whose end has not come yet is left out.
  mutating func write(_ bytes: some Sequence<UInt8>) throws {
    var rest = String(decoding: Array(bytes), as: UTF8.self).unicodeScalars[...]
    var text = ""
    while let scalar = rest.popFirst() {
      if scalar.value >= 0x20, scalar.value != 0x7F {
        text.unicodeScalars.append(scalar)
        continue
      }
      print(text)
      text = ""
      switch scalar {
      case "\r": column = 0
      case "\n": lineFeed()
      case "\t": print(String(repeating: " ", count: 8 - column % 8))
      case "\u{1B}": try obey(&rest)
      default: throw foreign(String(scalar))
      }
    }
    print(text)
  }

  /// Shows what a person typed, as it stands in a screenplay; it takes no room on the real screen.
  mutating func mark(_ typed: String, endsLine: Bool) {
    for character in "«\(typed)»" { put(String(character), width: 1) }
    guard endsLine else { return }
    lineFeed()
    column = 0
  }

  private mutating func print(_ text: String) {
    for character in text {
      let width = String(character).displayWidth
      if width == 0, column > 0, column <= rows[row].cells.count {
        rows[row].cells[column - 1] += String(character)
        continue
      }
      if column + width > columns {
        rows[row].continues = true
        lineFeed()
        column = 0
      }
      put(String(character), width: width)
    }
  }

  private mutating func put(_ text: String, width: Int) {
    let missing = column + width - rows[row].cells.count
    if missing > 0 { rows[row].cells += [String](repeating: " ", count: missing) }
    rows[row].cells[column] = text
    for place in 1..<max(1, width) { rows[row].cells[column + place] = "" }
    column += width
  }

  private mutating func lineFeed() {
    row += 1
    if row == rows.count { rows.append(Row()) }
  }

  /// What follows an ESC.
  private mutating func obey(_ rest: inout Substring.UnicodeScalarView) throws {
    guard let kind = rest.popFirst() else { return }
    switch kind {
    case "7": saved = (row, column)
    case "8": (row, column) = saved
    case "[": try control(&rest)
    case "]":
      let title = String(rest.prefix { $0 != "\u{7}" && $0 != "\u{1B}" })
      rest = rest.dropFirst(title.unicodeScalars.count)
      guard let end = rest.popFirst() else { return }
      if end == "\u{1B}" { _ = rest.popFirst() }
      guard ["0;", "1;", "2;"].contains(where: title.hasPrefix) else { throw foreign("\u{1B}]\(title)") }
    default: throw foreign("\u{1B}\(kind)")
    }
  }

  /// What follows `ESC [`.
  private mutating func control(_ rest: inout Substring.UnicodeScalarView) throws {
    let parameter = String(rest.prefix { !("@"..."~").contains($0) })
    rest = rest.dropFirst(parameter.unicodeScalars.count)
    guard let end = rest.popFirst() else { return }
    switch (end, parameter) {
    case ("m", _): break
    case ("A", _): row = max(0, row - (Int(parameter) ?? 1))
    case ("K", ""), ("K", "0"): rows[row].cells = Array(rows[row].cells.prefix(column))
    case ("K", "2"): rows[row].cells = []
    case ("s", ""): saved = (row, column)
    case ("u", ""): (row, column) = saved
    // Keeping the title of the window, and giving it back.
    case ("t", "22;2"), ("t", "23;2"): break
    default: throw foreign("\u{1B}[\(parameter)\(end)")
    }
  }

  private func foreign(_ sequence: String) -> Foreign {
    Foreign(sequence: sequence, after: lines.suffix(3).map(\.text).joined(separator: "\n"))
  }
}
