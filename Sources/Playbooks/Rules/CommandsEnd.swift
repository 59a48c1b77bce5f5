internal import IncidentModel

/// `tail -f` never ends; as a step it runs into its time limit and fails.
struct CommandsEnd: PlaybookRule {
  func check(_ playbook: Playbook, report: RuleReport) {
    for step in report.steps {
      for (action, path) in step.commands {
        if let program = Self.endless(action.arguments.map(\.source)) { warn(program, step.at(path + ["run"]), report) }
      }
      guard case .shell(let action) = step.action else { continue }
      for words in action.script.commandLines {
        if let program = Self.endless(words) {
          warn(program, step.at("shell", "run").pointing(to: words[0]), report)
          break
        }
      }
    }
  }

  private func warn(_ command: String, _ spot: Spot, _ report: RuleReport) {
    report.warning("'\(command)' does not end by itself", at: spot, hint: "look again and again with 'monitor'")
  }

  static func endless(_ words: [String]) -> String? {
    guard let program = words.first?.split(separator: "/").last.map(String.init) else { return nil }
    let flags = words.dropFirst().filter { $0.hasPrefix("-") }
    let follows = flags.contains { $0 == "-f" || $0 == "-F" || $0 == "--follow" || $0.hasPrefix("--follow=") }
    switch program {
    case "watch", "top", "htop", "less", "more", "yes": return program
    case "tail", "journalctl": return follows ? "\(program) -f" : nil
    case "kubectl", "docker", "podman", "heroku", "fly", "vercel", "supabase":
      return follows && words.contains("logs") ? "\(program) logs -f" : nil
    case "ping": return flags.contains { $0.hasPrefix("-c") || $0.hasPrefix("-w") } ? nil : "ping"
    default: return nil
    }
  }
}
