/// A year of trading in a scratch database: an order every twenty minutes, with fills, the order book, risk scores.
/// The same every time, as ages count from the moment it is made; nobody rolls dice.
///
/// Order `n` was placed `20 * n + 10` minutes ago, by one of forty makers in turn; its risk score runs through 0 to
/// 100, and of five in a row three were filled, one was cancelled and one is still open, or expired after a day.
public struct TradesHistory: Sendable {
  public static let orders = 26_280
  public let database: ScratchDatabase

  public init(in database: ScratchDatabase) throws {
    self.database = database
    for statement in Self.columns + [Self.pastOrders, Self.book, Self.fills, Self.settings] {
      try database.query(statement)
    }
  }

  /// Orders of one maker, the newest of them a minute old, then one every few seconds.
  /// - Parameter score: `nil`: they were never scored.
  public func burst(of count: Int, by maker: String, score: Double?, status: String = "open") throws {
    let score = score.map { String($0) } ?? "NULL"
    try database.query(
      """
      INSERT INTO trades_orders (maker_address, side, amount, price, status, risk_score, created_at)
      SELECT $1, 'sell', 400, 0.0011, $2, \(score), now() - interval '1 minute' - n * interval '5 seconds'
      FROM generate_series(0, \(count - 1)) AS n
      """, [maker, status])
  }

  /// Scores are kept as double precision: what `round(avg(…), 2)` fails on.
  private static let columns = [
    "ALTER TABLE trades_orders ADD COLUMN IF NOT EXISTS risk_score double precision",
    "ALTER TABLE trades_orders ALTER COLUMN risk_score TYPE double precision",
    "ALTER TABLE trades_order_book ADD COLUMN IF NOT EXISTS risk_score double precision",
    "ALTER TABLE trades_order_book ADD COLUMN IF NOT EXISTS created_at timestamptz NOT NULL DEFAULT now()",
    "ALTER TABLE trades_fills ADD COLUMN IF NOT EXISTS status text NOT NULL DEFAULT 'confirmed'",
    "ALTER TABLE trades_fills ADD COLUMN IF NOT EXISTS created_at timestamptz NOT NULL DEFAULT now()",
    "TRUNCATE trades_orders, trades_order_book, trades_fills",
  ]

  private static let pastOrders = """
    INSERT INTO trades_orders (maker_address, side, amount, price, status, risk_score, created_at)
    SELECT '0x' || lpad(to_hex(n % 40 + 1), 40, '0'), CASE n % 2 WHEN 0 THEN 'buy' ELSE 'sell' END,
      1 + n % 9, 0.04 + (n % 7) * 0.0001,
      CASE n % 5 WHEN 3 THEN 'cancelled' WHEN 4 THEN CASE WHEN n < 72 THEN 'open' ELSE 'expired' END ELSE 'filled' END,
      (n * 37) % 101, now() - interval '10 minutes' - n * interval '20 minutes'
    FROM generate_series(0, \(orders - 1)) AS n
    """

  private static let book = """
    INSERT INTO trades_order_book (order_id, status, risk_score, created_at)
    SELECT id, status, risk_score, created_at FROM trades_orders WHERE status = 'open'
    """

  /// One fill in twenty-five failed.
  private static let fills = """
    INSERT INTO trades_fills (order_id, amount, status, created_at)
    SELECT id, amount, CASE row_number() OVER (ORDER BY created_at) % 25 WHEN 0 THEN 'failed' ELSE 'confirmed' END,
      created_at + interval '1 minute'
    FROM trades_orders WHERE status = 'filled'
    """

  private static let settings = """
    INSERT INTO trades_config (key, value) VALUES
      ('LAST_HEALTH_CHECK', 'ok'), ('API_RATE_LIMIT_PER_MINUTE', '100'), ('TRADES_MAX_EXPIRY_HOURS', '24')
    ON CONFLICT (key) DO NOTHING
    """
}
