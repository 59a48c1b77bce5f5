import Actions
import Testing

@Suite("The parts of a connection URL")
struct PostgresPartsTests {
  private func part(_ name: String, _ url: String, _ authority: String? = nil) -> String? {
    PostgresParts.part(name, ofURL: url, certificateAuthority: authority)
  }

  @Test("each is decoded, and has its usual value where the URL says nothing")
  func decoded() {
    let url = "postgresql://ana:p%40ss%2Fword@db.example.org:6543/trades"
    #expect(
      ["host", "port", "user", "password", "dbname"].map { part($0, url) } == [
        "db.example.org", "6543", "ana", "p@ss/word", "trades",
      ])
    #expect(["port", "password", "dbname"].map { part($0, "postgres://ana@db.example.org") } == ["5432", "", "ana"])
  }

  @Test("the TLS mode is Andon's own: verify-full for another machine, whatever a mode in the URL says counts first")
  func trust() {
    #expect(part("sslmode", "postgres://ana@db.example.org/trades") == "verify-full")
    #expect(part("sslrootcert", "postgres://ana@db.example.org/trades", "/etc/own-ca.crt") == "/etc/own-ca.crt")
    #expect(part("sslmode", "postgres://ana@db.example.org/trades?sslmode=require") == "require")
    #expect(part("sslmode", "postgres://ana@127.0.0.1/trades") == "prefer")
    #expect(part("sslmode", "postgres://ana@127.0.0.1,db.example.org/trades") == "verify-full")
  }

  @Test("what is no connection URL has no parts")
  func noURL() {
    #expect(part("host", "https://db.example.org") == nil)
  }
}
