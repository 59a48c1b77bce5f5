import Testing

@testable import Playbooks

@Suite("What an SQL statement does is told from its words")
struct SQLStatementTests {
  @Test(
    "reading statements",
    arguments: [
      "SELECT 1", "select a from t", "(SELECT 1)", "WITH a AS (SELECT 1) SELECT * FROM a", "SHOW ALL",
      "EXPLAIN DELETE FROM t",
      "VALUES (1)", "TABLE t", "-- x\nSELECT 1", "SELECT 'DELETE FROM t'", "SELECT replace(a, 'x', 'y') FROM t",
      "WITH a AS (SELECT replace(b, 'x', 'y') FROM t) SELECT * FROM a", "SELECT deleted FROM t", "PRAGMA user_version",
    ])
  func reads(_ sql: String) {
    #expect(SQLStatement(sql).onlyReads)
    #expect(!SQLStatement(sql).changesRows)
  }

  @Test(
    "changing statements",
    arguments: [
      "INSERT INTO t VALUES (1)", "update t set a = 1", "DELETE FROM t",
      "MERGE INTO t USING s ON true WHEN MATCHED THEN DELETE",
      "WITH a AS (DELETE FROM t RETURNING *) SELECT * FROM a", "with a as (select 1) insert into t select * from a",
      "REPLACE INTO t VALUES (1)", "EXPLAIN ANALYZE DELETE FROM t",
    ])
  func changes(_ sql: String) {
    #expect(!SQLStatement(sql).onlyReads)
    #expect(SQLStatement(sql).changesRows)
  }

  @Test(
    "statements that change something else than rows",
    arguments: [
      "CREATE TABLE t (a int)", "TRUNCATE t", "VACUUM", "SELECT pg_terminate_backend(1)", "SELECT nextval('s')",
      "SELECT * INTO b FROM a", "SELECT * FROM a FOR UPDATE", "SET ROLE x", "PRAGMA user_version = 3", "CALL f()",
    ])
  func acts(_ sql: String) {
    #expect(!SQLStatement(sql).onlyReads)
    #expect(!SQLStatement(sql).changesRows)
  }

  @Test("placeholders count outside of quotes and comments only")
  func placeholders() {
    #expect(SQLStatement("SELECT $1, '$2', \"$3\", $10 -- $4\n/* $5 */ $$ $6 $$ $a$ $7 $a$").placeholders == [1, 10])
  }
}
