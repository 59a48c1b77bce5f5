/// Text for `man`, in the macros that every man understands.
struct Roff {
  private(set) var text = ""

  /// A macro with its arguments: `.SH EXAMPLES`.
  mutating func call(_ name: String, _ arguments: String...) {
    let words = arguments.map { Self.escaped($0).replacing("\"", with: "\\(dq") }
    let quoted = words.map { $0.isEmpty || $0.contains(" ") ? "\"\($0)\"" : $0 }
    text += ([".\(name)"] + quoted).joined(separator: " ") + "\n"
  }

  /// A line of running text.
  mutating func line(_ line: String) { text += Self.guarded(Self.escaped(line)) + "\n" }

  /// A line of parts in bold, italic (`I`), or as it stands (`R`).
  mutating func line(_ parts: [(font: String, text: String)]) {
    text += Self.guarded(parts.map { "\\f\($0.font)\(Self.escaped($0.text))\\fR" }.joined()) + "\n"
  }

  /// Text as it is written in help: paragraphs between empty lines; what is indented keeps its lines.
  mutating func prose(_ prose: String) {
    for paragraph in prose.split(separator: "\n\n") {
      call("PP")
      var isLiteral = false
      for line in paragraph.split(separator: "\n") {
        let isIndented = line.first == " "
        if isIndented != isLiteral { text += isIndented ? ".RS 4\n.nf\n" : ".fi\n.RE\n" }
        isLiteral = isIndented
        self.line(String(line.drop { $0 == " " }))
      }
      if isLiteral { text += ".fi\n.RE\n" }
    }
  }

  /// Nothing in it is read as a request, and what is typed can be copied: `-` stays the one of the keyboard.
  private static func escaped(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "") { result, scalar in
      switch scalar {
      case "\\": result += "\\e"
      case "-": result += "\\-"
      case _ where scalar.isASCII: result.unicodeScalars.append(scalar)
      default:
        let digits = String(scalar.value, radix: 16, uppercase: true)
        result += "\\[u\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits)]"
      }
    }
  }

  /// A line that begins like a request is none.
  private static func guarded(_ line: String) -> String {
    line.hasPrefix(".") || line.hasPrefix("'") ? "\\&" + line : line
  }
}
