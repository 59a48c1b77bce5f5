import Foundation
import IncidentModel
import TestSupport
import Testing

/// Monitors over files that a test writes, and a kill switch that leaves a trace.
struct Watched {
  let book: TestPlaybooks
  private let variables: [String: String]

  /// - Parameter monitors: the YAML under `monitors:`; `FOLDER` stands for the test's folder.
  init(_ monitors: String) throws {
    book = try TestPlaybooks()
    let folder = book.folder
    try folder.write(
      "format: 1\nmonitors:\n" + monitors.replacing("FOLDER", with: folder.path), to: "playbooks/monitors.yaml")
    try book.add(
      "stop-all", top: "severity: P0\nkill_switch: {word: STOP}",
      steps: """
        - id: stop
          name: Stop everything
          effect: destructive
          idempotent: true
          timeout: 10s
          command: {run: [tee, "\(folder.file("stopped"))"], stdin: "yes"}
          verify: {command: {run: [cat, "\(folder.file("stopped"))"]}, until: stdout == "yes"}
        """)
    variables = [
      "PATH": "/usr/bin:/bin", "HOME": folder.path, "USER": "dana", "ANDON_ACTOR": "dana", "LANG": "C.UTF-8",
      "ANDON_STATE": book.state, "ANDON_PLAYBOOKS": folder.file("playbooks"), "ANDON_ENV": "test",
    ]
  }

  /// One monitor, `load`: breached above 10 in the file `load`, which suggests the kill switch.
  static func load(every: String = "100ms", more: String = "") -> String {
    """
      - id: load
        name: The load is too high
        command: {run: [cat, FOLDER/load]}
        every: \(every)
        breach: number(trim(stdout)) > 10
        severity: P1
        suggest: stop-all
    \(more)

    """
  }

  func set(_ load: String?) throws {
    if let load {
      try book.folder.write(load, to: "load")
    } else {
      try FileManager.default.removeItem(atPath: book.folder.file("load"))
    }
  }

  var isStopped: Bool { FileManager.default.fileExists(atPath: book.folder.file("stopped")) }

  func andon(_ arguments: String...) async throws -> ProgramResult {
    try await AndonProgram(environment: variables).run(arguments)
  }

  func start(_ arguments: String...) throws -> RunningProgram {
    try AndonProgram(environment: variables).start(arguments)
  }

  func arm(_ more: String...) async throws -> ProgramResult {
    let usual = ["playbook", "arm", "stop-all", "--env", "test", "--why", "night shift", "--until", "8h"]
    return try await AndonProgram(environment: variables).run(usual + more)
  }

  func incident(_ id: String = "INC-1") async throws -> Record { try Record(await andon("show", id, "--json")) }

  /// The kinds of everything recorded, in order.
  var kinds: [String] {
    get throws { try bodies.map { $0["kind"]?.displayText ?? "" } }
  }

  /// What entries of a kind say, in order.
  func recorded(_ kind: Fact.Kind) throws -> [Value] {
    try bodies.filter { $0["kind"]?.displayText == kind.rawValue }.compactMap { $0["details"] }
  }

  private var bodies: [Value] {
    get throws {
      guard FileManager.default.fileExists(atPath: "\(book.state)/journal.db") else { return [] }
      return try JournalFile(path: "\(book.state)/journal.db").entries.map { try Value.json(Data($0.body.utf8)) }
    }
  }
}

extension RunningProgram {
  /// What it has printed so far, as JSON, one object a line.
  var lines: [Value] {
    stdout.split(separator: "\n", omittingEmptySubsequences: true).compactMap { try? Value.json(Data($0.utf8)) }
  }
}
