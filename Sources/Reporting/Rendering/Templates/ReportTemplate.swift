internal import Foundation
public import IncidentModel
internal import Mustache

/// A mustache template for reports. What is printed with two braces is words, whatever stands in it; with three, it is
/// Markdown.
public struct ReportTemplate: Sendable {
  private let template: MustacheTemplate
  private let tags: TemplateTags
  private let file: String

  /// - Parameter file: its name, for messages.
  /// - Throws: `Problem` with the line, when it is no mustache or uses what templates of reports do not have.
  public init(_ source: String, file: String) throws(Problem) {
    self.file = file.visible
    tags = try TemplateTags(source, file: file.visible)
    do { template = try MustacheTemplate(string: "{{% CONTENT_TYPE:\(MarkdownWords.name)}}\n\(source)") } catch {
      throw Self.problem(error, file: file.visible)
    }
  }

  /// The same context always gives the same text. Ends with one line break.
  /// - Throws: `Problem` with the line, when it names something that is not there.
  public func text(_ context: TemplateContext) throws(Problem) -> String {
    try TemplateCheck.check(tags, against: context.shape, file: file)
    var text = template.render(context.value.mustache).visible(keepingLineBreaks: true)
    while text.hasSuffix("\n") { text.removeLast() }
    return text + "\n"
  }

  private static func problem(_ error: any Error, file: String) -> Problem {
    guard let error = error as? MustacheTemplate.ParserError else {
      return Problem("\(file) is not mustache: \(error)", advice: "docs/postmortem-templates.md shows how one looks.")
    }
    let what =
      switch error.error as? MustacheTemplate.Error {
      case .sectionCloseNameIncorrect: "this ends a section that is not the one open here"
      case .expectedSectionEnd: "a section is never ended"
      case .unfinishedName: "this is not a name between braces"
      default: "this is not mustache"
      }
    // The pragma in front has a line of its own.
    return Problem(
      "\(file):\(max(1, error.context.lineNumber - 1)): \(what): \(error.context.line.visible.truncated(to: 80))",
      advice: "A section is {{#name}}…{{/name}}, a value is {{name}}.")
  }
}

/// Foreign text in Markdown, as the reports themselves have it.
private struct MarkdownWords: MustacheContentType {
  static let name: String = {
    MustacheContentTypes.register(MarkdownWords(), named: "MARKDOWN")
    return "MARKDOWN"
  }()

  func escapeText(_ text: String) -> String { Markdown.inline(text) }
}

extension Value {
  /// What is empty counts as absent, so that a section over it is left out.
  fileprivate var mustache: Any {
    switch self {
    case .null, .absent: NSNull()
    case .bool(let flag): flag
    case .text(let text): text.isEmpty ? NSNull() as Any : text
    case .list(let items): items.map(\.mustache)
    case .map(let members): members.mapValues(\.mustache)
    default: displayText
    }
  }
}
