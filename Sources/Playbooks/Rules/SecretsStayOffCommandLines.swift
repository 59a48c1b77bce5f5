internal import IncidentModel

/// Every user of a machine can read the command lines of its processes.
struct SecretsStayOffCommandLines: PlaybookRule {
  func check(_ playbook: Playbook, report: RuleReport) {
    let secretParams = Set(playbook.params.filter(\.secret).map(\.name))
    for step in report.steps {
      for (action, path) in step.commands { check(action, step, path, secretParams, report) }
      if case .shell(let action) = step.action { check(action, step, secretParams, report) }
    }
  }

  private func check(
    _ action: CommandAction, _ step: Step, _ path: [Spot.PathStep], _ secretParams: Set<String>, _ report: RuleReport
  ) {
    let program = action.arguments.first?.source ?? ""
    for (index, argument) in action.arguments.enumerated() {
      let spot = step.at(path + ["run", .item(index)])
      if let name = argument.secretName(secretParams) {
        report.error(Self.message(about: name), at: spot, hint: Self.advice(for: program))
      } else if let flag = Self.flag(argument.source), Self.comesFromOutside(argument, after: flag, in: action, index) {
        report.error(Self.message(about: "the value of '\(flag)'"), at: spot, hint: Self.advice(for: program))
      }
    }
  }

  /// `--private-key X` and `--private-key=X`, where X is not a fixed text such as the name of a file.
  private static func comesFromOutside(
    _ argument: Template, after flag: String, in action: CommandAction, _ index: Int
  ) -> Bool {
    if argument.source.count > flag.count { return argument.source.dropFirst(flag.count + 1).contains("$") }
    return index + 1 < action.arguments.count && action.arguments[index + 1].source.contains("$")
  }

  private static func flag(_ argument: String) -> String? {
    flags.first { argument == $0 || argument.hasPrefix("\($0)=") }
  }

  private func check(_ action: ShellAction, _ step: Step, _ secretParams: Set<String>, _ report: RuleReport) {
    let secrets = action.environment.filter { $0.value.secretName(secretParams) != nil }.map(\.name)
    for words in action.script.commandLines {
      for (index, word) in words.enumerated() {
        let next = index + 1 < words.count ? words[index + 1] : ""
        let spot = step.at("shell", "run").pointing(to: word)
        if let flag = Self.flag(word), word.contains("$") || next.contains("$") && word == flag {
          report.error(Self.message(about: "the value of '\(flag)'"), at: spot, hint: Self.advice(for: words[0]))
        } else if index > 0, Self.databaseTools.contains(words[0]), Self.namesAURL(word, secrets) {
          report.error(Self.message(about: "a database URL"), at: spot, hint: Self.advice(for: words[0]))
        }
      }
    }
  }

  private static func namesAURL(_ word: String, _ secrets: [String]) -> Bool {
    guard word.contains("$") else { return false }
    let name = word.drop { !$0.isLetter && $0 != "_" }.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
    let capitals = name.uppercased()
    return secrets.contains(String(name)) || ["URL", "DSN", "URI", "CONNECTION"].contains { capitals.contains($0) }
  }

  private static let flags = [
    "--private-key", "--private-keys", "--password", "--passwd", "--mnemonic", "--token", "--secret", "--api-key",
    "--keystore-password",
  ]
  private static let databaseTools: Set<String> = ["psql", "pg_dump", "pg_restore", "pg_dumpall", "mysql", "mongosh"]
}

extension Template {
  /// What it reads that is a secret: a field of a connection, or a param marked so.
  fileprivate func secretName(_ secretParams: Set<String>) -> String? {
    for path in expressions.flatMap(\.references) {
      if path.count > 2, path[0] == "connections", ConnectionBinding.isSecretName(path[2]) {
        return "'\(path.prefix(3).joined(separator: "."))'"
      }
      if path.count > 1, path[0] == "params", secretParams.contains(path[1]) { return "'params.\(path[1])'" }
    }
    return nil
  }
}

extension String {
  /// A shell script, roughly: its commands, each split into words. Quotes stay with their words.
  var commandLines: [[String]] {
    replacing("\\\n", with: " ").split { "\n;|&(){}".contains($0) }
      .map { $0.split { $0 == " " || $0 == "\t" }.map(String.init) }
      .filter { !$0.isEmpty && !$0[0].hasPrefix("#") }
  }
}

// What is said.
extension SecretsStayOffCommandLines {
  private static func message(about name: String) -> String {
    "\(name) is secret and would stand on the command line, where every user of the machine can read it"
  }

  private static func advice(for program: String) -> String {
    let name = program.split(separator: "/").last.map(String.init) ?? program
    switch name {
    case "cast", "forge":
      return "use a keystore: env: {ETH_KEYSTORE_ACCOUNT: …, ETH_PASSWORD: …}, both from the connection"
    case _ where databaseTools.contains(name): return "use an 'sql' action, which connects without a command line"
    case "curl", "wget", "http": return "use an 'http' action, which sends the token without a command line"
    default: return "pass it through 'env' or 'stdin'"
    }
  }
}
