/// Something that really happened in the world, as the world recorded it: nothing of it comes from the journal.
struct Effect: Hashable, Sendable {
  let run: String
  let step: String
  /// `nil` where the world was not told.
  let attempt: Int?

  /// Reads the mark that an attempt carries: `andon/RUN-1/append/1/5f3a0c1e`.
  init?(mark: String) {
    let parts = mark.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count >= 4, parts[0] == "andon" else { return nil }
    (run, step, attempt) = (parts[1], parts[2], Int(parts[3]))
  }
}

/// How often a step may do its work, which is what its author has said of it.
enum Kind: Sendable {
  case once
  case idempotent
  case exactlyOnce
}
