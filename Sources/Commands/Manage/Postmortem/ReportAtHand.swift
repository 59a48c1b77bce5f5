internal import Engine
internal import IncidentModel
internal import Playbooks
internal import Reporting

/// A report that a command is about: the file, what it says about itself, and what the journal says now.
struct ReportAtHand {
  let file: FileInPlace
  let document: ReportDocument
  let fresh: FreshReport

  /// - Parameter incident: `INC-1` for a report that does not say which one it is about.
  /// - Throws: `CommandFailure`: 65 when a mark is broken or the journal is not the report's, 64 for a wrong name.
  init(_ path: String, incident: String?, _ assembly: Assembly) throws {
    file = try FileInPlace(path)
    document = try Self.document(file)
    let id = try Self.incident(document.mark?.incident, named: incident, path)
    fresh = try FreshReport(id, reader: try assembly.openReader())
    if let mark = document.mark {
      do { try fresh.refuse(mark) } catch { throw CommandFailure(.data, error.about(path)) }
    }
  }

  /// - Throws: `CommandFailure` (65) with the place of the first mark that is broken.
  static func document(_ file: FileInPlace) throws -> ReportDocument {
    do { return try ReportDocument(file.bytes, file: file.name) } catch {
      throw CommandFailure(.data, "\(error.text)\n  Nothing was written.")
    }
  }

  private static func incident(_ marked: IncidentID?, named text: String?, _ path: String) throws -> IncidentID {
    let named = try text.map { text in
      guard let id = IncidentID(text) else {
        throw CommandFailure(.usage, "'\(text)' is not of the form INC-1", advice: "andon history lists them.")
      }
      return id
    }
    if let named, let marked, named != marked {
      throw CommandFailure(.usage, "\(path) is about \(marked), not about \(named)", advice: "Leave --incident out.")
    }
    if let id = marked ?? named { return id }
    throw CommandFailure(
      .data, "\(path) does not say which incident it is about: the line '<!-- andon:report INC-1 …' is gone",
      advice: "Say it, and it is put back: andon postmortem update \(path) --incident INC-1")
  }
}

extension Problem {
  fileprivate func about(_ path: String) -> Problem { Problem("\(path): \(message)", advice: advice) }
}
