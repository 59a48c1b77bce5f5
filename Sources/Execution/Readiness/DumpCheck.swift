internal import Actions
internal import IncidentModel

/// Is `pg_dump` as new as the server that it is to dump? An older one refuses.
struct DumpCheck {
  let check: ConnectionCheck
  /// The server's first number: 15 of 15.8.
  let server: Int

  func findings() async -> [ReadinessFinding] {
    var findings: [ReadinessFinding] = []
    let dumps = check.needs.dumps.filter { $0.connections.contains(check.name) }
    for name in Set(dumps.map(\.program)).sorted() {
      guard let version = await version(of: name), version < server else { continue }
      for dump in dumps where dump.program == name {
        findings.append(
          ReadinessFinding(
            .fail, .program, "\(name) \(version) refuses to dump '\(check.name)', which is PostgreSQL \(server)",
            advice: "install PostgreSQL's client programs of version \(server), or put their directory first on PATH"
          ).about(playbooks: [dump.playbook], step: dump.step))
      }
    }
    return findings
  }

  /// `nil`: it is not there, which has been said, or does not tell.
  private func version(of name: String) async -> Int? {
    let request = CommandRequest(program: .arguments([name, "--version"]), timeLimit: .seconds(5))
    let mark = AttemptMark(run: RunID(number: 0), step: "doctor", attempt: 1, idempotencyKey: "")
    let result = await Performer(redactor: check.redactor).perform(.command(request), mark: mark)
    let said = result.outputs["stdout"]?.displayText ?? ""
    return said.firstMatch(of: /\(PostgreSQL\) ([0-9]+)/).flatMap { Int($0.output.1) }
  }
}
