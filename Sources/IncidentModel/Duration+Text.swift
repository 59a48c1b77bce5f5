extension Duration {
  /// Whole milliseconds, rounded towards zero.
  public var wholeMilliseconds: Int64 {
    components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
  }

  /// Seconds as a floating-point number, for ratios and charts only.
  public var inSeconds: Double { Double(wholeMilliseconds) / 1000 }

  /// Reads `500ms`, `5s`, `10m`, `2h`, `30d`: a whole number and one unit. Anything else is `nil`, and so is what comes
  /// to 10¹⁵ milliseconds (31,700 years) or more: sums of such durations would not fit `wholeMilliseconds`.
  public init?(playbookText text: String) {
    let digits = text.prefix(while: \.isNumber)
    guard !digits.isEmpty, digits.allSatisfy(\.isASCII), let count = Int64(digits) else { return nil }
    let unit: Int64
    switch text.dropFirst(digits.count) {
    case "ms": unit = 1
    case "s": unit = 1000
    case "m": unit = 60_000
    case "h": unit = 3_600_000
    case "d": unit = 86_400_000
    default: return nil
    }
    let (milliseconds, overflow) = count.multipliedReportingOverflow(by: unit)
    guard !overflow, milliseconds < 1_000_000_000_000_000 else { return nil }
    self = .milliseconds(milliseconds)
  }

  /// The shortest text that `init(playbookText:)` reads back: `90s`, `5m`, `250ms`.
  public var playbookText: String {
    let milliseconds = wholeMilliseconds
    for (unit, size) in [("d", Int64(86_400_000)), ("h", 3_600_000), ("m", 60_000), ("s", 1000)]
    where milliseconds != 0 && milliseconds.isMultiple(of: size) {
      return "\(milliseconds / size)\(unit)"
    }
    return milliseconds == 0 ? "0s" : "\(milliseconds)ms"
  }

  /// As a clock shows it: `05:00`, `1:02:03`, with `-` in front when negative.
  public var clockText: String {
    let total = abs(wholeMilliseconds) / 1000
    let sign = wholeMilliseconds <= -1000 ? "-" : ""
    func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let (hours, minutes, seconds) = (total / 3600, total / 60 % 60, total % 60)
    return hours > 0 ? "\(sign)\(hours):\(two(minutes)):\(two(seconds))" : "\(sign)\(two(minutes)):\(two(seconds))"
  }

  /// As a sentence says it: `250 ms`, `4.2 s`, `12:16`.
  public var spokenText: String {
    let milliseconds = wholeMilliseconds
    if milliseconds < 1000 { return "\(milliseconds) ms" }
    if milliseconds < 60_000 { return "\(milliseconds / 1000).\(milliseconds % 1000 / 100) s" }
    return clockText
  }
}
