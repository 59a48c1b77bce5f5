internal import Actions
internal import IncidentModel

/// Does an HTTP address answer, and for how long will its certificate hold?
struct AddressCheck {
  private static let limit = Duration.seconds(5)
  /// Less than this is left to a certificate that nobody renews.
  private static let soon = Duration.seconds(14 * 86_400)

  private let check: ConnectionCheck

  init(_ check: ConnectionCheck) { self.check = check }

  func findings() async -> [ReadinessFinding] {
    let examination: HTTPExamination
    do throws(Failure) {
      examination = await HTTPExaminer().examine(
        try await check.connections.http(check.name).base,
        certificateAuthority: try await check.connections.certificateAuthority(check.name), connection: check.name,
        within: Self.limit)
    } catch { return [ReadinessFinding(.fail, .connection, error)] }
    if let failure = examination.failure { return [ReadinessFinding(.fail, .connection, failure)] }
    // Of a service in trouble every path says the same.
    let readings = examination.status >= 500 ? [] : await ReadingCheck(check: check).findings()
    return check.clock(examination.clock) + certificate(examination.certificateEnd) + [answer(examination)] + readings
  }

  private func answer(_ examination: HTTPExamination) -> ReadinessFinding {
    let end = examination.certificateEnd.map { "; its certificate holds until \($0.calendarDate)" } ?? ""
    if examination.status >= 500 {
      return ReadinessFinding(
        .warn, .connection, "'\(check.name)' answers \(examination.status)\(end)",
        advice: "see what the service says about itself")
    }
    return ReadinessFinding(.ok, .connection, "'\(check.name)' answers (\(examination.status))\(end)")
  }

  private func certificate(_ end: Timestamp?) -> [ReadinessFinding] {
    guard let end, end - check.now < Self.soon else { return [] }
    let days = max(0, (end - check.now).wholeMilliseconds / 86_400_000)
    return [
      ReadinessFinding(
        .warn, .connection,
        "the certificate of '\(check.name)' expires on \(end.calendarDate), in \(days) \(days == 1 ? "day" : "days")",
        advice: "have it renewed before then; afterwards every request to it fails")
    ]
  }
}
