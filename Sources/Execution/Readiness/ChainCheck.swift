internal import Actions
internal import IncidentModel

/// Does the node of a chain answer? Asked through `cast`, as the playbooks do; without it nothing is said here, because
/// the steps that need it have been named already.
struct ChainCheck {
  private let check: ConnectionCheck
  private let url: String

  init(_ check: ConnectionCheck, url: String) {
    self.check = check
    self.url = url
  }

  func findings() async -> [ReadinessFinding] {
    guard (try? ProgramSearch(path: check.path).file(for: "cast", from: nil)) != nil else { return [] }
    let request = CommandRequest(
      program: .arguments(["cast", "chain-id"]), environment: ["ETH_RPC_URL": url], timeLimit: .seconds(5))
    let mark = AttemptMark(run: RunID(number: 0), step: "doctor", attempt: 1, idempotencyKey: "")
    let result = await Performer(redactor: check.redactor).perform(.command(request), mark: mark)
    if let failure = result.failure {
      let said = result.outputs["stderr"]?.displayText.lines.last.map { ": \($0)" } ?? ""
      return [
        ReadinessFinding(
          .fail, .connection,
          "the node of '\(check.name)' does not answer: \(failure.message.lines.first ?? "")\(said)",
          advice: "check 'rpc' of connection '\(check.name)', and that this machine may reach it")
      ]
    }
    let id = result.outputs["stdout"]?.displayText.lines.first ?? ""
    return [ReadinessFinding(.ok, .connection, "the node of '\(check.name)' answers, chain \(id)")]
  }
}
