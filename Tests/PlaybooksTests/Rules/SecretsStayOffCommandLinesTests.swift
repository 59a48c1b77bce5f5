import IncidentModel
import Testing

@testable import Playbooks

@Suite("SecretsStayOffCommandLines")
struct SecretsStayOffCommandLinesTests {
  private static let end = " is secret and would stand on the command line, where every user of the machine can read it"

  @Test("secret fields and secret params are refused as arguments")
  func arguments() {
    expectFindings(
      [
        .error(
          at: "①", "'connections.database.postgres'\(Self.end)",
          hint: "use an 'sql' action, which connects without a command line"),
        .error(at: "②", "'params.pin'\(Self.end)", hint: "pass it through 'env' or 'stdin'"),
        .error(at: "③", "'connections.api.admin_token'\(Self.end)"),
      ],
      in: """
        params: {pin: {type: text, secret: true}}
        steps:
          - id: one
            command: {run: [psql, ①"${connections.database.postgres}", -c, SELECT 1]}
          - id: two
            command:
              run: [unlock, ②"--pin=${params.pin}"]
              env: {PIN: "${params.pin}"}
              stdin: "${params.pin}"
            verify: {command: {run: [curl, -H, ③"Authorization: ${connections.api.admin_token}", "${connections.api.http}"]}, until: exit_code == 0}
        """)
  }

  @Test("the runbook's own mistakes are caught, and the safe form named")
  func runbook() {
    expectFindings(
      [
        .error(
          at: "①", "the value of '--private-key'\(Self.end)",
          hint: "use a keystore: env: {ETH_KEYSTORE_ACCOUNT: …, ETH_PASSWORD: …}, both from the connection"),
        .error(at: "②", "the value of '--private-key'\(Self.end)"), .error(at: "③", "a database URL\(Self.end)"),
        .error(at: "④", "the value of '--password'\(Self.end)"),
      ],
      in: """
        params: {key: {type: text, default: x}}
        steps:
          - id: one
            command: {run: [cast, send, "0x1", ①--private-key, "${params.key}"]}
          - id: two
            shell:
              run: |
                cast send $ADDRESS "setPaused(bool)" true \\
                  ②--private-key $OWNER_PRIVATE_KEY
          - id: three
            shell: {run: psql ③$SUPABASE_DATABASE_URL -c "SELECT 1"}
          - id: four
            command: {run: [tool, ④"--password=$PASSWORD"]}
          - id: five
            command: {run: [cast, send, x, --password-file, /run/secrets/x, --private-key-file, y]}
        """)
  }
}
