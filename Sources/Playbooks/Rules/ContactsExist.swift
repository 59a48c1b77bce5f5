internal import IncidentModel

/// Whoever an `escalate` names stands in `contacts.yaml`. A missing one is a warning: contacts change while playbooks
/// stay, and nothing may keep a kill switch from being pulled. Where there is no such file, or none that can be read,
/// nothing is said here.
struct ContactsExist: PlaybookRule {
  func check(_ playbook: Playbook, report: RuleReport) {
    let calls = report.steps.compactMap { step -> (step: Step, contact: String)? in
      guard case .incident(.escalate(let contact?)) = step.action else { return nil }
      return (step, contact)
    }
    // The file is opened only where somebody is called.
    guard !calls.isEmpty, let contacts = try? report.library?.contacts() else { return }
    let known = contacts.map(\.id).filter { !$0.isEmpty }
    for (step, contact) in calls where !known.contains(contact) {
      report.warning(
        "no contact is named '\(contact)'", at: step.at("incident", "escalate"),
        hint: nearMiss(to: contact, among: known).map { "did you mean '\($0)'?" }
          ?? "write it into contacts.yaml, or escalate: next")
    }
  }
}
