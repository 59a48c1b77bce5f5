internal import ArgumentParser
internal import IncidentModel

/// What a shell offers where a command takes a name: `@Argument(help: …, completion: .openIncidents)`.
///
/// Asked for by the completion scripts at each press of Tab. Looks, changes nothing, and says nothing when there is
/// nothing to find.
extension CompletionKind {
  static var playbooks: CompletionKind { fromPlaybooks { names, _ in names.all } }
  static var killSwitches: CompletionKind { fromPlaybooks { names, _ in names.killSwitches } }
  static var monitors: CompletionKind { fromPlaybooks { names, _ in names.monitors } }
  static var environments: CompletionKind { fromPlaybooks { names, _ in names.environments } }

  static var runs: CompletionKind { fromRecord { names, _ in names.runs.map(\.description) } }
  static var armed: CompletionKind { fromRecord { names, _ in names.armed } }
  static var openRuns: CompletionKind { fromRecord { names, _ in names.openRuns.map(\.description) } }
  static var incidents: CompletionKind { fromRecord { names, _ in names.incidents.map(\.description) } }
  static var openIncidents: CompletionKind { fromRecord { names, _ in names.openIncidents.map(\.description) } }
  /// Where either an incident or a run may stand.
  static var records: CompletionKind {
    fromRecord { names, _ in names.incidents.map(\.description) + names.runs.map(\.description) }
  }

  /// Steps of the playbook on the line, as it is in the library.
  static var steps: CompletionKind { fromPlaybooks { names, line in names.steps(namedBy: line.words) } }
  /// Steps of the run on the line, as they were recorded.
  static var recordedSteps: CompletionKind { fromRecord { names, line in names.steps(namedBy: line.words) } }

  static var severities: CompletionKind { .list(["P0", "P1", "P2", "P3"]) }

  private static func fromPlaybooks(_ find: @escaping @Sendable (PlaybookNames, LineSoFar) -> [String])
    -> CompletionKind
  {
    names { line, assembly in find(PlaybookNames(library: assembly.library), line) }
  }

  private static func fromRecord(_ find: @escaping @Sendable (RecordNames, LineSoFar) -> [String]) -> CompletionKind {
    names { line, assembly in RecordNames(stateDirectory: assembly.stateDirectory).map { find($0, line) } ?? [] }
  }

  private static func names(_ find: @escaping @Sendable (LineSoFar, Assembly) -> [String]) -> CompletionKind {
    .custom { typed, index, _ in
      let line = LineSoFar(typed: typed, completing: index)
      return line.assembly.map { find(line, $0).filter(\.isPlainName) } ?? []
    }
  }
}

extension String {
  /// bash expands what it is offered: the name of a file must not be able to run a command.
  fileprivate var isPlainName: Bool {
    !hasPrefix("-") && allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" || $0 == "." }
  }
}
