import IncidentModel
import Testing

@testable import Playbooks

@Suite("TargetsAreDeclared")
struct TargetsAreDeclaredTests {
  @Test("a target that no clock has is pointed at")
  func undeclared() {
    expectFindings(
      [
        .error(at: "①", "no target is named 'contian'", hint: "did you mean 'contain'?"),
        .error(at: "②", "no target is named 'post'", hint: "write it into 'targets': post: 15m"),
      ],
      in: """
        targets: {contain: 5m}
        steps:
          - target: ①contian
            parallel: [{id: one, target: contain, wait: {for: 1s}}]
          - id: two
            target: ②post
            wait: {for: 1s}
        """)
  }
}
