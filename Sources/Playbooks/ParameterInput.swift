public import IncidentModel

extension Playbook {
  /// What was given for a run, converted; or everything that is wrong with it.
  public enum ResolvedInput: Sendable {
    /// `params` has a value for every param that was given or has a default.
    case accepted(params: [String: Value], prerequisites: [String: Bool])
    case refused([Problem])
  }

  /// Converts what `--var NAME=TEXT` gave: params by their types, prerequisites as true or false.
  /// Collects every problem: unknown names, texts that do not convert, required params that are missing.
  /// A missing prerequisite is no problem here: the run asks for it, or refuses with its own exit code.
  /// - Parameter open: names of params that are going to be asked for; those are not missing.
  public func resolveInput(_ given: [String: String], open: Set<String> = []) -> ResolvedInput {
    var problems: [Problem] = []
    var values: [String: Value] = [:]
    var answers: [String: Bool] = [:]
    for (name, text) in given.sorted(by: { $0.key < $1.key }) {
      do throws(Problem) {
        if let parameter = params.first(where: { $0.name == name }) {
          values[name] = try parameter.value(of: text)
        } else if prerequisites.contains(where: { $0.id == name }) {
          answers[name] = try answer(text, to: name)
        } else {
          throw unknownName(name)
        }
      } catch {
        problems.append(error)
      }
    }
    for parameter in params where values[parameter.name] == nil && given[parameter.name] == nil {
      if let value = parameter.defaultValue {
        values[parameter.name] = value
      } else if parameter.required, !open.contains(parameter.name) {
        problems.append(missing(parameter))
      }
    }
    return problems.isEmpty ? .accepted(params: values, prerequisites: answers) : .refused(problems)
  }

  /// The params to ask a person for: those with a question and neither a value nor a default, and required ones in
  /// spite of their default. A kill switch asks only for what it cannot do without.
  public func questions(beside given: [String: String]) -> [Parameter] {
    params.filter { parameter in
      guard parameter.ask != nil, given[parameter.name] == nil else { return false }
      return parameter.required || parameter.defaultValue == nil && killSwitch == nil
    }
  }

  private func answer(_ text: String, to name: String) throws(Problem) -> Bool {
    switch text {
    case "true": true
    case "false": false
    default:
      throw Problem(
        "'\(name)' must be true or false, but is '\(text.excerpt)'", advice: "give --var \(name)=true")
    }
  }
}

extension Parameter {
  /// Converts a text to this param's kind and checks it against `choices`, `pattern`, `min` and `max`.
  /// The problem never repeats the text of a secret.
  public func value(of text: String) throws(Problem) -> Value {
    if secret, text.utf8.count < Self.shortestSecret {
      throw Problem(
        "'\(name)' is a secret and has fewer than \(Self.shortestSecret) characters: too few to be told from other text",
        advice: "It could not be hidden. Use a longer one.")
    }
    let value = try converted(text)
    if !choices.isEmpty, !choices.contains(text) {
      let meant = nearMiss(to: text, among: choices)
      throw refusal(
        of: text, "must be one of: \(choices.joined(separator: ", "))", advice: meant.map { "did you mean '\($0)'?" })
    }
    if let pattern, (try? Pattern(pattern).matchesWhole(text)) != true {
      throw refusal(of: text, "must match \(pattern)")
    }
    if case .number(let number) = value {
      if let min, number < min { throw refusal(of: text, "must be at least \(min)") }
      if let max, number > max { throw refusal(of: text, "must be at most \(max)") }
    }
    return value
  }

  /// What is shorter than this cannot be hidden: it stands in too many other words.
  private static let shortestSecret = 4

  private func converted(_ text: String) throws(Problem) -> Value {
    switch kind {
    case .text, .choice: return .text(text)
    case .file:
      guard !text.isEmpty, !text.utf8.contains(0) else { throw refusal(of: text, "must be the path of a file") }
      return .text(text)
    case .bool:
      guard text == "true" || text == "false" else { throw refusal(of: text, "must be true or false") }
      return .bool(text == "true")
    case .number:
      guard let number = Number(text) else { throw refusal(of: text, "must be a number such as 10 or 2.5") }
      return .number(number)
    case .integer:
      guard let number = Number(text), let whole = number.integer, String(whole) == text else {
        throw refusal(of: text, "must be a whole number")
      }
      return .number(number)
    case .duration:
      guard let duration = Duration(playbookText: text) else {
        throw refusal(of: text, "must be a duration such as 500ms, 5s, 10m, 2h or 30d")
      }
      return .duration(duration)
    case .url:
      guard isURL(text) else { throw refusal(of: text, "must be a URL that begins with https:// or http://") }
      return .text(text)
    case .address:
      guard isAddress(text) else { throw refusal(of: text, "must be an address: 0x and 40 hexadecimal digits") }
      return .text(text)
    }
  }

  private func isURL(_ text: String) -> Bool {
    guard let scheme = ["https://", "http://"].first(where: text.lowercased().hasPrefix) else { return false }
    let host = text.dropFirst(scheme.count).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    return !host.isEmpty && text.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7F }
  }

  private func isAddress(_ text: String) -> Bool {
    text.utf8.count == 42 && text.hasPrefix("0x")
      && text.utf8.dropFirst(2).allSatisfy { Words.isDigit($0) || (0x61...0x66).contains($0 | 0x20) }
  }
}

// What is said.
extension Parameter {
  private func refusal(of text: String, _ form: String, advice: String? = nil) -> Problem {
    Problem("'\(name)' \(form), but is \(secret ? "something else" : "'\(text.excerpt)'")", advice: advice)
  }
}

extension Playbook {
  private func unknownName(_ name: String) -> Problem {
    let names = params.map(\.name) + prerequisites.map(\.id)
    let known = names.isEmpty ? "'\(id)' takes no values" : "it takes: \(names.joined(separator: ", "))"
    return Problem(
      "'\(id)' has no param named '\(name)'",
      advice: nearMiss(to: name, among: names).map { "did you mean '\($0)'?" } ?? known)
  }

  private func missing(_ parameter: Parameter) -> Problem {
    Problem(
      "'\(parameter.name)' is required and was not given" + (parameter.ask.map { ": \($0)" } ?? ""),
      advice: parameter.secret
        ? "give --var \(parameter.name)=env:NAME or --var \(parameter.name)=file:PATH"
        : "give --var \(parameter.name)=…")
  }
}
