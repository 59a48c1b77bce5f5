import Foundation
import TestSupport
import Testing

/// A terminal session as it is kept in `Screens/NAME.txt`: what a person sees, with what they type between « and ».
/// `docs/contributing.md` tells how to write one.
struct Screenplay {
  let name: String
  /// The lines above the first command: what this shows, the terminal, variables.
  private let heading: [String]
  private let scenes: [Scene]
  private let text: String

  init(_ name: String) throws {
    try self.init(name: name, text: String(contentsOfFile: Self.path(name), encoding: .utf8))
  }

  init(name: String, text: String) {
    self.name = name
    self.text = text
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    var parts = [[String]]()
    for line in lines {
      if line.hasPrefix("$ andon") || parts.isEmpty { parts.append([]) }
      parts[parts.count - 1].append(line)
    }
    heading = parts.first ?? []
    scenes = parts.dropFirst().map { Scene(command: String($0[0].dropFirst(2)), transcript: $0.dropFirst()) }
  }

  private static func path(_ name: String) -> String { Repository.file("Tests/EndToEndTests/Screens/\(name).txt") }

  private var columns: Int {
    heading.lazy.compactMap { $0.wholeMatch(of: /# (\d+) columns/)?.1 }.first.flatMap { Int($0) } ?? 80
  }

  private var variables: [String: String] {
    let pairs = heading.compactMap { $0.wholeMatch(of: /# ([A-Z_]+)=(.*)/) }.map { (String($0.1), String($0.2)) }
    return Dictionary(pairs) { _, last in last }
  }

  /// Plays every scene and compares; with `ANDON_RECORD_SCREENS` it keeps what happened instead.
  func replay(on stage: Stage, sourceLocation: Testing.SourceLocation = #_sourceLocation) async throws {
    let played = try await play(on: stage)
    if ProcessInfo.processInfo.environment["ANDON_RECORD_SCREENS"] != nil {
      try played.write(toFile: Self.path(name), atomically: true, encoding: .utf8)
    } else if let difference = difference(from: played) {
      Issue.record(Comment(rawValue: difference), sourceLocation: sourceLocation)
    }
  }

  /// The whole file, as it is when it is kept now.
  func play(on stage: Stage, patience: Duration = .seconds(30)) async throws -> String {
    var kept = heading
    for scene in scenes {
      let variables = stage.variables.merging(variables) { _, new in new }
        .merging(["ANDON": AndonProgram.path]) { _, new in new }
      let script = "exec \"$ANDON\"" + scene.command.dropFirst("andon".count)
      let terminal = try Terminal(
        ["/bin/sh", "-c", script], environment: variables, directory: stage.folder.path, columns: columns)
      var performance = Performance(
        on: terminal, columns: columns, varying: VaryingParts(folders: [stage.folder.path]), patience: patience)
      kept += ["$ \(scene.command)"] + (try await performance.play(scene)) + [""]
    }
    return kept.dropLast().joined(separator: "\n") + "\n"
  }

  /// The first line that is not as it was kept; `nil` when all are.
  func difference(from played: String) -> String? {
    if played == text { return nil }
    let (before, now) = (text.components(separatedBy: "\n"), played.components(separatedBy: "\n"))
    let place = zip(before, now).prefix { $0 == $1 }.count
    func line(_ lines: [String]) -> String { place < lines.count ? "'\(lines[place])'" : "nothing more" }
    return """
      Screens/\(name).txt, line \(place + 1): kept is \(line(before)), now it shows \(line(now)).
      If that is meant: ANDON_RECORD_SCREENS=1, see docs/contributing.md. The whole of it now:
      \(played)
      """
  }
}
