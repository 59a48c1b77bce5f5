import Foundation
import IncidentModel
import TestSupport
import Testing

@Suite("Configuration through the API and the database", .inTurn, .needsDatabase, .timeLimit(.minutes(40)))
struct ConfigurationPlaybookTests {
  private static let threshold = "TRADES_RISK_SCORE_HIGH_THRESHOLD"
  private static let parameters = ["MIN_HOLDER_COUNT_THRESHOLD", "MAX_CONTRACT_AGE_DAYS", "MAX_VALUE_SKEW_PERCENT"]

  // MARK: - The risk threshold

  @Test("risk-threshold sets the value with the admin token and reads it back through the API")
  func threshold() async throws {
    let platform = try Platform.furnished()
    let result = try await platform.routine("risk-threshold", "threshold=75")
    #expect(result.code == 0, "\(result)")
    #expect(try platform.setting(Self.threshold) == "75")
    let run = try await platform.run()
    #expect(run.step("set-threshold").outcome == "done verified", "\(run.step("set-threshold").reason)")
    #expect(run.step("stored").state == "skipped")
    let body = platform.api.requests.first { $0.method == "POST" }.map { String(decoding: $0.body, as: UTF8.self) }
    #expect(try Value.json(Data((body ?? "").utf8)) == .map([Self.threshold: .number(75)]))
  }

  @Test("A wrong admin token is refused with 401, before anything is changed")
  func wrongToken() async throws {
    let platform = try Platform.furnished()
    let result = try await platform.routine(
      "risk-threshold", "threshold=75", changing: ["ADMIN_TOKEN": "not-the-token"])
    #expect(result.code == 1, "\(result)")
    #expect(try await platform.run().step("former").reason.contains("401"))
    #expect(try platform.setting(Self.threshold) == "70")
    #expect(!result.output.contains("not-the-token"))
  }

  @Test(
    "A threshold outside 1 to 100, or none, is refused before the run", arguments: ["0", "101", "7.5", "high", nil])
  func thresholdRange(value: String?) async throws {
    let platform = try Platform.furnished()
    let vars = value.map { ["--var", "threshold=\($0)"] } ?? []
    let result = try await AndonProgram(environment: platform.variables).run(
      ["run", "risk-threshold", "--auto"] + vars)
    #expect(result.code == 64, "\(result)")
    #expect(result.stderr.contains("threshold"))
    #expect(platform.api.requests.isEmpty)
  }

  @Test("An API that cannot be asked for its settings leaves the change to the database's word")
  func apiDoesNotTell() async throws {
    let platform = try Platform.furnished()
    platform.api.misbehave(.status("405 Method Not Allowed", method: "GET"))
    let result = try await platform.routine("risk-threshold", "threshold=75")
    #expect(result.code == 0, "\(result)")
    let run = try await platform.run()
    #expect(run.step("set-threshold").outcome == "done unverified")
    #expect(run.step("stored").outcome == "done verified")
    #expect(try platform.setting(Self.threshold) == "75")
  }

  @Test("An API that says yes and goes on with the old value: FAILED; roll back sends the former value")
  func rollsBack() async throws {
    let platform = try Platform.furnished()
    platform.api.misbehave(.status("200 OK", method: "GET", body: #"{"\#(Self.threshold)": "70"}"#))
    let terminal = try platform.terminal("run", "risk-threshold", "--var", "threshold=75", "--yes")
    try await terminal.say("b", at: "choice: ")
    #expect(try platform.setting(Self.threshold) == "75")
    try await terminal.say("2", at: "number of the step to take back")
    try await terminal.say("q", at: "choice: ")
    #expect(try await terminal.wait().code != 0, "\(terminal.transcript)")
    #expect(try platform.setting(Self.threshold) == "70")
  }

  // MARK: - The risk parameters

  private let values = ["min_holder_count=30", "max_contract_age_days=7", "max_value_skew_percent=80"]

  private func values(_ platform: Platform) throws -> [String?] { try Self.parameters.map(platform.setting) }

  @Test("risk-parameters sets all three, each read back, and touches no other key")
  func parameters() async throws {
    let platform = try Platform.furnished()
    let result = try await platform.routine("risk-parameters", values[0], values[1], values[2])
    #expect(result.code == 0, "\(result)")
    #expect(try values(platform) == ["30", "7", "80"])
    #expect(try platform.setting(Self.threshold) == "70")
    let run = try await platform.run()
    for step in run.steps { #expect(step.outcome == "done verified", "\(step.id): \(step.reason)") }
  }

  @Test("A key that is missing is found before the first change: no UPDATE 0, and none of the others")
  func keyMissing() async throws {
    let platform = try Platform.furnished()
    try platform.database.query("DELETE FROM trades_config WHERE key = 'MAX_VALUE_SKEW_PERCENT'")
    let result = try await platform.routine("risk-parameters", values[0], values[1], values[2])
    #expect(result.code == 1, "\(result)")
    #expect(try values(platform) == ["20", "5", nil])
    #expect(try await platform.run().step("former").reason.contains("2 of the three"))
  }

  @Test("A value outside its range is refused before the run")
  func parameterRange() async throws {
    let platform = try Platform.furnished()
    let result = try await platform.routine("risk-parameters", values[0], values[1], "max_value_skew_percent=101")
    #expect(result.code == 64, "\(result)")
    #expect(result.stderr.contains("max_value_skew_percent"))
    #expect(try values(platform) == ["20", "5", "60"])
  }

  @Test("When the second UPDATE does nothing it FAILED, and roll back sets the first to its former value")
  func takesBack() async throws {
    let platform = try Platform.furnished()
    try platform.database.query(
      "CREATE RULE keep AS ON UPDATE TO trades_config WHERE old.key = 'MAX_CONTRACT_AGE_DAYS' DO INSTEAD NOTHING")
    let given = values.flatMap { ["--var", $0] }
    let terminal = try Terminal(
      [AndonProgram.path, "run", "risk-parameters", "--yes"] + given, environment: platform.variables)
    try await terminal.say("b", at: "choice: ")
    #expect(try values(platform) == ["30", "5", "60"])
    try await terminal.say("2", at: "number of the step to take back")
    try await terminal.say("q", at: "choice: ")
    #expect(try await terminal.wait().code != 0, "\(terminal.transcript)")
    #expect(try values(platform) == ["20", "5", "60"])
    let reason = try await platform.run().step("max-contract-age-days").reason
    #expect(reason.contains("0 rows"), "\(reason)")
  }

  // MARK: - The environment

  @Test("environment-settings changes one setting of the running API, and leaves the environment itself to a person")
  func setting() async throws {
    let platform = try Platform.furnished()
    let result = try await platform.routine("environment-settings", "setting=TRADES_MAX_EXPIRY_HOURS", "value=48")
    #expect(result.code == 4, "\(result)")
    #expect(try platform.setting("TRADES_MAX_EXPIRY_HOURS") == "48")
    let run = try await platform.run()
    #expect(run.step("set-value").outcome == "done verified", "\(run.step("set-value").reason)")
    #expect(run.step("keep-it").state == "waiting")
  }

  @Test(
    "A setting that is not among the choices, TRADES_ENABLED too, is refused; so is an API that keeps the old value")
  func settingRefused() async throws {
    let platform = try Platform.furnished()
    let other = try await platform.routine("environment-settings", "setting=TRADES_ENABLED", "value=1")
    #expect(other.code == 64, "\(other)")
    platform.api.misbehave(.status("200 OK", method: "POST"))
    let result = try await platform.routine("environment-settings", "setting=TRADES_MAX_EXPIRY_HOURS", "value=48")
    #expect(result.code == 1, "\(result)")
    #expect(try platform.setting("TRADES_MAX_EXPIRY_HOURS") == "24")
    #expect(try await platform.run().step("set-value").verification == "failed")
  }
}
