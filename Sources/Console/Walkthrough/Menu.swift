/// The choices at a prompt, each by one letter.
struct Menu {
  struct Item {
    let key: String
    let label: String
    /// What it does, for `?`.
    let help: String

    init(_ key: String, _ label: String, _ help: String) {
      self.key = key
      self.label = label
      self.help = help
    }
  }

  let items: [Item]

  func lines(width: Int) -> [String] {
    Paragraph.joined(items.map { "[\($0.key)] \($0.label)" } + ["[?] help"], by: "   ", width: width)
  }

  func helpLines(width: Int) -> [String] {
    items.flatMap { Paragraph.lines("  [\($0.key)] \($0.help)", width: width, indent: 6) }
      + Paragraph.lines("  Type the letter and Enter. Enter alone never does anything.", width: width, indent: 2)
  }

  func holds(_ key: String) -> Bool { items.contains { $0.key == key } }
}

extension Menu.Item {
  static let skip = Menu.Item("s", "skip (reason)", "leave it out; the reason goes into the record")
  static let escalate = Menu.Item("e", "escalate", "who to call next, with the number; goes into the record")
  static let details = Menu.Item("d", "details", "every step of this run and where it stands")
  static let leave = Menu.Item("q", "leave open", "nothing is lost: andon resume goes on from here")
  static let abort = Menu.Item("a", "abort (reason)", "end the run here for good; what was done stays done")
  static let note = Menu.Item("n", "note", "a line for the timeline")
  /// Where `n` means no.
  static let noteByPlus = Menu.Item("+", "note", "a line for the timeline")
}
