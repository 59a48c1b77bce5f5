import TestSupport
import Testing

@Suite("What a person sees", .inTurn, .timeLimit(.minutes(4)))
struct ScreenTests {
  @Test(
    "The screen is as it is kept in Tests/EndToEndTests/Screens",
    arguments: ["playbook-list", "status-nothing-open", "pull-wrong-word", "pull-wrong-word-narrow"])
  func screen(name: String) async throws { try await Screenplay(name).replay(on: Stage()) }
}
