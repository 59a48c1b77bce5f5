internal import Foundation
internal import IncidentModel
internal import Journaling
internal import Playbooks
internal import Reporting

extension Assembly {
  /// What `severity.yaml` asks of postmortems, and which lie in the state folder.
  var reportDuty: ReportDuty {
    // A scale that cannot be read must not keep anybody from seeing what is open.
    let scale = try? library.severityScale()
    let folder = "\(stateDirectory)/reports"
    return ReportDuty { severity in
      scale?[severity]?.windows.first { $0.name == "post_incident" }?.length
    } isWritten: { incident in
      FileManager.default.fileExists(atPath: "\(folder)/\(incident).md")
    }
  }

  /// What is due in an environment. Playbooks with mistakes ask for nothing.
  func schedule(_ reader: JournalReader?, environment name: String?) throws -> ScheduleReport {
    let usual = environment.nonEmpty("ANDON_ENV") ?? "production"
    let chosen = name ?? usual
    let loader = PlaybookLoader(library: nil)
    let playbooks = library.paths().compactMap { path in
      loader.load(path: path).playbook.map { ScheduledPlaybook($0, written: Self.written(path)) }
    }
    let asking = playbooks.map(\.playbook).filter { $0.schedule != nil || $0.drillPeriod != nil }.map(\.id)
    let register =
      try reader.map { reader throws in
        try Register(standing: reader, reports: reportDuty, pastOf: asking, in: chosen)
      } ?? Register([])
    return ScheduleReport(
      register, playbooks: playbooks, environment: chosen, flag: chosen == usual ? "" : " --env \(chosen)",
      now: time.read().wall, reports: reportDuty)
  }

  private static func written(_ path: String) -> Timestamp {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    let date = attributes?[.modificationDate] as? Date ?? Date(timeIntervalSince1970: 0)
    return Timestamp(milliseconds: Int64(date.timeIntervalSince1970) * 1000)
  }
}
