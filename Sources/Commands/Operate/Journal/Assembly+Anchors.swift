internal import Actions
internal import Console
internal import Execution
internal import IncidentModel
internal import Journaling
internal import Playbooks
internal import Sandbox

extension Assembly {
  /// The file elsewhere that gets the journal's head whenever a command has written: `ANDON_ANCHORS`.
  var anchorFile: AnchorFile? { environment.nonEmpty("ANDON_ANCHORS").map(AnchorFile.init) }

  /// The same, for a journal that is open for writing.
  var outsideAnchors: OutsideAnchors? {
    anchorFile.map { file in
      let (screen, time, actor) = (screen, time, actor)
      return OutsideAnchors(path: file.path) { problem in
        screen.warn("warning: \(problem.message.visible)\n  \(problem.advice ?? "")")
        return Event(
          at: time.read(), actor: actor, .noted(Note(text: problem.message, happened: nil, starred: false)))
      }
    }
  }

  /// Works with the table that an environment names for anchors.
  /// - Parameter journal: what the journal is called there; `nil`: by where it is.
  func withAnchorTable<Result: Sendable>(
    of name: String, journal: String? = nil, _ body: (AnchorDesk) async throws -> Result
  ) async throws -> Result {
    let place = try await place(named: name, drill: false)
    guard let anchors = place.file.anchors else {
      await place.sandbox?.stop()
      throw CommandFailure(
        .configuration, "environment '\(name.visible)' names no table of anchors",
        advice: "Add it in \(place.file.file): anchors: {connection: database, table: andon_anchors}")
    }
    let equipment = equipment(place)
    let desk = AnchorDesk(
      anchors, journal: journal ?? AnchorDesk.name(ofJournalAt: "\(stateDirectory)/journal.db", host: host),
      connections: equipment.connections, performer: equipment.performer)
    let result: Swift.Result<Result, any Error>
    do { result = .success(try await body(desk)) } catch { result = .failure(error) }
    await equipment.performer.close()
    await place.sandbox?.stop()
    do { return try result.get() } catch let failure as Failure {
      throw CommandFailure(.unavailable, Problem(failure.message, advice: failure.advice))
    }
  }
}
