internal import Foundation

#if canImport(Glibc)
  internal import Glibc
  // Whole-module builds take this for the home of `timespec`; without it a release build fails.
  internal import SwiftOverlayShims
#endif

/// A moment of UTC wall time, to the millisecond. Written `2031-05-14T03:13:54.120Z`.
public struct Timestamp: Hashable, Sendable, Comparable, Codable, LosslessStringConvertible {
  /// Milliseconds since 1970-01-01T00:00:00Z.
  public let milliseconds: Int64

  public init(milliseconds: Int64) { self.milliseconds = milliseconds }

  public static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }

  public static func - (left: Timestamp, right: Timestamp) -> Duration {
    .milliseconds(left.milliseconds - right.milliseconds)
  }

  public static func - (left: Timestamp, right: Duration) -> Timestamp {
    Timestamp(milliseconds: left.milliseconds - right.wholeMilliseconds)
  }

  public static func + (left: Timestamp, right: Duration) -> Timestamp {
    Timestamp(milliseconds: left.milliseconds + right.wholeMilliseconds)
  }

  public var description: String {
    let (date, time) = calendarParts
    return "\(date)T\(time).\(padded(Int(((milliseconds % 1000) + 1000) % 1000), 3))Z"
  }

  /// `03:13:54`, UTC.
  public var clockTime: String { calendarParts.time }

  /// `2031-05-14`, UTC.
  public var calendarDate: String { calendarParts.date }

  /// Reads ISO 8601 with a zone, with or without fractions of a second. Anything else is `nil`.
  public init?(_ description: String) {
    if let milliseconds = Self.milliseconds(asWritten: description) {
      self.milliseconds = milliseconds
      return
    }
    let fractional = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
    guard let date = (try? fractional.parse(description)) ?? (try? Date.ISO8601FormatStyle().parse(description))
    else { return nil }
    milliseconds = Int64((date.timeIntervalSince1970 * 1000).rounded())
  }

  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let moment = Timestamp(text) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "'\(text)' is not an ISO 8601 moment"))
    }
    self = moment
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }

  /// Only for what `description` writes; a journal is full of that, and a formatter was 2 % of a kill switch.
  private static func milliseconds(asWritten text: String) -> Int64? {
    let digits = text.utf8.filter { (0x30...0x39).contains($0) }.map { Int($0) - 0x30 }
    guard text.utf8.count == 24, digits.count == 17 else { return nil }
    func number(_ places: Range<Int>) -> Int { digits[places].reduce(0) { $0 * 10 + $1 } }
    let days = daysSinceEpoch(year: number(0..<4), month: number(4..<6), day: number(6..<8))
    let seconds = (days * 24 + number(8..<10)) * 3600 + number(10..<12) * 60 + number(12..<14)
    let moment = Timestamp(milliseconds: Int64(seconds * 1000 + number(14..<17)))
    // The 30th of February is written as another day.
    return moment.description == text ? moment.milliseconds : nil
  }

  /// Plain arithmetic instead of a formatter: a run writes dozens of these before its first effect.
  private var calendarParts: (date: String, time: String) {
    let seconds = Int((Double(milliseconds) / 1000).rounded(.down))
    let (days, rest) = seconds.quotientAndRemainder(flooredBy: 86_400)
    let (year, month, day) = civilDate(daysSinceEpoch: days)
    return (
      "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))",
      "\(padded(rest / 3600, 2)):\(padded(rest / 60 % 60, 2)):\(padded(rest % 60, 2))"
    )
  }
}

/// One look at the clocks of this machine.
public struct ClockReading: Sendable, Hashable {
  public let wall: Timestamp
  /// CLOCK_BOOTTIME in milliseconds: runs through suspend and never jumps. Durations come from here.
  public let boot: Int64
  /// Which start of the machine `boot` counts from; empty if the system does not tell.
  public let bootID: String

  public init(wall: Timestamp, boot: Int64, bootID: String) {
    self.wall = wall
    self.boot = boot
    self.bootID = bootID
  }
}

/// Where the time comes from. Handed in, so that tests can move it by hand.
public struct TimeSource: Sendable {
  public let read: @Sendable () -> ClockReading

  public init(_ read: @escaping @Sendable () -> ClockReading) { self.read = read }

  /// The clocks of the machine.
  public static let system: TimeSource = {
    let bootID =
      (try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8))?
      .trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
    return TimeSource {
      ClockReading(
        wall: Timestamp(milliseconds: milliseconds(of: CLOCK_REALTIME)),
        boot: milliseconds(of: CLOCK_BOOTTIME), bootID: bootID)
    }
  }()

  private static func milliseconds(of clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}

private func padded(_ number: Int, _ width: Int) -> String {
  let digits = String(number)
  return digits.count >= width ? digits : String(repeating: "0", count: width - digits.count) + digits
}

/// Days since 1970-01-01 to year, month and day of the proleptic Gregorian calendar, counted in
/// 400-year eras that begin on 1 March, so that the leap day is the last day of a year.
private func civilDate(daysSinceEpoch: Int) -> (year: Int, month: Int, day: Int) {
  let (era, dayOfEra) = (daysSinceEpoch + 719_468).quotientAndRemainder(flooredBy: 146_097)
  let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
  let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
  let shiftedMonth = (5 * dayOfYear + 2) / 153
  let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
}

/// The way back.
private func daysSinceEpoch(year: Int, month: Int, day: Int) -> Int {
  let shiftedYear = month <= 2 ? year - 1 : year
  let (era, yearOfEra) = shiftedYear.quotientAndRemainder(flooredBy: 400)
  let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
  return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
}

extension Int {
  fileprivate func quotientAndRemainder(flooredBy divisor: Int) -> (Int, Int) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}
