/// One command in a terminal, from its command line to its exit code.
struct Scene {
  /// `andon pull pause-trading`, as a shell reads it.
  let command: String
  /// What is typed, in order.
  let typed: [Typed]

  /// Something that a person types, and what has to stand before the cursor first.
  struct Typed {
    /// How the line of the cursor ends; empty at the beginning of a line, where the line above tells when.
    let cue: String
    let above: String
    /// As it stands between « and »: a line to be entered; or `^C` or `^D`, which need no Enter.
    let text: String

    var endsLine: Bool { !["^C", "^D"].contains(text) }

    var keys: String {
      switch text {
      case "^C": "\u{3}"
      case "^D": "\u{4}"
      default: text + "\n"
      }
    }

    /// What a terminal shows of it by itself.
    var echo: [UInt8] {
      switch text {
      case "^C": Array("^C".utf8)
      case "^D": []
      default: Array("\(text)\r\n".utf8)
      }
    }
  }

  /// - Parameter transcript: the lines below the command line.
  init(command: String, transcript: some Sequence<String>) {
    self.command = command
    var (typed, above) = ([Typed](), "")
    for line in transcript {
      var rest = line[...]
      while let start = rest.firstIndex(of: "«"), let end = rest[start...].firstIndex(of: "»") {
        let text = rest[rest.index(after: start)..<end]
        typed.append(Typed(cue: String(rest[..<start]), above: above, text: String(text)))
        rest = rest[rest.index(after: end)...]
      }
      above = line.hasSuffix(" ↩") ? String(line.dropLast(2)) : line
    }
    self.typed = typed
  }
}
