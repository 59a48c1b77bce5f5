import Foundation
import IncidentModel
import TestSupport
import Testing

/// What takes a change of the configuration back, seen where the change was made.
@Suite("Taking a change of the configuration back", .inTurn, .needsDatabase, .timeLimit(.minutes(40)))
struct ConfigurationUndoTests {
  private static let setting = "TRADES_MAX_EXPIRY_HOURS"

  @Test("environment-settings sends the former value to the API, reads it there, and says that it was taken back")
  func setting() async throws {
    let platform = try Platform.furnished()
    // It says yes and goes on as before, for all that it tells.
    platform.api.misbehave(.status("200 OK", method: "GET", body: #"{"\#(Self.setting)": "24"}"#))
    let terminal = try platform.terminal(
      "run", "environment-settings", "--var", "setting=\(Self.setting)", "--var", "value=48", "--yes")
    #expect(try await terminal.expect("choice: "), "\(terminal.transcript)")
    #expect(try platform.setting(Self.setting) == "48")
    platform.api.misbehave(nil)
    terminal.send("b")
    try await terminal.say("2", at: "number of the step to take back")
    try await terminal.say("q", at: "choice: ")
    let result = try await terminal.wait()
    #expect(result.code == 1, "\(result)")
    #expect(try platform.setting(Self.setting) == "24")
    let run = try await platform.run()
    #expect(run.step("former-value").outcome == "done verified", "\(run.json.jsonText)")
  }

  @Test(
    "protocol-fee sets the former fee in the contract, reads it there, and says that it was taken back", .needsChain)
  func fee() async throws {
    try await Chain.borrow { chain in
      func fee() async throws -> String {
        try await chain.cast(["call", chain.contract, "feeBps()(uint256)"]).stdout.trimmingCharacters(in: .newlines)
      }
      let sent = try await chain.cast(["send", chain.contract, "setFeeBps(uint256)", "10"])
      try #require(sent.code == 0, "\(sent)")
      let platform = try Platform(chain: chain)
      // It sends the transaction and loses the answer, once.
      let lossy = """
        #!/bin/sh
        "\(chain.tools)/cast" "$@" || exit
        [ "$1" = send ] && mkdir "\(platform.folder.file("lost"))" 2>/dev/null && { echo "no receipt" >&2; exit 1; }
        exit 0
        """
      try platform.folder.write(lossy, to: "bin/cast", mode: 0o755)
      let path = "\(platform.folder.file("bin")):\(chain.tools):/usr/bin:/bin"
      let terminal = try platform.terminal(
        "run", "protocol-fee", "--var", "fee_bps=50", "--confirm", "FEE", changing: ["PATH": path])
      #expect(try await terminal.expect("choice: "), "\(terminal.transcript)")
      #expect(try await fee() == "50")
      let nonce = try await chain.ownerNonce
      terminal.send("b")
      try await terminal.say("2", at: "number of the step to take back")
      try await terminal.say("q", at: "choice: ")
      let result = try await terminal.wait()
      #expect(result.code == 1, "\(result)")
      #expect(try await fee() == "10")
      #expect(try await chain.ownerNonce == nonce + 1)
      let run = try await platform.run()
      #expect(run.step("former-fee").outcome == "done verified", "\(run.json.jsonText)")
    }
  }
}
