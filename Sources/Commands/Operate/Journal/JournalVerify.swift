internal import ArgumentParser
internal import Console
internal import Execution
internal import Foundation
internal import IncidentModel
internal import Journaling

struct JournalVerify: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Is every entry as it was written? Changes nothing.",
    discussion: """
      Exit 0: whole, and its last entry is anchored. 1: altered; the first bad entry is named. 2: shorter than \
      an anchor. 3: the chain holds, but some entries are after the last anchor, or there is none. An anchor is a \
      head noted elsewhere: each run prints one, and the file 'anchors.txt' beside the journal collects them. Who can \
      rewrite the journal can rewrite that file too: ANDON_ANCHORS names one elsewhere, and an environment a table. \
      Needs no network, except for --anchors-from.

      Examples:
        andon journal verify
        andon journal verify --anchors-from production
        andon journal verify copy/journal.db --anchors /mnt/other/anchors.txt
      """)

  @Argument(help: "The journal's file. Default: the one in the state folder.", completion: .file())
  var file: String?

  @Option(
    help: ArgumentHelp(
      "A file of anchors; may be given more than once. Default: anchors.txt beside the journal, and ANDON_ANCHORS.",
      valueName: "FILE"), completion: .file())
  var anchors: [String] = []

  @Option(
    help: ArgumentHelp("The environment whose table of anchors is asked too.", valueName: "ENV"),
    completion: .environments)
  var anchorsFrom: String?

  @Option(
    help: ArgumentHelp(
      "What the journal is called in that table, where FILE is a copy: HOST:PATH. Default: this machine and its path.",
      valueName: "NAME"))
  var journal: String?

  @Option(help: ArgumentHelp("An anchor as it was printed: SEQUENCE:HASH.", valueName: "HEAD"))
  var anchor: [String] = []

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let assembly = Assembly(global)
    assembly.mentionSpools()
    let path = file ?? "\(assembly.stateDirectory)/journal.db"
    guard FileManager.default.fileExists(atPath: path) else {
      throw CommandFailure(
        .data, "there is no journal at \(path)", advice: "Name its folder with --state DIR, or the file itself.")
    }
    // What is no plain file may never end, or be a whole folder.
    guard
      case .typeRegular? = try? FileManager.default.attributesOfItem(atPath: path.resolvingLinks)[.type]
        as? FileAttributeType
    else {
      throw CommandFailure(
        .data, "\(path.visible) is no plain file", advice: "Name the journal itself, or its folder with --state DIR.")
    }
    if journal != nil, anchorsFrom == nil {
      throw CommandFailure(.usage, "--journal says what to look for in a table", advice: "Add --anchors-from ENV.")
    }
    var known = KnownAnchors()
    try known.add(printed: anchor)
    try known.add(files: anchors, besides: path, assembly, isOurs: file == nil)
    if let anchorsFrom {
      let name = journal ?? AnchorDesk.name(ofJournalAt: path, host: assembly.host)
      try await assembly.withAnchorTable(of: anchorsFrom, journal: name) { desk in
        known.add(try await desk.heads(), from: "\(desk.place), for \(name)")
      }
    }
    let report: JournalVerifier.Report
    do throws(JournalError) { report = try JournalVerifier(file: path).verify(anchors: known.heads) } catch {
      // A file that SQLite cannot even open is not what was written.
      report = JournalVerifier.Report(unreadable: error.problem.message)
    }
    let verdict = VerdictText(report, path: path, anchors: known)
    assembly.screen.record(global.json ? verdict.json : verdict.text)
    if report.exitCode != 0 { throw ExitCode(report.exitCode) }
  }
}

extension String {
  fileprivate var resolvingLinks: String { URL(fileURLWithPath: self).resolvingSymlinksInPath().path }
}
