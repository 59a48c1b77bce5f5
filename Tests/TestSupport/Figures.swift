import Foundation
import Glibc

/// What the attacks on a promise came to. Every record is printed as one line; with `ANDON_FIGURES=FILE` it is also
/// appended to FILE as one line of JSON, from which `Tests/figures` writes `docs/reliability.md`.
///
/// ```swift
/// Figures.record(
///   ["kills": 1000, "effects done twice": 0, "slowest resume, ms": 812],
///   promise: "What is not idempotent is never done twice", attack: "SIGKILL of andon at random instants",
///   in: "Crash safety")
/// ```
public enum Figures {
  /// Whether the long tier was asked for: `ANDON_TORTURE=long`, as `make torture` does.
  public static var isLong: Bool { ProcessInfo.processInfo.environment["ANDON_TORTURE"] == "long" }

  /// How often something is to be tried: `quick` in `make test`, `long` in `make torture`.
  public static func tries(quick: Int, long: Int) -> Int { isLong ? long : quick }

  /// - Parameters:
  ///   - reached: what was counted or measured, in the order of the page. The unit is part of the name.
  ///   - promise: the promise as a user would say it; the row's first column.
  ///   - attack: what was done to break it; the second.
  ///   - chapter: the heading under which the row stands.
  public static func record(
    _ reached: KeyValuePairs<String, Int>, promise: String, attack: String, in chapter: String
  ) {
    let counts = reached.map { Count(what: $0.key, count: $0.value) }
    let row = Row(
      chapter: chapter, promise: promise, attack: attack, tier: isLong ? "long" : "quick", reached: counts)
    print("figures: \(promise): " + counts.map { "\($0.count) \($0.what)" }.joined(separator: ", "))
    guard let path = ProcessInfo.processInfo.environment["ANDON_FIGURES"], !path.isEmpty else { return }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let text = try? encoder.encode(row) else { return }
    // One write of one line: suites of several processes may append at once.
    let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      return print("figures: cannot append to \(path): \(String(cString: strerror(errno)))")
    }
    _ = Array(text + Data("\n".utf8)).withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    close(descriptor)
  }

  private struct Row: Encodable {
    let chapter, promise, attack, tier: String
    let reached: [Count]
  }

  private struct Count: Encodable {
    let what: String
    let count: Int
  }
}
