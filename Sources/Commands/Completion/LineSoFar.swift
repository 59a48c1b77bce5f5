internal import ArgumentParser
internal import Foundation

/// The command line that is being completed, without the word that the cursor is in.
struct LineSoFar {
  /// Each as the shell will hand it over.
  let words: [String]

  /// - Parameters:
  ///   - typed: as the shells pass them: verbatim, with quotes and backslashes, the program first.
  ///   - index: the place of the word that is being completed.
  init(typed: [String], completing index: Int) {
    let home = ProcessInfo.processInfo.environment["HOME"]
    words = typed.enumerated().filter { $0.offset != index }.map { $0.element.unquoted(home: home) }
  }

  /// Where the names come from: the folders that the line gives, else those that every command uses.
  /// `nil` for a line that no command would accept.
  var assembly: Assembly? {
    let given = ["--state", "--playbooks"].compactMap { option in value(of: option).map { "\(option)=\($0)" } }
    return (try? GlobalOptions.parse(given)).map { Assembly($0) }
  }

  /// The last one given, as for the command itself. bash splits at `=`, the others do not.
  private func value(of option: String) -> String? {
    var value: String?
    for (place, word) in words.enumerated() {
      if word.hasPrefix(option + "=") { value = String(word.dropFirst(option.count + 1)) }
      if word == option { value = words.dropFirst(place + 1).first { $0 != "=" } ?? value }
    }
    return value
  }
}

extension String {
  /// Without quotes and backslashes, and with a leading `~` spelled out. What else a shell would expand stays.
  fileprivate func unquoted(home: String?) -> String {
    var (result, quote, isEscaped) = ("", nil as Character?, false)
    for character in self {
      if isEscaped {
        result.append(character)
        isEscaped = false
      } else if character == "\\", quote != "'" {
        isEscaped = true
      } else if character == quote {
        quote = nil
      } else if quote == nil, character == "'" || character == "\"" {
        quote = character
      } else {
        result.append(character)
      }
    }
    guard let home, self == "~" || hasPrefix("~/") else { return result }
    return home + result.dropFirst()
  }
}
