import IncidentModel
import Testing

@Suite("A misspelt word finds the one that was meant")
struct NearMissTests {
  private let keys = ["steps", "params", "schedule", "severity", "when_to_use", "kill_switch", "id", "on_failure"]

  @Test(
    "one or two slips are forgiven",
    arguments: [
      ("setps", "steps"), ("step", "steps"), ("parms", "params"), ("shedule", "schedule"), ("sevreity", "severity"),
      ("when-to-use", "when_to_use"), ("KILL_SWITCH", "kill_switch"), ("onfailure", "on_failure"),
    ])
  func forgiven(word: String, meant: String) {
    #expect(nearMiss(to: word, among: keys) == meant)
  }

  @Test(
    "a word that is like none of them gets no advice",
    arguments: ["", "x", "xy", "colour", "paragraph", String(repeating: "steps", count: 40)])
  func noAdvice(word: String) {
    #expect(nearMiss(to: word, among: keys) == nil)
  }

  @Test("a swap of neighbours is one slip, even in a word of four letters")
  func swap() {
    #expect(nearMiss(to: "trmi", among: ["trim", "text"]) == "trim")
  }

  @Test("the answer does not depend on the order of the words")
  func stable() {
    #expect(nearMiss(to: "cat", among: ["car", "bat", "cap"]) == "bat")
    #expect(nearMiss(to: "cat", among: ["cap", "bat", "car"]) == "bat")
  }

  @Test("a word is not a near miss of itself, but is one of its other case")
  func itself() {
    #expect(nearMiss(to: "steps", among: ["steps"]) == nil)
    #expect(nearMiss(to: "Steps", among: ["steps"]) == "steps")
  }
}
