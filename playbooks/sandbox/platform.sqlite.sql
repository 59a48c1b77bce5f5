-- The stand-in platform's tables, and rows to begin with. SQLite; every age is relative to now.
-- Run whenever the sandbox is made anew. Nothing in here is real.

CREATE TABLE trades_config (
  key TEXT PRIMARY KEY NOT NULL,
  value TEXT NOT NULL,
  updated_at TEXT NOT NULL DEFAULT (datetime('now'))
);

CREATE TABLE trades_orders (
  id INTEGER PRIMARY KEY,
  maker_address TEXT NOT NULL,
  side TEXT NOT NULL CHECK (side IN ('buy', 'sell')),
  amount TEXT NOT NULL,
  price TEXT NOT NULL,
  status TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'filled', 'cancelled', 'expired')),
  risk_score INTEGER NOT NULL DEFAULT 0 CHECK (risk_score BETWEEN 0 AND 100),
  note TEXT,
  created_at TEXT NOT NULL DEFAULT (datetime('now'))
);

CREATE TABLE trades_order_book (
  order_id INTEGER PRIMARY KEY REFERENCES trades_orders (id) ON DELETE CASCADE,
  status TEXT NOT NULL,
  risk_score INTEGER NOT NULL,
  created_at TEXT NOT NULL DEFAULT (datetime('now'))
);

CREATE TABLE trades_fills (
  id INTEGER PRIMARY KEY,
  order_id INTEGER NOT NULL REFERENCES trades_orders (id) ON DELETE CASCADE,
  amount TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('confirmed', 'pending', 'failed')),
  created_at TEXT NOT NULL DEFAULT (datetime('now'))
);

CREATE TABLE discord_messages (
  id INTEGER PRIMARY KEY,
  content TEXT,
  body TEXT NOT NULL,
  received_at TEXT NOT NULL DEFAULT (datetime('now'))
);

INSERT INTO trades_config (key, value, updated_at) VALUES
  ('TRADES_ENABLED', 'true', datetime('now', '-41 days')),
  ('API_STATUS', 'ok', datetime('now', '-3 minutes')),
  ('LAST_HEALTH_CHECK', datetime('now', '-3 minutes'), datetime('now', '-3 minutes')),
  ('API_RATE_LIMIT_PER_MINUTE', '100', datetime('now', '-41 days')),
  ('TRADES_MAX_EXPIRY_HOURS', '24', datetime('now', '-41 days')),
  ('TRADES_RISK_SCORE_HIGH_THRESHOLD', '70', datetime('now', '-12 days')),
  ('MIN_HOLDER_COUNT_THRESHOLD', '30', datetime('now', '-41 days')),
  ('MAX_CONTRACT_AGE_DAYS', '7', datetime('now', '-41 days')),
  ('MAX_VALUE_SKEW_PERCENT', '80', datetime('now', '-41 days'));

-- Order 1 stays open: the fill probe is aimed at it.
INSERT INTO trades_orders (id, maker_address, side, amount, price, status, risk_score, created_at)
WITH seed (id, maker, side, amount, price, status, risk_score, age) AS (VALUES
  (1, '0x1111111111111111111111111111111111111111', 'sell', '2.5', '0.0412', 'open', 12, '-6 hours'),
  (2, '0x2222222222222222222222222222222222222222', 'buy', '10', '0.0398', 'filled', 8, '-5 hours'),
  (3, '0x3333333333333333333333333333333333333333', 'sell', '0.75', '0.0415', 'filled', 34, '-4 hours'),
  (4, '0x1111111111111111111111111111111111111111', 'sell', '1.2', '0.0417', 'cancelled', 15, '-3 hours'),
  (5, '0x4444444444444444444444444444444444444444', 'buy', '40', '0.0401', 'open', 71, '-110 minutes'),
  (6, '0x5555555555555555555555555555555555555555', 'sell', '400', '0.0012', 'open', 94, '-26 minutes'),
  (7, '0x5555555555555555555555555555555555555555', 'sell', '400', '0.0011', 'open', 95, '-24 minutes'),
  (8, '0x5555555555555555555555555555555555555555', 'sell', '390', '0.0011', 'filled', 95, '-22 minutes'),
  (9, '0x2222222222222222222222222222222222222222', 'buy', '3', '0.0409', 'open', 9, '-9 minutes'),
  (10, '0x6666666666666666666666666666666666666666', 'buy', '5', '0.0380', 'expired', 5, '-45 days')
)
SELECT id, maker, side, amount, price, status, risk_score, datetime('now', age) FROM seed;

INSERT INTO trades_order_book (order_id, status, risk_score, created_at)
SELECT id, status, risk_score, created_at FROM trades_orders WHERE created_at > datetime('now', '-7 days');

INSERT INTO trades_fills (order_id, amount, status, created_at) VALUES
  (2, '6', 'confirmed', datetime('now', '-280 minutes')),
  (2, '4', 'confirmed', datetime('now', '-275 minutes')),
  (3, '0.75', 'confirmed', datetime('now', '-200 minutes')),
  (8, '390', 'confirmed', datetime('now', '-21 minutes'));
