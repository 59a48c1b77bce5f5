internal import ArgumentParser
internal import Console
internal import Foundation
internal import IncidentModel
internal import Journaling

struct JournalExport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Every entry as a line of JSON: seq, hash, and the body exactly as stored.",
    discussion: """
      For other programs, and for 'andon journal import', which makes the same journal of it again. The last line says \
      that it is the last.

      Examples:
        andon journal export > journal.jsonl
        andon journal export --out journal.jsonl
      """)

  @Option(help: ArgumentHelp("Write to this file.", valueName: "FILE"), completion: .file())
  var out: String?

  @OptionGroup var global: GlobalOptions

  func run() throws {
    let assembly = Assembly(global)
    let reader = try assembly.openReader()
    guard let out else {
      // A record ends its last line itself.
      return try reader.export { assembly.screen.record(String(decoding: $0.dropLast(), as: UTF8.self)) }
    }
    let draft = try Draft(of: out)
    do {
      let file = try FileHandle(forWritingTo: URL(fileURLWithPath: draft.path))
      try reader.export { try file.write(contentsOf: $0) }
      try file.close()
    } catch let error as JournalError { throw error } catch {
      throw CommandFailure(
        .usage, "cannot write \(out): \(error.localizedDescription)", advice: "Name another file with --out FILE.")
    }
    try draft.publish(as: out)
  }
}
