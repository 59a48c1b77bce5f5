internal import Console
internal import Engine
internal import Foundation
internal import IncidentModel
internal import Playbooks

/// What the severity of an incident asks for: its windows, whom to tell, and what may help.
struct SeverityAdvice {
  let assembly: Assembly
  let incident: IncidentState

  func show() {
    let level: SeverityLevel
    do {
      guard let found = try assembly.library.severityScale()[incident.severity] else { return }
      level = found
    } catch {
      return assembly.screen.warn("what \(incident.severity.rawValue) asks for is not known: \(error.message)")
    }
    rows("window", windows(level))
    rows("notify", notify(level))
    rows("may help", level.suggest.map(command))
  }

  private func rows(_ label: String, _ texts: [String]) {
    for (index, text) in texts.enumerated() {
      assembly.screen.record("  \((index == 0 ? label : "").padded(to: 10))\(text.visible)")
    }
  }

  /// Counted from the start, as far as that is known.
  private func windows(_ level: SeverityLevel) -> [String] {
    let start = incident.moment(of: .started) ?? incident.moment(of: .detected) ?? incident.openedAt
    let now = assembly.time.read().wall
    return level.windows.map { window in
      let end = start.map { $0 + window.length }
      let word = end.map { $0 < now ? ", OVERDUE since \($0.spoken(now: now))" : ", until \($0.spoken(now: now))" }
      return "\(window.name.replacing("_", with: "-")) \(window.length.inHours)\(word ?? "")"
    }
  }

  private func notify(_ level: SeverityLevel) -> [String] {
    let contacts = (try? assembly.library.contacts()) ?? []
    return level.notify.map { word in
      let found = contacts.first { $0.id == word || $0.role.lowercased() == word.lowercased() }
      return found.map(EscalationCall.line) ?? word
    }
  }

  /// A kill switch is pulled, anything else is run.
  private func command(_ id: String) -> String {
    guard let path = try? assembly.library.find(id), let text = try? String(contentsOfFile: path, encoding: .utf8)
    else { return "\(id) (no playbook has this name)" }
    // Only its form is read: a rule that it breaks does not make it another kind of playbook.
    let isKillSwitch = PlaybookLoader(library: nil).loadRecorded(text: text, file: path).playbook?.killSwitch != nil
    return "andon \(isKillSwitch ? "pull" : "run") \(id) --incident \(incident.id)\(place)"
  }

  /// The flags that make a run belong to the incident's environment.
  private var place: String {
    let usual = incident.drill ? "sandbox" : assembly.environment.nonEmpty("ANDON_ENV") ?? "production"
    return (incident.drill ? " --drill" : "") + (incident.environment == usual ? "" : " --env \(incident.environment)")
  }
}

extension Duration {
  /// As the runbook writes it: `24h` rather than `1d`.
  fileprivate var inHours: String {
    let hours = wholeMilliseconds / 3_600_000
    return (24...72).contains(hours) && self == .milliseconds(hours * 3_600_000) ? "\(hours)h" : playbookText
  }
}
