import Foundation
import TestSupport
import Testing

/// An incident that is open, and the report that was written of it.
struct WrittenReport {
  let desk: OnCall
  let path: String

  /// - Parameter note: recorded after the report was written, so that there is something to refresh.
  init(note: String? = "they pay again") async throws {
    desk = try await OnCall().opened()
    path = desk.playbooks.folder.file("report.md")
    let written = try await desk.andon("postmortem", "create", "INC-1", "--out", path)
    try #require(written.code == 0, "\(written)")
    if let note { try #require(try await desk.andon("note", note).code == 0) }
  }

  var bytes: [UInt8] { get throws { Array(try Data(contentsOf: URL(filePath: path))) } }
  var text: String { get throws { try String(contentsOfFile: path, encoding: .utf8) } }

  /// Puts something else into the file, without another one in its place.
  func write(_ bytes: [UInt8]) throws {
    let file = try FileHandle(forWritingTo: URL(filePath: path))
    try file.truncate(atOffset: 0)
    try file.write(contentsOf: Data(bytes))
    try file.close()
  }

  func write(_ text: String) throws { try write(Array(text.utf8)) }

  func update(_ more: String..., changing changes: [String: String] = [:]) async throws -> ProgramResult {
    try await AndonProgram(environment: desk.variables.merging(changes) { _, new in new }).run(
      ["postmortem", "update", path] + more)
  }

  func check(_ more: String...) async throws -> ProgramResult {
    try await AndonProgram(environment: desk.variables).run(["postmortem", "check", path] + more)
  }

  /// What the journal gives now.
  func fresh() async throws -> [UInt8] {
    let printed = try await desk.andon("postmortem", "create", "INC-1", "--out", "-")
    try #require(printed.code == 0, "\(printed)")
    // A record ends with a line break of its own.
    return Array(printed.stdout.utf8.dropLast())
  }

  /// The lines of a part, its marks included.
  func block(_ name: String) throws -> String {
    let text = try text
    let begin = try #require(text.firstRange(of: "<!-- andon:begin \(name) "))
    let mark = "<!-- andon:end \(name) -->\n"
    let end = try #require(text[begin.lowerBound...].firstRange(of: mark))
    return String(text[begin.lowerBound..<end.upperBound])
  }

  /// Every prompt is answered.
  func answer() throws {
    try write(
      try text.components(separatedBy: "\n").map { $0.hasPrefix("_Write here:") ? "We know now." : $0 }.joined(
        separator: "\n"))
  }

  /// What lies beside it.
  var litter: [String] {
    get throws {
      try FileManager.default.contentsOfDirectory(atPath: desk.playbooks.folder.path).filter { $0.hasPrefix(".") }
    }
  }
}
