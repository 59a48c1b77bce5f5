import IncidentModel
import Testing

@testable import Playbooks

@Suite("SecretsAreReferences")
struct SecretsAreReferencesTests {
  private static let key = "0x" + String(repeating: "a1", count: 32)

  @Test("what gives itself away as a secret is refused wherever it stands")
  func literals() {
    expectFindings(
      [
        .error(at: "①", "a URL with a password stands in the playbook"),
        .error(at: "②", "what looks like a private key stands in the playbook"),
        .error(at: "③", "what looks like a private key stands in the playbook"),
        .error(at: "④", "a webhook address stands in the playbook"),
        .error(at: "⑤", "a secret param cannot have a default"),
        .error(at: "⑥", "a private key stands in the playbook"),
      ],
      in: """
        params:
          pin: {type: text, secret: true, default: ⑤"1234"}
        steps:
          - id: one
            shell: {run: ①psql postgres://user:pass@host/db -c x}
          - id: two
            command: {run: [cast, send, ②"\(Self.key)"], env: {KEY: ③"\(Self.key)"}}
          - id: three
            shell: {run: "true", env: {HOOK: ④"https://discord.com/api/webhooks/1/x", PEM: ⑥"-----BEGIN PRIVATE KEY-----"}}
        """)
  }

  @Test("addresses, hashes in texts and URLs without a password are no secrets")
  func harmless() {
    #expect(
      load(
        """
        steps:
          - id: one
            description: the hash is \(Self.key)
            command: {run: [cast, call, "0x000000000000000000000000000000000000dEaD", "https://a@b.c/", "postgres://user@host/db", "\(Self.key)00"]}
            env: {}
        """.replacing("    env: {}", with: "")
      ).errors == [])
  }
}
