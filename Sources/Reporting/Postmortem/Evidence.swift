internal import Engine
public import IncidentModel

/// Something outside the journal that it points to: an address that stands in a note, an answer or a reading.
public struct EvidenceLink: Sendable, Hashable, Codable {
  /// `https://…`, as it was written.
  public let address: String
  public let entry: Int64

  /// Each address once, where it was named first.
  static func all(in entries: [Entry]) -> [EvidenceLink] {
    var known: Set<String> = []
    return entries.flatMap { entry in
      addresses(in: entry.event.fact.said).filter { known.insert($0).inserted }.map {
        EvidenceLink(address: $0, entry: entry.sequence)
      }
    }
  }

  private static func addresses(in text: String) -> [String] {
    text.split { $0.isWhitespace || "<>\"'`()[]{}|,;".contains($0) }.map(String.init).filter {
      ($0.hasPrefix("https://") || $0.hasPrefix("http://")) && $0.count > 8
    }
  }
}

/// A file that somebody named as evidence, with what tells it apart from every other.
public struct EvidenceFile: Sendable, Hashable, Codable {
  public let step: String
  public let name: String
  /// In hex.
  public let sha256: String
  @OrNull public var bytes: Int64?
  public let by: String
  public let at: Timestamp
  public let entry: Int64

  static func all(in runs: [RunAccount]) -> [EvidenceFile] {
    runs.flatMap { run in
      run.steps.compactMap { step in
        guard let answer = step.answered, let sha256 = answer.sha256 else { return nil }
        return EvidenceFile(
          step: step.title, name: answer.answer.displayText, sha256: sha256, bytes: answer.bytes, by: answer.by,
          at: answer.at, entry: answer.entry)
      }
    }
  }
}

/// A text that a person was given to post or to say, and what they answered.
public struct PostByHand: Sendable, Hashable, Codable {
  public let run: RunID
  public let step: String
  public let title: String
  public let text: String
  /// Where it was to be posted.
  @OrNull public var link: String?
  @OrNull public var answer: String?
  @OrNull public var by: String?
  @OrNull public var at: Timestamp?
  public let entries: [Int64]

  static func all(in runs: [RunAccount]) -> [PostByHand] {
    runs.flatMap { run in
      run.steps.compactMap { step in
        guard let question = step.record.question, let draft = question.draft else { return nil }
        let answered = step.answered
        return PostByHand(
          run: run.id, step: step.id.rawValue, title: step.title, text: draft, link: question.link,
          answer: answered?.answer.displayText, by: answered?.by, at: answered?.at,
          entries: step.entries.map(\.sequence))
      }
    }
  }
}

extension Fact {
  /// What a person, a service or a monitor said in it.
  fileprivate var said: String {
    switch self {
    case .incidentOpened(let opening): opening.why
    case .noted(let note): note.text
    case .stepAnswered(let answer): "\(answer.answer.displayText) \(answer.why ?? "")"
    case .stepChosen(let choice): choice.reason ?? ""
    case .monitorBreached(let breach): breach.reading
    case .followUpRecorded(let followUp): "\(followUp.title) \(followUp.why ?? "")"
    default: ""
    }
  }
}
