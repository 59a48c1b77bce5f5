public import IncidentModel

/// What keeps a report from being finished: `andon postmortem check`.
public struct ReportReview: Sendable, Codable {
  public enum Kind: String, Sendable, Codable {
    /// The journal has entries of the incident that the report does not know.
    case behind
    /// A part is not what the journal gives now.
    case stale
    /// People have changed a generated part.
    case edited
    /// Nobody has answered a prompt.
    case prompt
    // Notes, which keep nobody from finishing it:
    /// People took a part, or its marks, out.
    case absent
    /// A part that the report was made without.
    case new
    /// A part that a new report would not have.
    case retired

    var isNote: Bool { self == .absent || self == .new || self == .retired }
  }

  public struct Finding: Sendable, Codable {
    public let kind: Kind
    /// In the file, from 1; `nil` for what is not in it.
    @OrNull public var line: Int?
    @OrNull public var part: String?
    public let what: String
    /// What to do about it.
    @OrNull public var advice: String?
  }

  @OrNull public var incident: IncidentID?
  /// In the order of the file. Empty: it is finished.
  public let reasons: [Finding]
  /// What people should know, and may want so.
  public let notes: [Finding]

  public var isFinished: Bool { reasons.isEmpty }

  /// - Parameters:
  ///   - fresh: what the journal gives now; `nil`: only what the file itself tells is looked at.
  ///   - file: how to call the report in commands.
  public init(_ document: ReportDocument, against fresh: FreshReport?, file: String) throws {
    let update = "andon postmortem update \(file)"
    var found = Self.prompts(document) + Self.edits(document, update)
    if let fresh {
      let new = try fresh.document()
      found += Self.missing(document, new, update)
      let newer = document.mark.map { mark in fresh.entries.count { $0.sequence > mark.head.sequence } } ?? 0
      if let mark = document.mark, newer > 0 {
        let entries = newer == 1 ? "1 newer entry" : "\(newer) newer entries"
        found.append(
          Finding(
            .behind, line: document.markLine,
            "the report goes up to entry \(mark.head.sequence); the journal has \(entries) of \(mark.incident)", update)
        )
      }
      for part in document.parts where !part.isEdited {
        guard let now = new.part(part.name), !part.saysTheSame(as: now) else { continue }
        found.append(
          Finding(
            .stale, line: part.line, part: part.name, "part '\(part.name)' is not what the journal gives now", update))
      }
    }
    found.sort { ($0.line ?? .max, $0.part ?? "") < ($1.line ?? .max, $1.part ?? "") }
    reasons = found.filter { !$0.kind.isNote }
    notes = found.filter { $0.kind.isNote }
    incident = document.mark?.incident
  }

  /// The beginning of a prompt, which stands for a text that people still have to write.
  private static let prompt = "_Write here:"

  private static func prompts(_ document: ReportDocument) -> [Finding] {
    document.human.compactMap { line in
      let text = line.text.drop(while: \.isWhitespace)
      guard text.hasPrefix(prompt) else { return nil }
      let ask = text.dropFirst(prompt.count).drop(while: \.isWhitespace)
      let end = ask.last == "_" ? ask.dropLast() : ask
      return Finding(
        .prompt, line: line.number, "nobody has written here: \(String(end))", "Put the answer in place of the line.")
    }
  }

  private static func edits(_ document: ReportDocument, _ update: String) -> [Finding] {
    document.parts.filter(\.isEdited).map { part in
      Finding(
        .edited, line: part.line, part: part.name, "people have changed the generated part '\(part.name)'",
        "\(update) --keep \(part.name), or --overwrite \(part.name)")
    }
  }

  private static func missing(_ document: ReportDocument, _ new: ReportDocument, _ update: String) -> [Finding] {
    let known = document.mark?.parts ?? []
    let gone = new.parts.filter { document.part($0.name) == nil }.map { part in
      known.contains(part.name)
        ? Finding(
          .absent, part: part.name, "part '\(part.name)' was taken out, or is people's now",
          "\(update) --restore \(part.name)")
        : Finding(
          .new, part: part.name, "part '\(part.name)' is new: this report was made without it",
          "\(update) --restore \(part.name)")
    }
    let retired = document.parts.filter { new.part($0.name) == nil }.map { part in
      Finding(
        .retired, line: part.line, part: part.name, "part '\(part.name)' is not a part of this report any more", nil)
    }
    return gone + retired
  }
}

extension ReportReview.Finding {
  fileprivate init(
    _ kind: ReportReview.Kind, line: Int? = nil, part: String? = nil, _ what: String, _ advice: String?
  ) {
    self.kind = kind
    self.what = what
    self.line = line
    self.part = part
    self.advice = advice
  }

  /// `line 12: part 'header' is not what the journal gives now`
  public var text: String { (line.map { "line \($0): " } ?? "") + what.visible }
}
