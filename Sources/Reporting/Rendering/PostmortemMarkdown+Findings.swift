internal import IncidentModel

/// What is wrong with the runbook, and what to change in it.
extension PostmortemMarkdown {
  var findings: String {
    if postmortem.findings.isEmpty { return "The record shows none." }
    let list = postmortem.findings.enumerated().map { index, finding in
      let place = finding.run.map { " (\($0), \(EntryNumbers.named(finding.entries)))" } ?? ""
      return "\(index + 1). **\(finding.kind.rawValue)** \(Markdown.inline(finding.subject))\(place): "
        + "\(Markdown.inline(finding.what.asSentence)) "
        + "_Suggestion:_ \(Markdown.inline(finding.suggestion.asSentence))"
    }
    return ([list.joined(separator: "\n")] + [todos, patches].compactMap { $0 }).joined(separator: "\n\n")
  }

  private var numbered: [(number: Int, patch: RunbookPatch)] {
    postmortem.findings.enumerated().compactMap { index, finding in finding.patch.map { (index + 1, $0) } }
  }

  /// `stop-shop.yaml`, line 23
  private func place(_ patch: RunbookPatch) -> String {
    Markdown.code(patch.file) + (patch.line.map { ", line \($0)" } ?? "")
  }

  /// What only a person can write.
  private var todos: String? {
    let items = numbered.filter { $0.patch.diff == nil }.map { number, patch in
      "[ ] \(place(patch)) (\(number)): \(Markdown.inline(patch.what.asSentence))"
    }
    return items.isEmpty ? nil : "To do in the playbooks:\n\n\(Markdown.list(items))"
  }

  private var patches: String? {
    // Two findings about a step may ask for the same change.
    var known: Set<String> = []
    let parts = numbered.compactMap { number, patch -> String? in
      guard let diff = patch.diff, known.insert(diff).inserted else { return nil }
      return "Patch for \(number), \(place(patch)) (text with SHA-256 `\(patch.digest.prefix(16))…`): "
        + "\(Markdown.inline(patch.what.asSentence))\n\n\(Markdown.fenced(diff, "diff"))"
    }
    if parts.isEmpty { return nil }
    let how = "Each patch is against the text that was run, and for people to judge: `patch FILE.yaml < FILE.diff`."
    return ([how] + parts).joined(separator: "\n\n")
  }
}
