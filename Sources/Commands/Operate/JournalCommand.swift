internal import ArgumentParser
internal import Console
internal import Foundation
internal import IncidentModel
internal import Journaling

struct JournalCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "journal", abstract: "Check and export the record.",
    discussion: "Examples:\n  andon journal verify\n  andon journal export", subcommands: [Verify.self, Export.self])

  struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "verify", abstract: "Is every entry as it was written? Needs no network and changes nothing.",
      discussion: """
        Exit 0: whole, and its last entry is anchored. 1: altered; the first bad entry is named. 2: shorter than \
        an anchor. 3: the chain holds, but some entries are after the last anchor, or there is none. An anchor is a \
        head noted elsewhere: each run prints one, and the file 'anchors.txt' beside the journal collects them. \
        Keep a copy of it on another machine.

        Examples:
          andon journal verify
          andon journal verify copy/journal.db --anchors /mnt/other/anchors.txt
        """)

    @Argument(help: "The journal's file. Default: the one in the state folder.", completion: .file())
    var file: String?

    @Option(
      help: ArgumentHelp("A file of anchors. Default: anchors.txt beside the journal.", valueName: "FILE"),
      completion: .file())
    var anchors: String?

    @Option(help: ArgumentHelp("An anchor as it was printed: SEQUENCE:HASH.", valueName: "HEAD"))
    var anchor: [String] = []

    @OptionGroup var global: GlobalOptions

    func run() throws {
      let assembly = Assembly(global)
      let path = file ?? "\(assembly.stateDirectory)/journal.db"
      guard FileManager.default.fileExists(atPath: path) else {
        throw CommandFailure(
          .data, "there is no journal at \(path)", advice: "Name its folder with --state DIR, or the file itself.")
      }
      var heads = JournalVerifier.anchors(in: anchors ?? JournalVerifier.defaultAnchorFile(for: path))
      for text in anchor {
        guard let head = JournalHead(text) else {
          throw CommandFailure(.usage, "--anchor '\(text)' is not of the form SEQUENCE:HASH")
        }
        heads.append(head)
      }
      let report: JournalVerifier.Report
      do throws(JournalError) { report = try JournalVerifier(file: path).verify(anchors: heads) } catch {
        // A file that SQLite cannot even open is not what was written.
        report = JournalVerifier.Report(unreadable: error.problem.message)
      }
      assembly.screen.record(global.json ? json(report, path) : text(report, path))
      if report.exitCode != 0 { throw ExitCode(report.exitCode) }
    }

    private func text(_ report: JournalVerifier.Report, _ path: String) -> String {
      switch report.verdict {
      case .anchored:
        "WHOLE AND ANCHORED  \(path): \(report.head.sequence) entries, head \(report.head)"
      case .unanchored(let count):
        "VALID, NOT ANCHORED  \(path): the chain of \(report.head.sequence) entries holds, head \(report.head);\n"
          + "  \(count) at the end are after the last of \(report.anchors) anchors and could have been cut off or replaced"
      case .altered(let sequence, let why):
        sequence == 0
          ? "ALTERED  \(path): \(why.visible)"
          : "ALTERED  \(path): entry \(sequence) is the first bad one: \(why.visible)"
      case .shortened(let anchor):
        "SHORTENED  \(path): it ends at entry \(report.head.sequence), an anchor saw entry \(anchor.sequence)"
      }
    }

    private func json(_ report: JournalVerifier.Report, _ path: String) -> String {
      var members: [String: Value] = [
        "schema_version": .number(1), "file": .text(path), "exit": .number(Int(report.exitCode)),
        "head": .map(["sequence": .number(Int(report.head.sequence)), "hash": .text(report.head.hash)]),
        "anchors": .number(report.anchors),
      ]
      switch report.verdict {
      case .anchored: members["verdict"] = .text("anchored")
      case .unanchored(let count):
        members["verdict"] = .text("unanchored")
        members["unanchored_entries"] = .number(Int(count))
      case .altered(let sequence, let why):
        members["verdict"] = .text("altered")
        members["first_bad"] = .map(["sequence": .number(Int(sequence)), "why": .text(why)])
      case .shortened(let anchor):
        members["verdict"] = .text("shortened")
        members["anchor"] = .map(["sequence": .number(Int(anchor.sequence)), "hash": .text(anchor.hash)])
      }
      return Value.map(members).jsonText
    }
  }

  struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "export", abstract: "Every entry as a line of JSON: seq, hash, and the body exactly as stored.",
      discussion: "Example:\n  andon journal export > journal.jsonl")

    @Option(help: ArgumentHelp("Write to this file.", valueName: "FILE"), completion: .file())
    var out: String?

    @OptionGroup var global: GlobalOptions

    func run() throws {
      let assembly = Assembly(global)
      let reader = try assembly.openReader()
      var lines: [String] = []
      try reader.forEachEntry { entry in
        let line = Value.map([
          "seq": .number(Int(entry.sequence)), "hash": .text(entry.hash.hexText),
          "body": .text(String(decoding: entry.body, as: UTF8.self)),
        ]).jsonText
        if out == nil { assembly.screen.record(line) } else { lines.append(line) }
        return true
      }
      if let out { try NewFile(path: out).write(lines.map { $0 + "\n" }.joined()) }
    }
  }
}

extension JournalVerifier.Report {
  /// The exit codes of `journal verify`.
  var exitCode: Int32 {
    switch verdict {
    case .anchored: 0
    case .altered: 1
    case .shortened: 2
    case .unanchored: 3
    }
  }
}
