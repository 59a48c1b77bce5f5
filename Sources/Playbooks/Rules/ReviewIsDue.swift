internal import IncidentModel

/// A procedure that nobody has read for a year describes a system that is not there any more.
struct ReviewIsDue: PlaybookRule {
  func check(_ playbook: Playbook, report: RuleReport) {
    guard let review = playbook.review else {
      return report.warning(
        "nothing says when this playbook is reviewed", at: playbook.at("id"),
        hint: "add review: {last: , every: 90d}")
    }
    guard let last = review.last, let lastDay = CalendarDay(last) else {
      return report.warning(
        "nobody has reviewed this playbook yet", at: playbook.at(key: "review"), hint: "read it through, and set 'last'"
      )
    }
    guard let every = review.every, let today = report.today.flatMap(CalendarDay.init) else { return }
    let late = today.number - lastDay.number - Int(every.components.seconds / 86_400)
    if late > 0 {
      report.warning(
        "the review of this playbook is \(late) \(late == 1 ? "day" : "days") late", at: playbook.at("review", "last"),
        hint: "read it through, and set 'last' to today")
    }
  }
}

/// A day as a number, so that days can be counted.
private struct CalendarDay {
  /// Days since 1970-01-01.
  let number: Int

  /// Reads `YYYY-MM-DD`.
  init?(_ text: String) {
    let parts = text.split(separator: "-").compactMap { Int($0) }
    guard Words.isDate(text), parts.count == 3 else { return nil }
    // Counted from 1 March, so that the leap day is the last day of a year.
    let year = parts[1] > 2 ? parts[0] : parts[0] - 1
    let month = (parts[1] + 9) % 12
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + parts[2] - 1
    number = days - 719_468
  }
}
