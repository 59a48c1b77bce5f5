import Actions
import Engine
import Execution
import Foundation
import IncidentModel
import Journaling
import Playbooks
import Synchronization

/// Runs so many playbooks of so many steps at once, in this process and on one journal: `crowd RUNS STEPS FOLDER`.
///
/// Prints how many intents there were, and how long the slowest hundredth of them took to become durable, in
/// microseconds: `2000 815`.
@main
enum Crowd {
  static func main() async throws {
    let words = CommandLine.arguments.dropFirst()
    guard words.count == 3, let runs = words.first.flatMap({ Int($0) }),
      let steps = words.dropFirst().first.flatMap({ Int($0) }),
      let folder = words.last, runs > 0, steps > 0
    else { return usage() }
    let redactor = Redactor()
    redactor.register(Secret(name: "SERVICE_TOKEN", value: "bench-9f2c81d7e05b4a36"))
    let journal = try Journal(directory: folder, redactor: redactor)
    let playbooks = try (1...runs).map { try playbook("crowd-\($0)", steps: steps) }
    let environment = EnvironmentFile(name: "production", production: true, connections: [], file: "production.yaml")
    let waits = try await withThrowingTaskGroup(of: [Duration].self) { group in
      for playbook in playbooks {
        group.addTask { try await run(playbook, environment, journal, redactor, folder) }
      }
      var waits: [Duration] = []
      for try await more in group { waits += more }
      return waits
    }
    journal.close()
    let slow = waits.sorted()[waits.count * 99 / 100]
    print(waits.count, Int(slow / .microseconds(1)))
  }

  private static func usage() {
    FileHandle.standardError.write(Data("crowd RUNS STEPS FOLDER\n".utf8))
    exit(64)
  }

  /// Its steps change nothing, so it needs no connection.
  private static func playbook(_ id: String, steps: Int) throws -> Playbook {
    let lines = (1...steps).map { "  - id: step-\($0)\n    set: {done: \"true\"}\n" }
    let text = "format: 1\nid: \(id)\nname: \(id)\nseverity: P2\nsteps:\n" + lines.joined()
    let result = PlaybookLoader(library: nil).load(text: text, file: "\(id).yaml")
    guard let playbook = result.playbook else { throw Useless(why: "\(result.errors)") }
    return playbook
  }

  /// How long each intent of it took to become durable.
  private static func run(
    _ playbook: Playbook, _ environment: EnvironmentFile, _ journal: Journal, _ redactor: Redactor, _ folder: String
  ) async throws -> [Duration] {
    let witness = Witness()
    let equipment = Equipment(
      library: PlaybookLibrary(directory: folder),
      connections: ConnectionBook(environment: environment, variables: [:], redactor: redactor),
      performer: Performer(redactor: redactor), redactor: redactor, time: witness.time)
    let workplace = Workplace(
      equipment: equipment, journal: journal, stateDirectory: folder, actor: "bench", host: "bench", pid: Int(getpid()),
      operator: nil, observer: witness)
    let result = try await Runner(workplace).start(
      RunRequest(
        playbook: playbook, environment: environment, drill: false, unattended: true,
        incident: .open(title: playbook.id), why: "bench", approved: [.write, .destructive]))
    guard result.state.phase == .done else { throw Useless(why: "\(playbook.id): \(result.state.phase)") }
    return witness.waits
  }

  struct Useless: Error {
    let why: String
  }
}

/// Sees when an intent is made, by the reading of the clocks that it begins with, and when it is durable.
private final class Witness: RunObserver {
  private struct State {
    var reading = ContinuousClock.now
    var waits: [Duration] = []
  }

  private let state = Mutex(State())

  var time: TimeSource {
    TimeSource { [self] in
      state.withLock { $0.reading = .now }
      return TimeSource.system.read()
    }
  }

  var waits: [Duration] { state.withLock { $0.waits } }

  func recorded(_ event: Event) {
    guard case .stepIntended = event.fact else { return }
    state.withLock { $0.waits.append(.now - $0.reading) }
  }

  func progress(_ step: StepID, _ line: String) {}
}
