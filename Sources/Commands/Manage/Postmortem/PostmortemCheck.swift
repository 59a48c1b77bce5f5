internal import ArgumentParser
internal import Console
internal import Engine
internal import IncidentModel
internal import Playbooks
internal import Reporting

struct PostmortemCheck: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Is a report finished, and what the journal says?",
    discussion: """
      Exit 0 when every report is; 3 when one is behind the journal, has a generated part that people changed, or a \
      prompt that nobody answered; 65 when a mark is broken. Asks nothing and writes nothing: made for CI.

      Examples:
        andon postmortem check state/reports/INC-42.md
        andon postmortem check postmortems/*.md --state state
        andon postmortem check postmortem.md --file-only
      """)

  @Argument(help: "The reports.", completion: .file(extensions: ["md"]))
  var files: [String]

  @Flag(help: "Without the journal: only marks, changed parts and unanswered prompts.")
  var fileOnly = false

  @OptionGroup var global: GlobalOptions

  func run() throws {
    let assembly = Assembly(global)
    var (shapes, worst) = ([Shape](), ExitStatus.ok)
    for file in files {
      do {
        let review = try review(file, assembly)
        shapes.append(Shape(file: file, finished: review.isFinished, review: review))
        if !review.isFinished && worst == .ok { worst = .degraded }
        if !global.json { tell(review, of: file, assembly) }
      } catch let failure as CommandFailure {
        shapes.append(Shape(file: file, finished: false, error: failure.problem.message))
        worst = failure.status
        if !global.json { assembly.screen.record(failure.problem.description.visible(keepingLineBreaks: true)) }
      }
    }
    if global.json { assembly.screen.record(try ReportJSON.text(All(files: shapes))) }
    if worst != .ok { throw Ending(worst) }
  }

  private func review(_ file: String, _ assembly: Assembly) throws -> ReportReview {
    if fileOnly {
      return try ReportReview(ReportAtHand.document(FileInPlace(file)), against: nil, file: file)
    }
    do {
      let report = try ReportAtHand(file, incident: nil, assembly)
      return try ReportReview(report.document, against: report.fresh, file: file)
    } catch let problem as Problem { throw CommandFailure(.data, problem) }
  }

  private func tell(_ review: ReportReview, of file: String, _ assembly: Assembly) {
    let name = file.visible
    if review.isFinished {
      assembly.screen.record(
        "\(name): finished\(fileOnly ? ", as far as the file tells" : ", and as the journal has it")")
    } else {
      let count = review.reasons.count
      assembly.screen.record("\(name): not finished, for \(count) \(count == 1 ? "reason" : "reasons")")
    }
    for reason in review.reasons { assembly.screen.record("  \(reason.text)") }
    for advice in Set(review.reasons.compactMap(\.advice)).sorted() { assembly.screen.hint("  \(advice.visible)") }
    for note in review.notes { assembly.screen.hint("  note: \(note.text)") }
  }

  private struct All: Encodable {
    let schemaVersion = ReportJSON.schemaVersion
    let files: [Shape]
  }

  private struct Shape: Encodable {
    let file: String
    let finished: Bool
    @OrNull var review: ReportReview?
    /// Why it could not be looked at.
    @OrNull var error: String?
  }
}
