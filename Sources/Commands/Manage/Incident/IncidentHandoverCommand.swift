internal import ArgumentParser
internal import Console
internal import Engine
internal import Foundation
internal import IncidentModel
internal import Journaling

struct IncidentHandoverCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "handover",
    abstract: "Hand a run, or a whole incident, over to somebody else.",
    discussion: """
      Whoever drives the run lets go of it within a second, after the step that is running, and nothing is lost: the \
      other person goes on with 'andon resume'. Handing an incident over makes that person its lead and hands over \
      every run of it that is open.

      Examples:
        andon incident handover RUN-107 --to lee
        andon incident handover INC-42 --to lee --why "end of my shift"
      """)

  @Argument(help: "RUN-1 or INC-1. Not needed when only one incident is open.", completion: .records)
  var id: String?

  @Option(help: ArgumentHelp("Who takes it.", valueName: "NAME"))
  var to: String

  @Option(help: ArgumentHelp("What they should know.", valueName: "TEXT"))
  var why: String?

  @OptionGroup var global: GlobalOptions

  func run() throws {
    let assembly = Assembly(global)
    assembly.hideKnownSecrets()
    let person = to.trimmingCharacters(in: .whitespacesAndNewlines)
    if person.isEmpty { throw CommandFailure(.usage, "--to is empty", advice: "Name who takes it: --to lee") }
    let reader = try assembly.openReader()
    let journal = try assembly.openJournal()
    let handover = RunHandover(person: person, why: why)
    func event(_ fact: Fact, incident: IncidentID?, run: RunID? = nil) -> Event {
      Event(at: assembly.time.read(), actor: assembly.actor, incident: incident, run: run, fact)
    }
    var events: [Event] = []
    var runs: [RunID] = []
    var led: IncidentID?
    if let id, RunID(id) != nil {
      let run = try OpenRun(reader: reader).started(id).id
      runs = [run]
      events = [event(.runHandedOver(handover), incident: try reader.entries(of: run).first?.event.incident, run: run)]
    } else {
      let incident = try chosen(reader)
      let known = try Set(reader.entries(of: incident).compactMap(\.event.run))
      runs = try OpenRun(reader: reader).all().filter(known.contains)
      events = [event(.roleAssigned(RoleAssignment(role: .lead, person: person, why: why)), incident: incident)]
      events += runs.map { event(.runHandedOver(handover), incident: incident, run: $0) }
      led = incident
    }
    try journal.append(events)
    journal.close()
    if global.json {
      return assembly.screen.record(
        Value.map([
          "schema_version": .number(1), "to": .text(person), "why": why.map(Value.text) ?? .null,
          "incident": events.first?.incident.map { .text($0.description) } ?? .null, "is_lead": .bool(led != nil),
          "runs": .list(runs.map { .text($0.description) }), "by": .text(assembly.actor),
        ]).jsonText)
    }
    if let led { assembly.screen.record("\(led) lead: \(person.visible)") }
    for run in runs { assembly.screen.record("\(run) handed over to \(person.visible): andon resume \(run)") }
  }

  private func chosen(_ reader: JournalReader) throws -> IncidentID {
    guard let id else { return try OpenIncident(reader: reader).chosen(nil) }
    guard let incident = IncidentID(id) else {
      throw CommandFailure(.usage, "'\(id.visible)' is neither RUN-1 nor INC-1", advice: "andon status lists them.")
    }
    return try OpenIncident(reader: reader).chosen(incident)
  }
}
