internal import ArgumentParser
internal import Console
internal import Engine
internal import IncidentModel
internal import Reporting

struct IncidentRoleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "role", abstract: "Who leads, who writes, who tells the others.",
    usage: "andon incident role [INC] [lead|scribe|communications [NAME]] [--none] [--why TEXT]",
    discussion: """
      Without a role it shows who has which. Without a name it is you.

      Examples:
        andon incident role
        andon incident role lead
        andon incident role INC-42 communications lee
        andon incident role INC-42 scribe --none
      """)

  @Argument(
    help: "INC-1, a role and a name; what is missing is the open incident, and you.", completion: .openIncidents)
  var words: [String] = []

  @Flag(help: "Nobody has the role any more.")
  var none = false

  @Option(help: ArgumentHelp("Why it changes.", valueName: "TEXT"))
  var why: String?

  @OptionGroup var global: GlobalOptions

  func run() throws {
    let assembly = Assembly(global)
    let (incident, rest) = TypedText.afterIncident(words)
    guard let word = rest.first else {
      let atHand = try IncidentAtHand(incident, assembly)
      let state = try atHand.state()
      return try atHand.show(
        state, "\(state.id) \(state.title.visible)", IncidentCard(state).roles(assembly.textOptions))
    }
    let role = try role(word)
    let name = try rest.count > 1 ? TypedText.line(rest.dropFirst().joined(separator: " "), "the name") : nil
    if none, let name {
      throw CommandFailure(.usage, "--none clears the role, and '\(name)' was named", advice: "Leave one of them out.")
    }
    let person = none ? "" : name ?? assembly.actor
    let reason = try why.map { try TypedText.line($0, "--why") }
    let atHand = try IncidentAtHand(incident, assembly)
    let state = try atHand.record { known in
      if (known.roles[role] ?? "") == person { return [] }
      return [.roleAssigned(RoleAssignment(role: role, person: person, why: reason))]
    }
    try atHand.show(
      state, person.isEmpty ? "\(state.id) has no \(role.rawValue)" : "\(state.id) \(role.rawValue): \(person.visible)")
  }

  private func role(_ word: String) throws -> Role {
    if let role = Role(rawValue: word.lowercased()) { return role }
    let names = Role.allCases.map(\.rawValue)
    let meant = nearMiss(to: word, among: names).map { "Did you mean '\($0)'?" }
    throw CommandFailure(
      .usage, "'\(word)' is not a role; there are \(names.joined(separator: ", "))",
      advice: meant ?? "For example: andon incident role lead dana")
  }
}
