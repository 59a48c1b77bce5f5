internal import Actions
internal import Foundation
internal import IncidentModel
internal import Playbooks

/// Does a connection resolve, does whoever is behind it answer, and would it do what the playbooks ask of it?
struct ConnectionCheck: Sendable {
  let name: String
  let environment: EnvironmentFile
  let connections: ConnectionBook
  let redactor: Redactor
  let needs: Needs
  let path: String?
  let now: Timestamp

  func findings() async -> [ReadinessFinding] {
    guard let binding = environment.connection(named: name) else {
      return [
        ReadinessFinding(
          .fail, .connection, "environment '\(environment.name)' binds no connection '\(name)'",
          advice: "add it under 'connections' in \(environment.file)"
        ).about(connection: name)
      ]
    }
    let (values, unresolved) = await resolve(binding)
    // What cannot be resolved has been said; the rest is still worth asking.
    func has(_ field: String) -> Bool { values[field] != nil }
    var findings = unresolved
    if has("postgres") || has("sqlite") { findings += await DatabaseCheck(self).findings() }
    if has("http") { findings += await AddressCheck(self).findings() }
    if let url = values["webhook"] { findings += webhook(url) }
    if let url = values["rpc"] { findings += await ChainCheck(self, url: url).findings() }
    return findings.map { $0.about(connection: name) }
  }

  /// Every field of it, and a finding for each that has no value.
  private func resolve(_ binding: ConnectionBinding) async -> (values: [String: String], [ReadinessFinding]) {
    var values: [String: String] = [:]
    var findings: [ReadinessFinding] = []
    for field in binding.fields {
      do throws(Failure) {
        let found = try await connections.values(for: [["connections", name, field.name]])
        let text = found[name]?[field.name]?.displayText ?? ""
        if text.isEmpty {
          throw Failure(.notConfigured, "its '\(field.name)' is empty", advice: "fill it in: \(environment.file)")
        }
        values[field.name] = text
      } catch { findings.append(ReadinessFinding(.fail, .connection, error)) }
    }
    for field in ["password_file", "ca"] { findings += lookAtFile(field, values) }
    return (values, findings)
  }

  /// A file that a tool reads, not Andon.
  private func lookAtFile(_ field: String, _ values: [String: String]) -> [ReadinessFinding] {
    guard let path = values[field] else { return [] }
    if !FileManager.default.isReadableFile(atPath: path) {
      let why = FileManager.default.fileExists(atPath: path) ? "this user may not read it" : "there is no such file"
      return [
        ReadinessFinding(
          .fail, .connection, "its '\(field)' names \(path), but \(why)",
          advice: "correct \(environment.file), or where it takes the path from")
      ]
    }
    guard field == "password_file", let caution = SecretFile(path: path).caution else { return [] }
    return [ReadinessFinding(.warn, .connection, caution, advice: "let nobody else read it: chmod 600 \(path)")]
  }

  /// Looked at, never posted to.
  private func webhook(_ url: String) -> [ReadinessFinding] {
    let parts = URLComponents(string: url)
    guard let parts, ["https", "http"].contains(parts.scheme?.lowercased()), parts.host?.isEmpty == false,
      url.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value != 0x7F })
    else {
      return [
        ReadinessFinding(
          .fail, .connection, "its webhook is not an http or https URL",
          advice: "copy it again from the channel's settings")
      ]
    }
    return [ReadinessFinding(.ok, .connection, "its webhook is a well-formed address; nothing was posted to it")]
  }

  /// What a difference between two clocks means for the record.
  func clock(_ sample: ClockSample?) -> [ReadinessFinding] {
    guard let behind = sample?.behind, abs(behind.wholeMilliseconds) > 2000 else { return [] }
    let (distance, way) = behind > .zero ? (behind, "behind") : (.zero - behind, "ahead of")
    return [
      ReadinessFinding(
        .warn, .clock, "the clock of this machine is \(distance.spokenText) \(way) the one of '\(name)'",
        advice: "see which is right: timedatectl; every moment in the record is taken from here")
    ]
  }
}
