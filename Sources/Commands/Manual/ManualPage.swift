internal import IncidentModel

/// The page of one command for `man`, written from what its help says.
struct ManualPage {
  private let command: CommandTree
  private let parent: CommandTree?

  init(_ command: CommandTree, parent: CommandTree?) {
    self.command = command
    self.parent = parent
  }

  /// `andon-playbook-list`
  static func name(_ command: CommandTree) -> String { command.words.joined(separator: "-") }

  var fileName: String { "\(Self.name(command)).1" }

  var text: String {
    var page = Roff()
    page.call("TH", Self.name(command).uppercased(), "1", "", "andon \(andonVersion)", "Andon")
    // Names of commands are not hyphenated, and lines not filled with blanks.
    page.call("nh")
    page.call("ad", "l")
    page.call("SH", "NAME")
    page.line("\(Self.name(command)) - \(command.abstract ?? "")")
    page.call("SH", "SYNOPSIS")
    page.line(synopsis)
    describe(&page)
    if !command.children.isEmpty {
      page.call("SH", "COMMANDS")
      for child in command.children { page.item([("B", Self.name(child)), ("R", "(1)")], child.abstract ?? "") }
    }
    page.call("SH", "OPTIONS")
    for option in command.options { page.item(heading(of: option), explanation(of: option)) }
    if parent == nil { Surroundings.write(to: &page) }
    page.call("SH", "SEE ALSO")
    let related = (parent.map { [$0] } ?? []) + command.children
    page.line(related.map { "\(Self.name($0))(1)" }.joined(separator: ", "))
    return page.text
  }

  private var synopsis: [(String, String)] {
    var parts = [("B", command.words.joined(separator: " "))]
    for argument in command.positionals {
      let word = (argument.valueName ?? "").uppercased() + (argument.isRepeating ? "..." : "")
      parts += argument.isOptional ? [("R", " ["), ("I", word), ("R", "]")] : [("R", " "), ("I", word)]
    }
    if !command.children.isEmpty { parts += [("R", " "), ("I", "COMMAND")] }
    return parts + [("R", " ["), ("I", "OPTION"), ("R", "]...")]
  }

  /// Examples stand last in every help; here they get a section of their own.
  private func describe(_ page: inout Roff) {
    let discussion = command.discussion ?? ""
    let examples = discussion.firstRange(of: "Examples:\n") ?? discussion.firstRange(of: "Example:\n")
    let description = discussion[..<(examples?.lowerBound ?? discussion.endIndex)]
    if !description.isEmpty || !command.positionals.isEmpty {
      page.call("SH", "DESCRIPTION")
      page.prose(String(description))
      for argument in command.positionals {
        page.item([("I", (argument.valueName ?? "").uppercased())], explanation(of: argument))
      }
    }
    guard let examples else { return }
    page.call("SH", "EXAMPLES")
    page.prose(String(discussion[examples.upperBound...]))
  }

  private func heading(of option: CommandTree.Argument) -> [(String, String)] {
    let names = (option.names ?? []).map { [("B", $0.text)] }.joined(separator: [("R", ", ")])
    return Array(names) + (option.kind == "option" ? [("R", " "), ("I", (option.valueName ?? "").uppercased())] : [])
  }

  private func explanation(of argument: CommandTree.Argument) -> String {
    let standard = argument.defaultValue.map { " Default: \($0)." } ?? ""
    return (argument.abstract ?? "") + standard
  }
}

extension Roff {
  /// A term, and what it means, indented below it.
  mutating func item(_ term: [(font: String, text: String)], _ meaning: String) {
    call("TP")
    line(term)
    line(meaning)
  }
}
