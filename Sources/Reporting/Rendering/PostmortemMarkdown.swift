internal import Engine
internal import IncidentModel

/// The report about an incident as Markdown that GitHub and GitLab render.
///
/// Generated parts stand between marks (`GeneratedBlock`); prompts and what people write stand outside them.
public struct PostmortemMarkdown {
  let postmortem: Postmortem

  public init(_ postmortem: Postmortem) { self.postmortem = postmortem }

  /// The whole file. Ends with one line break.
  public var text: String {
    let parts = sections.map { section in
      ([section.heading] + section.parts.map(\.text)).joined(separator: "\n\n")
    }
    return parts.joined(separator: "\n\n") + "\n"
  }

  /// The generated parts alone, in the order of the file: what refreshing replaces.
  public var blocks: [GeneratedBlock] {
    sections.flatMap(\.parts).compactMap { if case .generated(let block) = $0 { block } else { nil } }
  }

  // MARK: - The order of the report

  struct Section {
    let heading: String
    let parts: [Part]

    init(_ heading: String, _ parts: [Part]) {
      self.heading = heading
      self.parts = parts
    }
  }

  enum Part {
    case generated(GeneratedBlock)
    case prompt(String)
    /// Text that is a beginning only: people change it, nobody refreshes it.
    case seed(String)

    var text: String {
      switch self {
      case .generated(let block): block.text
      case .prompt(let ask): "_Write here: \(ask)_"
      case .seed(let text): text
      }
    }
  }

  func block(_ name: String, _ body: String) -> Part { .generated(GeneratedBlock(name, body)) }

  /// Every generated part is there in every report, whatever it has to say: which ones there are is no news.
  private var sections: [Section] {
    headSections + drillSections + impactSections + courseSections + causeSections + learningSections
      + workSections + appendixSections
  }

  private var headSections: [Section] {
    let incident = postmortem.incident
    return [
      Section("# Postmortem: \(incident.id) \(Markdown.inline(incident.title))", [block("header", header)]),
      Section(
        "## Summary",
        [
          block("summary", Markdown.inline(postmortem.summary)),
          .prompt("what happened, what users saw, what was done; two or three sentences for those who were not there."),
        ]),
      Section("## Severity", [block("severity", severity)]),
      Section("## Roles and responders", [block("people", people)]),
      Section("## Who was called", [block("escalations", escalations)]),
      Section("## Metrics", [block("metrics", metrics)]),
      Section("## Targets", [block("targets", targets)]),
    ]
  }

  /// Nothing in a real incident.
  private var drillSections: [Section] {
    if postmortem.drills.isEmpty { return [] }
    let parts = postmortem.drills.map { score in
      "**\(score.run) \(Markdown.inline(score.playbook)):** \(Markdown.inline(score.verdict.asSentence))\n\n"
        + score.markdown
    }
    return [Section("## Drill score", [block("drill", parts.joined(separator: "\n\n"))])]
  }
}

extension String {
  /// With a full stop, unless it ends a sentence already.
  var asSentence: String {
    let text = onOneLine
    return text.hasSuffix(".") || text.hasSuffix("!") || text.hasSuffix("?") ? text : text + "."
  }
}
