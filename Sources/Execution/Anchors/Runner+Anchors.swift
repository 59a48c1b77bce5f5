internal import Actions
import IncidentModel
import Journaling
import Playbooks

/// What a run leaves outside of the journal when this process lets go of it.
extension Runner {
  /// Notes the head where the environment wants it. That it could not be done is shown and recorded, and changes nothing
  /// about the run: what it did has been done.
  func anchor(_ result: RunResult, in environment: EnvironmentFile) async {
    guard let place = environment.anchors else { return }
    let (workplace, equipment) = (workplace, workplace.equipment)
    let desk = AnchorDesk(
      place, journal: AnchorDesk.name(ofJournalAt: workplace.journal.path, host: workplace.host),
      connections: equipment.connections, performer: equipment.performer)
    // A task of its own: the end of a run that was called off is what somebody may want to change later.
    await Task {
      guard let head = try? workplace.journal.reader.head() else { return }
      do throws(Failure) { try await desk.note(head, at: equipment.time.read().wall) } catch {
        let text =
          "the journal's head \(head) was not noted in \(desk.place): \(error.message)"
        let event = Event(
          at: equipment.time.read(), actor: workplace.actor, incident: result.incident, run: result.run,
          .noted(Note(text: text, happened: nil, starred: false)))
        guard (try? workplace.journal.append([event])) != nil else { return }
        workplace.observer.recorded(event)
      }
    }.value
  }
}
