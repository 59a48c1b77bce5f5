internal import IncidentModel

extension Kind where Value == Int {
  /// A whole number, not less than `least`.
  static func integer(_ least: Int? = nil) -> Kind {
    let form = least.map { "a whole number of at least \($0)" } ?? "a whole number"
    return Kind(.integer(least: least)) { input, reading in
      guard let text = reading.word(input, form, fits: { isWhole($0, least) }) else { return nil }
      return Int(text)
    }
  }

  /// What a server or a process answers with: 0…999.
  static let statusCode = Kind(.integer(least: 0)) { input, reading in
    let form = "a number between 0 and 999"
    guard let text = reading.word(input, form, fits: { isWhole($0, 0) && $0.count <= 3 }) else { return nil }
    return Int(text)
  }
}

extension Kind where Value == Double {
  /// How many times longer each wait is than the one before.
  static let factor = Kind(.number(least: 1)) { input, reading in
    let text = reading.word(input, "a number of at least 1, such as 1.5") {
      Number($0).map { $0 >= Number(1) && $0 <= Number(1000) } ?? false
    }
    return text.flatMap(Double.init)
  }
}

extension Kind where Value == Number {
  static let number = Kind(.number(least: nil)) { input, reading in
    reading.word(input, "a number such as 10 or 2.5") { Number($0) != nil }.flatMap { Number($0) }
  }
}

extension Kind where Value == Duration {
  /// `500ms 5s 10m 2h 30d`, longer than nothing.
  static let duration = Kind(.pattern(Kind.durationPattern)) { input, reading in reading.duration(input) }

  /// The same, or nothing: "never".
  static let optionalDuration = Kind(.either([.pattern(Kind.durationPattern), .null])) { input, reading in
    reading.optionalText(input) == nil ? nil : reading.duration(input)
  }

  static var durationPattern: String { "^[0-9]{1,12}(ms|s|m|h|d)$" }
}

extension Reading {
  fileprivate func duration(_ input: Input) -> Duration? {
    let form = "a duration such as 500ms, 5s, 10m, 2h or 30d"
    guard let text = word(input, form, fits: { Duration(playbookText: $0) != nil }),
      let duration = Duration(playbookText: text)
    else { return nil }
    guard duration > .zero, duration <= .seconds(86_400 * 36_500) else {
      error(at: input.place, "\(input.label) must be longer than nothing and at most 100 years, but is '\(text)'")
      return nil
    }
    return duration
  }
}

private func isWhole(_ text: String, _ least: Int?) -> Bool {
  guard text.utf8.count <= 18, let number = Number(text)?.integer, String(number) == text else { return false }
  return least.map { number >= $0 } ?? true
}
