internal import ArgumentParser
internal import Console
internal import IncidentModel
internal import Reporting

struct PostmortemUpdate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "update", abstract: "Refresh the generated parts of a report; every other byte stays.",
    discussion: """
      Where people have changed a generated part, nothing is written (exit 65) before they say what is to become of it: \
      --keep takes its marks away, so that it is theirs, --overwrite writes it anew. A part that was taken out stays out; \
      --restore puts it back.

      Examples:
        andon postmortem update state/reports/INC-42.md
        andon postmortem update postmortem.md --keep summary --overwrite timeline
        andon postmortem update postmortem.md --restore severity
      """)

  @Argument(help: "The report.", completion: .file(extensions: ["md"]))
  var file: String

  @Option(help: ArgumentHelp("A part that people changed: it becomes theirs.", valueName: "PART"))
  var keep: [String] = []

  @Option(help: ArgumentHelp("A part that people changed: it is written anew.", valueName: "PART"))
  var overwrite: [String] = []

  @Option(help: ArgumentHelp("A part that the report does not have: it is put in.", valueName: "PART"))
  var restore: [String] = []

  @Option(
    help: ArgumentHelp("The incident, where the report does not say it any more.", valueName: "INC"),
    completion: .incidents)
  var incident: String?

  @OptionGroup var global: GlobalOptions

  func run() throws {
    let assembly = Assembly(global)
    let report = try ReportAtHand(file, incident: incident, assembly)
    let refresh: ReportRefresh
    do {
      refresh = try ReportRefresh(
        report.document, from: report.fresh,
        .init(keep: Set(keep), overwrite: Set(overwrite), restore: Set(restore)))
    } catch let problem as Problem { throw CommandFailure(.usage, problem) }
    guard let bytes = refresh.bytes else {
      if global.json { assembly.screen.record(try json(refresh, written: false)) } else { refuse(refresh, assembly) }
      throw Ending(.data)
    }
    let isNew = bytes != report.file.bytes
    if isNew { try report.file.replace(with: bytes) }
    if global.json { return assembly.screen.record(try json(refresh, written: isNew)) }
    tell(refresh, written: isNew, assembly)
  }

  private func tell(_ refresh: ReportRefresh, written: Bool, _ assembly: Assembly) {
    let changes = refresh.lines.filter { [.refreshed, .overwritten, .kept, .restored].contains($0.outcome) }
    let same = refresh.lines.count { $0.outcome == .unchanged }
    assembly.screen.record(
      written ? "Updated \(file.visible)" : "\(file.visible) is up to date; nothing was written")
    for line in changes { assembly.screen.record("  \(line.part.padded(to: 16))\(line.outcome.words)") }
    if written, same > 0 { assembly.screen.record("  \(same) \(same == 1 ? "part is" : "parts are") as before") }
    for line in refresh.lines where line.outcome == .retired {
      assembly.screen.hint("  \(line.part) is not a part of this report any more; it was left as it is")
    }
    for (outcome, what) in [(ReportRefresh.Outcome.absent, "left out, as people wish"), (.new, "new, and not put in")] {
      let names = refresh.lines.filter { $0.outcome == outcome }.map(\.part)
      guard let first = names.first else { continue }
      assembly.screen.hint("  \(what): \(names.joined(separator: ", "))   (--restore \(first) puts it in)")
    }
  }

  private func refuse(_ refresh: ReportRefresh, _ assembly: Assembly) {
    let edited = refresh.edited
    let parts = edited.count == 1 ? "a generated part" : "\(edited.count) generated parts"
    assembly.screen.warn("andon: \(file.visible): people have changed \(parts); nothing was written")
    for line in edited {
      let place = line.line.map { "line \($0), " } ?? ""
      assembly.screen.warn("\n\(place)part '\(line.part)':   - in the file now   + what --overwrite would write")
      for change in line.difference { assembly.screen.warn("  \(change)") }
      if line.difference.isEmpty {
        assembly.screen.warn("  its text is as andon writes it; only the sum in its mark is not")
      }
    }
    let path = file.visible
    for line in edited {
      assembly.screen.warn(
        "\n  andon postmortem update \(path) --keep \(line.part)        it is people's from now on\n"
          + "  andon postmortem update \(path) --overwrite \(line.part)   what they changed in it is gone")
    }
  }

  private func json(_ refresh: ReportRefresh, written: Bool) throws -> String {
    try ReportJSON.text(Shape(file: file, written: written, parts: refresh.lines))
  }

  private struct Shape: Encodable {
    let schemaVersion = ReportJSON.schemaVersion
    let file: String
    /// False when it was up to date, or people have to decide first.
    let written: Bool
    let parts: [ReportRefresh.Line]
  }
}

extension ReportRefresh.Outcome {
  fileprivate var words: String {
    switch self {
    case .kept: "is people's from now on"
    case .restored: "put in"
    case .overwritten: "written anew, over what people had changed"
    default: rawValue
    }
  }
}
