internal import IncidentModel

/// A playbook is read by many and kept for ever: what stands in it is not secret any more.
struct SecretsAreReferences: PlaybookRule {
  func check(_ playbook: Playbook, report: RuleReport) {
    for step in report.steps {
      for site in step.sites(own: .any) {
        let isValue = site.part == .argument || site.part == .environment
        for literal in site.literals {
          guard let what = SecretText.find(in: literal, asValue: isValue) else { continue }
          report.error("\(what) stands in the playbook", at: step.at(site.path), hint: Self.hint)
          break
        }
      }
    }
    for parameter in playbook.params {
      guard let value = parameter.defaultValue, case .text(let text) = value,
        parameter.secret || SecretText.find(in: text, asValue: false) != nil
      else { continue }
      report.error(
        parameter.secret ? "a secret param cannot have a default" : "a secret stands in the playbook",
        at: playbook.at("params", .key(parameter.name), "default"), hint: Self.hint)
    }
  }

  private static let hint = "bind it to a connection by reference (env:NAME, file:PATH) in environments/NAME.yaml"
}

/// Texts that give themselves away.
enum SecretText {
  /// `asValue`: it is handed to a process, where 32 bytes in hexadecimal are a private key.
  static func find(in text: String, asValue: Bool) -> String? {
    if text.holds("PRIVATE KEY-----") { return "a private key" }
    if holdsPassword(text) { return "a URL with a password" }
    if text.holds("discord.com/api/webhooks/") || text.holds("hooks.slack.com/services/") {
      return "a webhook address"
    }
    return asValue && holdsKey(text) ? "what looks like a private key" : nil
  }

  /// `scheme://user:password@host`
  static func holdsPassword(_ text: String) -> Bool {
    var rest = text
    while let scheme = rest.position(of: "://") {
      rest = String(rest[rest.utf8.index(scheme, offsetBy: 3)...])
      let authority = rest.prefix { !"/?# \n\t\"'".contains($0) }
      guard let at = authority.lastIndex(of: "@") else { continue }
      let user = authority[..<at]
      if let colon = user.firstIndex(of: ":"), user.index(after: colon) < user.endIndex,
        !user[user.index(after: colon)...].hasPrefix("$")
      {
        return true
      }
    }
    return false
  }

  /// `0x` and exactly 64 hexadecimal digits.
  private static func holdsKey(_ text: String) -> Bool {
    guard text.utf8.count >= 66 else { return false }
    let bytes = Array(text.utf8)
    var run = 0
    for index in bytes.indices {
      let isDigit = Words.isDigit(bytes[index]) || (0x61...0x66).contains(bytes[index] | 0x20)
      run = isDigit ? run + 1 : 0
      let ends = index + 1 == bytes.count || !(Words.isDigit(bytes[index + 1]) || Words.isLetter(bytes[index + 1]))
      if run == 64, ends, index >= 65, bytes[index - 64] | 0x20 == UInt8(ascii: "x"),
        bytes[index - 65] == UInt8(ascii: "0")
      {
        return true
      }
    }
    return false
  }
}
