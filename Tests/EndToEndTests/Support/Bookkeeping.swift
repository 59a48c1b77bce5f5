import Foundation
import TestSupport
import Testing

/// The platform's tables as the routine playbooks need them, and how such a playbook is run with nobody there.
extension Platform {
  /// With risk scores and the settings of the runbook.
  static func furnished(chain: Chain? = nil) throws -> Platform {
    let platform = try Platform(chain: chain)
    for statement in [
      "ALTER TABLE trades_orders ADD COLUMN IF NOT EXISTS risk_score integer",
      "DELETE FROM trades_fills", "DELETE FROM trades_order_book", "DELETE FROM trades_orders",
      """
      INSERT INTO trades_config (key, value) VALUES
        ('MIN_HOLDER_COUNT_THRESHOLD', '20'), ('MAX_CONTRACT_AGE_DAYS', '5'), ('MAX_VALUE_SKEW_PERCENT', '60'),
        ('TRADES_RISK_SCORE_HIGH_THRESHOLD', '70'), ('TRADES_MAX_EXPIRY_HOURS', '24')
      ON CONFLICT (key) DO UPDATE SET value = excluded.value
      """,
    ] { try platform.database.query(statement) }
    return platform
  }

  /// Orders of one kind; `age` as PostgreSQL writes it: `31 days`.
  func addOrders(_ count: Int, status: String = "open", risk: Int? = 10, age: String = "1 hour") throws {
    try database.query(
      """
      INSERT INTO trades_orders (maker_address, side, amount, price, status, risk_score, created_at)
      SELECT '0x2222222222222222222222222222222222222222', 'buy', 1, 0.04, $2, nullif($3, '')::integer, now() - $4::interval
      FROM generate_series(1, $1::integer)
      """, ["\(count)", status, risk.map { "\($0)" } ?? "", age])
  }

  func count(_ table: String) throws -> Int { Int(try database.value("SELECT count(*) FROM \(table)") ?? "") ?? -1 }

  func setting(_ key: String) throws -> String? {
    try database.query("SELECT value FROM trades_config WHERE key = $1", [key]).first?.first ?? nil
  }

  /// Runs a playbook with nobody there; `vars` as `name=value`.
  func routine(
    _ playbook: String, _ vars: String..., confirm: String? = nil, changing changes: [String: String?] = [:]
  ) async throws -> ProgramResult {
    let given = vars.flatMap { ["--var", $0] } + (confirm.map { ["--confirm", $0] } ?? [])
    return try await AndonProgram(environment: variables(changing: changes)).run(
      ["run", playbook, "--auto", "--yes"] + given)
  }

  /// What a step of the run left.
  func outputs(_ step: String, of run: String = "RUN-1") async throws -> Record {
    try Record(await andon("show", run, "--step", step, "--json"))
  }
}

extension Terminal {
  /// Waits for a prompt and answers it.
  func say(_ line: String, at prompt: String, _ location: Testing.SourceLocation = #_sourceLocation) async throws {
    try #require(await expect(prompt), "\(prompt) did not come: \(transcript)", sourceLocation: location)
    send(line)
  }
}
