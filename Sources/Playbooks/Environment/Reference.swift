/// Where a value of an environment file comes from.
public enum Reference: Sendable, Hashable {
  /// It stands in the file.
  case literal(String)
  /// `env:NAME`: an environment variable.
  case env(String)
  /// `file:PATH`: the contents of a file.
  case file(String)
  /// `command:[pass, show, x]`, or `{command: [pass, show, x]}`: what a program prints.
  case command([String])

  /// Reads the text form. `nil`: it begins like a reference, but is none.
  init?(text: String) {
    if let name = text.rest(after: "env:") {
      guard Words.isIdentifier(name) else { return nil }
      self = .env(name)
    } else if let path = text.rest(after: "file:") {
      guard !path.isEmpty else { return nil }
      self = .file(path)
    } else if let list = text.rest(after: "command:") {
      guard let arguments = Self.arguments(list) else { return nil }
      self = .command(arguments)
    } else {
      self = .literal(text)
    }
  }

  /// `[pass, show, "x y"]`
  private static func arguments(_ list: String) -> [String]? {
    let text = list.drop { $0 == " " }
    guard text.first == "[", text.last == "]" else { return nil }
    var arguments: [String] = []
    for part in text.dropFirst().dropLast().split(separator: ",", omittingEmptySubsequences: false) {
      let word = part.trimming(" ")
      let quoted = word.count >= 2 && word.first == word.last && (word.first == "\"" || word.first == "'")
      let argument = quoted ? String(word.dropFirst().dropLast()) : String(word)
      guard !argument.isEmpty else { return nil }
      arguments.append(argument)
    }
    return arguments.isEmpty ? nil : arguments
  }
}

extension String {
  fileprivate func rest(after prefix: String) -> String? {
    hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
  }
}

extension Substring {
  fileprivate func trimming(_ blank: Character) -> Substring {
    var text = drop { $0 == blank }
    while text.last == blank { text = text.dropLast() }
    return text
  }
}
