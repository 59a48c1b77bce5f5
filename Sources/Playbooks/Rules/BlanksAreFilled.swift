internal import IncidentModel

/// `[phone number]` and `TODO` are found at three in the morning, unless somebody looks for them before.
struct BlanksAreFilled: PlaybookRule {
  func check(_ playbook: Playbook, report: RuleReport) {
    let texts: [(String?, Spot)] = [
      (playbook.name, playbook.at("name")), (playbook.description, playbook.at("description")),
      (playbook.owner, playbook.at("owner")),
    ]
    for (text, spot) in texts { look(in: text, at: spot, report) }
    for (index, text) in playbook.whenToUse.enumerated() {
      look(in: text, at: playbook.at("when_to_use", .item(index)), report)
    }
    for (index, prerequisite) in playbook.prerequisites.enumerated() {
      look(in: prerequisite.ask, at: playbook.at("prerequisites", .item(index), "ask"), report)
    }
    for step in report.steps {
      for site in step.sites(own: .any) where site.part != .condition && site.part != .statement {
        for literal in site.literals {
          guard let blank = Blank.find(in: literal, prose: site.part == .prose) else { continue }
          report.warning("'\(blank)' is still to be filled in", at: step.at(site.path).pointing(to: blank))
        }
      }
    }
  }

  private func look(in text: String?, at spot: Spot, _ report: RuleReport) {
    guard let text, let blank = Blank.find(in: text, prose: true) else { return }
    report.warning("'\(blank)' is still to be filled in", at: spot.pointing(to: blank))
  }
}

/// What people leave where somebody else has to write something.
enum Blank {
  /// In prose, words in square brackets count too.
  static func find(in text: String, prose: Bool) -> String? {
    for word: StaticString in ["TODO", "FIXME", "TBD"] where holds(word, in: text) { return "\(word)" }
    return prose ? bracketed(in: text) : nil
  }

  private static func holds(_ word: StaticString, in text: String) -> Bool {
    guard let start = text.position(of: word) else { return false }
    let end = text.utf8.index(start, offsetBy: word.utf8CodeUnitCount)
    let before = text[..<start].last ?? " "
    let after = text[end...].first ?? " "
    return !before.isLetter && !after.isLetter && before != "_" && after != "_"
  }

  /// `[phone number]`, `[Date]`; not `[link](address)`, `[x]` or `rows[0]`.
  private static func bracketed(in text: String) -> String? {
    // By bytes: most texts have none, and one of megabytes is looked through character by character.
    guard text.utf8.contains(UInt8(ascii: "[")) else { return nil }
    var rest = text[...]
    while let open = rest.firstIndex(of: "["), let close = rest[open...].firstIndex(of: "]") {
      let inside = rest[rest.index(after: open)..<close]
      let follower = rest[rest.index(after: close)...].first
      let leader = open > text.startIndex ? text[text.index(before: open)] : " "
      let isWords =
        inside.count >= 3 && inside.first?.isLetter == true
        && inside.allSatisfy { $0.isLetter || $0 == " " || $0 == "-" || $0 == "_" || $0 == "/" }
      if isWords, follower != "(", follower != "[", !leader.isLetter, leader != "]" {
        return String(rest[open...close])
      }
      rest = rest[rest.index(after: open)...]
    }
    return nil
  }
}
