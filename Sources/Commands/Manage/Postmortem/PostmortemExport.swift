internal import ArgumentParser
internal import Console
internal import IncidentModel
internal import Reporting

/// A report to hand on: from the journal, or as people finished it.
struct PostmortemExport: ParsableCommand {
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case md, html, json, csv

    /// By how the name of a file ends; `nil` when that tells nothing.
    init?(ending path: String) {
      let ending = path.split(separator: ".", omittingEmptySubsequences: false).last?.lowercased() ?? ""
      self.init(rawValue: ending == "htm" ? "html" : ending == "markdown" ? "md" : ending)
    }
  }

  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write a report to hand on: Markdown, one HTML file, JSON or CSV.",
    discussion: """
      From INC-42, it is written from the journal. From a FILE that 'postmortem create' wrote, it is what people made \
      of it: md without the marks for refreshing, html as one file that needs no other, prints well and runs no script. \
      json and csv (the timeline) come from the journal alone. --public tells only when, how bad and how long: nothing \
      that anybody typed or named. Writing appends nothing to the journal; a file that is there is never replaced.

      Examples:
        andon postmortem export INC-42 --out report.html
        andon postmortem export report.md --format html --out report.html
        andon postmortem export INC-42 --public --title "Trading paused" --out public.md
        andon postmortem export INC-42 --template house.md --out report.md
      """)

  @Argument(help: "INC-1, or the file of a report.", completion: .incidents)
  var source: String

  @Option(help: "md, html, json or csv. Without it, what the name after --out ends with, else md.")
  var format: Format?

  @Option(
    help: ArgumentHelp("The file to write; without it, or with -, it is printed.", valueName: "FILE"),
    completion: .file())
  var out: String?

  @Flag(name: .customLong("public"), help: "Only what everybody may know.")
  var isPublic = false

  @Option(help: "What the public report is called; the recorded title may name something.")
  var title: String?

  @Option(help: ArgumentHelp("A mustache template for md or html.", valueName: "FILE"), completion: .file())
  var template: String?

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if title != nil, !isPublic { throw ValidationError("--title is for --public: add that, or leave it out") }
  }

  func run() throws {
    let assembly = Assembly(global)
    let toFile = out.flatMap { $0 == "-" ? nil : $0 }
    let format = format ?? toFile.flatMap(Format.init(ending:)) ?? (global.json ? .json : .md)
    let text = try text(format, assembly)
    if toFile == nil, global.json, format != .json {
      return assembly.screen.record(
        Value.map(["schema_version": .number(1), "format": .text(format.rawValue), "text": .text(text)]).jsonText)
    }
    try assembly.handOut(text, to: toFile, asJSON: global.json) { "Report written to \($0)" }
  }

  private func text(_ format: Format, _ assembly: Assembly) throws -> String {
    if template != nil, format == .json || format == .csv {
      throw CommandFailure(.usage, "a template makes no \(format.rawValue)", advice: "Take --format md or html.")
    }
    guard let id = IncidentID(source) else { return try finished(format, assembly) }
    let reader = try assembly.openReader()
    if isPublic { return try text(PublicReport(Postmortem(id, reader: reader), title: title), format, assembly) }
    if format == .csv { return try TimelineReport(id, reader: reader).csv }
    let postmortem = try Postmortem(id, reader: reader)
    if format == .json { return try postmortem.json() }
    let markdown = try template.map { try filled($0, TemplateContext(postmortem), assembly) }
    return page(markdown ?? CleanCopy(PostmortemMarkdown(postmortem).text).text, format)
  }

  private func text(_ report: PublicReport, _ format: Format, _ assembly: Assembly) throws -> String {
    switch format {
    case .json: return try report.json()
    case .csv: return report.csv
    case .md, .html:
      let markdown = try template.map { try filled($0, TemplateContext(report), assembly) }
      return page(markdown ?? PublicMarkdown(report).text, format)
    }
  }

  private func page(_ markdown: String, _ format: Format) -> String {
    format == .html ? ReportPage(markdown: markdown).text : markdown
  }

  /// What people made of a report. It may hold what nobody should have written into it.
  private func finished(_ format: Format, _ assembly: Assembly) throws -> String {
    guard format == .md || format == .html, !isPublic, template == nil else {
      let what = isPublic ? "--public" : template != nil ? "--template" : "--format \(format.rawValue)"
      throw CommandFailure(
        .usage, "\(what) is written from the journal, and '\(source.visible)' is not of the form INC-1",
        advice: "Name the incident; andon history lists them.")
    }
    let copy = CleanCopy(try ReportFile(path: source).text(assembly))
    if !copy.prompts.isEmpty {
      let lines = copy.prompts.map(String.init).joined(separator: ", ")
      assembly.screen.hint("Still to be written, in \(source.visible): line \(lines)")
    }
    return page(copy.text, format)
  }

  private func filled(_ path: String, _ context: TemplateContext, _ assembly: Assembly) throws -> String {
    let source = try ReportFile(path: path).text(assembly)
    do { return try ReportTemplate(source, file: path).text(context) } catch { throw CommandFailure(.data, error) }
  }
}
