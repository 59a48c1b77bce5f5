internal import Foundation
internal import IncidentModel

/// What a template is filled from: the JSON of a report, with a few things that templates cannot make themselves.
///
/// Beside each moment and each number of milliseconds stands the same for people, under its name with `_text`. Objects
/// whose names people chose are lists of `name` and `value`. `markdown` holds the parts of the report ready to print.
public struct TemplateContext: Sendable {
  let value: Value
  /// Every name, also those that are empty this time.
  let shape: TemplateShape

  public init(_ postmortem: Postmortem) throws {
    let blocks = PostmortemMarkdown(postmortem).blocks.map { block in
      (block.name.split(separator: "-").joined(separator: "_"), block.body)
    }
    try self.init(postmortem, TemplateNames.report, markdown: Dictionary(blocks) { first, _ in first })
  }

  public init(_ report: PublicReport) throws {
    try self.init(report, TemplateNames.publicReport, markdown: PublicMarkdown(report).pieces)
  }

  private init(_ report: some Encodable, _ names: String, markdown: [String: String]) throws {
    let known = TemplateShape(names: names)
    let json = try Value.json(Data(try ReportJSON.text(report).utf8))
    guard case .map(var members) = Self.completed(json, known) else { throw Problem("the report is no JSON object") }
    let parts = Value.map(markdown.mapValues { .text($0.withoutLastBreak) })
    members["markdown"] = Self.completed(parts, known["markdown"] ?? .unknown)
    value = .map(members)
    shape = known.completed.merged(with: TemplateShape(value))
  }

  /// With every name that is known, and the texts beside moments and durations.
  private static func completed(_ value: Value, _ shape: TemplateShape) -> Value {
    switch (value, shape) {
    case (.map(let members), .pairs):
      return .list(
        members.sorted { $0.key < $1.key }.map { name, value in
          .map(["name": .text(name), "value": .text(value.displayText)])
        })
    case (.map(let members), .map(let known)):
      var result = members
      for (name, shape) in known {
        let member = members[name] ?? .null
        result[name] = completed(member, shape)
        if let text = text(member, shape) { result["\(name)_text"] = text }
      }
      return .map(result)
    case (.list(let items), .list(let element)): return .list(items.map { completed($0, element) })
    // What a step returned or somebody answered may be anything.
    case (.map, .text), (.list, .text): return .text(value.displayText)
    default: return value
    }
  }

  /// `nil` for what needs none.
  private static func text(_ value: Value, _ shape: TemplateShape) -> Value? {
    switch (shape, value) {
    case (.moment, .text(let text)):
      .text(Timestamp(text).map { "\($0.calendarDate) \($0.clockTime)" } ?? text)
    case (.milliseconds, .number(let number)):
      .text(Int64(number.description).map { Duration.milliseconds($0).spokenText } ?? number.description)
    case (.moment, _), (.milliseconds, _): .null
    default: nil
    }
  }
}

extension TemplateShape {
  /// The same additions, to what is known.
  fileprivate var completed: TemplateShape {
    switch self {
    case .pairs: return .list(.map(["name": .text, "value": .text]))
    case .list(let element): return .list(element.completed)
    case .map(let members):
      var result = members.mapValues(\.completed)
      for (name, shape) in members where shape == .moment || shape == .milliseconds { result["\(name)_text"] = .text }
      return .map(result)
    default: return self
    }
  }
}

extension String {
  fileprivate var withoutLastBreak: String { hasSuffix("\n") ? String(dropLast()) : self }
}
