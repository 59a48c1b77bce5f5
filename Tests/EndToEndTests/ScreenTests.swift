import TestSupport
import Testing

@Suite("What a person sees", .inTurn, .timeLimit(.minutes(40)))
struct ScreenTests {
  @Test(
    "The screen is as it is kept in Tests/EndToEndTests/Screens",
    arguments: ["playbook-list", "status-nothing-open", "pull-wrong-word", "pull-wrong-word-narrow"])
  func screen(name: String) async throws { try await Screenplay(name).replay(on: Stage()) }

  @Test(
    "A walk through a small platform is as it is kept there",
    arguments: [
      "guided-step", "guided-step-narrow", "guided-step-dumb", "guided-step-accessible", "guided-step-no-colour",
      "guided-step-plain", "failed-check", "questions", "watch", "crash", "kill-switch", "incident-open", "hostile",
      "wide",
    ])
  func walk(name: String) async throws { try await Screenplay(name).replay(on: .small()) }
}
