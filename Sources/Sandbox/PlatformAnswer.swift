internal import IncidentModel

/// A status and, mostly, JSON.
struct PlatformAnswer: Sendable {
  let status: Int
  let body: Value?

  static func error(_ status: Int, _ text: String) -> PlatformAnswer {
    PlatformAnswer(status: status, body: .map(["error": .text(text)]))
  }
}
