import Foundation
import TestSupport
import Testing

/// A step that takes long, in every way that a step can, and somebody in front of it. It is followed by a question.
final class LongWork: Sendable {
  enum Kind: String, CaseIterable, Sendable {
    case command
    /// A child that ignores SIGTERM.
    case stubborn
    /// A child with children of its own.
    case family
    case post
    case get
    case wait
    case watch
    /// The pause before another attempt.
    case pause
    case check
    /// "check again only", after a failure.
    case secondCheck
    /// The check of what a person says to have done.
    case checkByHand
    /// A step of another playbook.
    case child

    /// What it is after it was called off once.
    var stateAfter: String {
      switch self {
      case .command, .stubborn, .family, .post, .check: "unknown"
      case .get, .wait, .watch, .pause: "pending"
      case .secondCheck: "failed"
      case .checkByHand: "waiting"
      case .child: "running"
      }
    }

    var question: String { self == .checkByHand ? "answer: " : "choice: " }
  }

  let kind: Kind
  let playbooks: TestPlaybooks
  /// Turns up in the arguments of every process that the step starts.
  let number = "\(Int.random(in: 1_000_000_000...1_999_999_999))"
  private let server: ScriptedHTTPServer

  init(_ kind: Kind) throws {
    self.kind = kind
    server = try ScriptedHTTPServer(always: [.hang])
    playbooks = try TestPlaybooks(connections: "{api: {http: '\(server.url)'}}")
    try playbooks.add("other", steps: "- {id: inner, wait: {for: 60s}}")
    try playbooks.add(
      "long", top: "connections: [api]",
      steps: steps + "\n- {id: then, manual: {ask: And now?, answer: {type: number}}}")
  }

  private var up: String { playbooks.folder.file("up") }
  /// What the check looks for.
  private var effect: String { playbooks.folder.file("effect") }

  private var steps: String {
    let check = """
        verify: {command: {run: [sh, -c, "echo . >> \(up); cat \(effect)"], exit: [0, 1]}, until: exit_code == 0, every: 50ms, within: 60s}
      """
    return switch kind {
    case .command: "- {id: step, command: {run: [sleep, \"60.\(number)\"]}, timeout: 90s}"
    case .stubborn:
      "- {id: step, shell: {run: \"trap '' TERM; echo \(number) > \(up); while :; do sleep 0.1; done\"}, timeout: 90s}"
    case .family:
      """
      - {id: step, shell: {run: "(sleep 60.\(number) & sleep 60.\(number)) & wait"}, timeout: 90s}
      """
    case .post: "- {id: step, http: {connection: api, post: /orders}, timeout: 90s}"
    case .get: "- {id: step, http: {connection: api, get: /orders}, timeout: 90s}"
    case .wait: "- {id: step, wait: {for: 60s}}"
    case .watch: "- {id: step, monitor: {command: {run: [\"true\"]}, every: 50ms, for: 60s}}"
    case .pause: "- {id: step, shell: {run: \"false\"}, effect: read, retry: {max: 3, every: 60s}}"
    case .check: "- id: step\n  shell: {run: \"true\"}\n\(check)"
    case .secondCheck: "- id: step\n  shell: {run: \"test -e \(effect)\"}\n\(check)"
    case .checkByHand: "- id: step\n  manual: {ask: How many?, answer: {type: number}}\n\(check)"
    case .child: "- {id: step, playbook: {id: other}}"
    }
  }

  /// Starts it, and returns when it is well on its way.
  func begin() async throws -> Terminal {
    let terminal = try playbooks.terminal("run", "long", "--yes")
    try await untilUnderWay(on: terminal)
    return terminal
  }

  func untilUnderWay(on terminal: Terminal) async throws {
    switch kind {
    case .command: try await eventually("the child runs") { children == 1 }
    case .family: try await eventually("the children run") { children >= 3 }
    case .stubborn, .check: try await eventually("it says so") { FileManager.default.fileExists(atPath: up) }
    case .post, .get: try await eventually("the request is out") { !server.requests.isEmpty }
    case .wait, .child: #expect(try await terminal.expectRunning(), "\(terminal.transcript)")
    case .watch: try await eventually("it is sampled") { recorded("step.sampled") }
    case .pause: try await eventually("it failed once") { recorded("step.finished") }
    case .secondCheck, .checkByHand:
      #expect(try await terminal.expect(kind.question), "\(terminal.transcript)")
      terminal.send(kind == .secondCheck ? "v" : "42")
      try await eventually("the check is made") { FileManager.default.fileExists(atPath: up) }
    }
  }

  /// Lets its check pass from now on.
  func takeEffect() { _ = FileManager.default.createFile(atPath: effect, contents: nil) }

  private func recorded(_ kind: String) -> Bool {
    let path = "\(playbooks.state)/journal.db"
    // Until the first entry is there, the file may have no table yet.
    guard FileManager.default.fileExists(atPath: path), let entries = try? JournalFile(path: path).entries else {
      return false
    }
    return entries.contains { $0.body.contains("\"\(kind)\"") }
  }

  /// How many processes of it there are.
  var children: Int {
    ProcessTable.all.count { $0.arguments.contains { $0.contains(number) } }
  }
}
