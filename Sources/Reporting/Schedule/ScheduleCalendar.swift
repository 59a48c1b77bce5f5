internal import IncidentModel

extension ScheduleReport {
  /// As an iCalendar file, RFC 5545, without the last line feed. What has no date is left out.
  ///
  /// The same duties give the same text at any time: no moment in it is the one at which it was asked for.
  public func calendar() -> String {
    let events = items.filter { $0.due != nil || $0.isOverdueFromTheStart }.flatMap(event)
    // A calendar needs at least one component.
    let body = events.isEmpty ? Self.utc : events
    let lines =
      [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Andon//andon \(CalendarText.escaped(andonVersion))//EN",
        "CALSCALE:GREGORIAN", "X-WR-CALNAME:\(CalendarText.escaped("Andon \(environment)"))",
      ] + body + ["END:VCALENDAR"]
    return lines.map(CalendarText.folded).joined(separator: "\r\n") + "\r"
  }

  private func event(_ item: DueItem) -> [String] {
    let start = item.due ?? item.stamp
    let moment =
      item.isDay
      ? ["DTSTART;VALUE=DATE:\(CalendarText.day(start))"]
      : ["DTSTART:\(CalendarText.moment(start))", "DURATION:PT15M"]
    return ["BEGIN:VEVENT", "UID:\(CalendarText.escaped(item.uid))", "DTSTAMP:\(CalendarText.moment(item.stamp))"]
      + moment
      + [
        "SUMMARY:\(CalendarText.escaped(item.what))", "DESCRIPTION:\(CalendarText.escaped(item.command))",
        "CATEGORIES:\(item.kind.rawValue.uppercased())", "TRANSP:TRANSPARENT",
      ] + (item.rhythm.map { ["RRULE:\($0.rule)"] } ?? []) + ["END:VEVENT"]
  }

  private static let utc = [
    "BEGIN:VTIMEZONE", "TZID:UTC", "BEGIN:STANDARD", "DTSTART:19700101T000000", "TZOFFSETFROM:+0000",
    "TZOFFSETTO:+0000", "END:STANDARD", "END:VTIMEZONE",
  ]
}

/// How RFC 5545 writes lines, texts and moments.
enum CalendarText {
  /// Octets in a line, its line break not counted.
  private static let limit = 75

  /// Foreign text as a value: nothing in it can end the line or begin another property.
  static func escaped(_ text: String) -> String {
    var result = ""
    for character in text.visible(keepingLineBreaks: true) {
      switch character {
      case "\\": result += "\\\\"
      case ";": result += "\\;"
      case ",": result += "\\,"
      case "\n": result += "\\n"
      case "\t": result += " "
      default: result.append(character)
      }
    }
    return result
  }

  /// Broken where it grows too long, between characters and never inside the bytes of one.
  static func folded(_ line: String) -> String {
    var (result, octets) = ("", 0)
    for scalar in line.unicodeScalars {
      let size = UTF8.width(scalar)
      if octets + size > limit {
        result += "\r\n "
        octets = 1
      }
      result.unicodeScalars.append(scalar)
      octets += size
    }
    return result
  }

  /// `20310514`
  static func day(_ moment: Timestamp) -> String { moment.calendarDate.filter { $0 != "-" } }

  /// `20310514T031310Z`
  static func moment(_ moment: Timestamp) -> String { "\(day(moment))T\(moment.clockTime.filter { $0 != ":" })Z" }
}
