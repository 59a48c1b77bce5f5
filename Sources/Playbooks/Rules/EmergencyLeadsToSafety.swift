internal import IncidentModel

/// Acting without a record is for what stops harm. What takes a stop back, changes fees or ships code can wait for its
/// record, and filling a disk must not be a way around it.
struct EmergencyLeadsToSafety: PlaybookRule {
  func check(_ playbook: Playbook, report: RuleReport) {
    if playbook.killSwitch != nil { return }
    for step in report.steps where step.emergency && report.isComplete(step) {
      report.error(
        "'emergency' stands only in a kill switch", at: step.at(key: "emergency"),
        hint: "a playbook with kill_switch: {word: …} leads to safety; everything else waits for its record")
    }
  }
}
