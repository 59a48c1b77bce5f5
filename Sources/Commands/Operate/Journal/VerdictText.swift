internal import IncidentModel
internal import Journaling

/// What `journal verify` says. Never a bare OK: what was compared with what belongs to the answer.
struct VerdictText {
  private let report: JournalVerifier.Report
  private let path: String
  private let anchors: KnownAnchors

  init(_ report: JournalVerifier.Report, path: String, anchors: KnownAnchors) {
    self.report = report
    self.path = path
    self.anchors = anchors
  }

  var text: String { ([verdict.visible] + remarks.map { "  \($0.visible)" }).joined(separator: "\n") }

  private var verdict: String {
    switch report.verdict {
    case .anchored: "WHOLE AND ANCHORED  \(path): \(report.head.sequence) entries, head \(report.head)"
    case .unanchored:
      "VALID, NOT ANCHORED  \(path): the chain of \(report.head.sequence) entries holds, head \(report.head)"
    case .altered(0, let why): "ALTERED  \(path): \(why)"
    case .altered(let sequence, let why): "ALTERED  \(path): entry \(sequence) is the first bad one: \(why)"
    case .shortened(let anchor):
      "SHORTENED  \(path): it ends at entry \(report.head.sequence), an anchor saw entry \(anchor.sequence)"
    }
  }

  private var remarks: [String] {
    var remarks: [String] = []
    if case .unanchored(let count) = report.verdict {
      remarks.append(
        anchors.heads.isEmpty
          ? "there is no anchor at all: everything could have been cut off or replaced, and nobody would see it"
          : "\(count) at the end are after the last of \(report.anchors) anchors and could have been cut off or replaced"
      )
    }
    if !anchors.sources.isEmpty { remarks.append("anchors: \(anchors.sources.joined(separator: "; "))") }
    if case .anchored = report.verdict, anchors.areAllBeside {
      remarks.append("all anchors stand beside the journal; who rewrites one can rewrite the other: --anchors COPY")
    }
    return remarks
  }

  var json: String {
    var members: [String: Value] = [
      "schema_version": .number(1), "file": .text(path), "exit": .number(Int(report.exitCode)),
      "head": head(report.head), "anchors": .number(report.anchors),
      "anchor_sources": .list(anchors.sources.map(Value.text)),
    ]
    switch report.verdict {
    case .anchored: members["verdict"] = .text("anchored")
    case .unanchored(let count):
      members["verdict"] = .text("unanchored")
      members["unanchored_entries"] = .number(Int(count))
    case .altered(let sequence, let why):
      members["verdict"] = .text("altered")
      members["first_bad"] = .map(["sequence": .number(Int(sequence)), "why": .text(why)])
    case .shortened(let anchor):
      members["verdict"] = .text("shortened")
      members["anchor"] = head(anchor)
    }
    return Value.map(members).jsonText
  }

  private func head(_ head: JournalHead) -> Value {
    .map(["sequence": .number(Int(head.sequence)), "hash": .text(head.hash)])
  }
}

extension JournalVerifier.Report {
  /// The exit codes of `journal verify`.
  var exitCode: Int32 {
    switch verdict {
    case .anchored: 0
    case .altered: 1
    case .shortened: 2
    case .unanchored: 3
    }
  }
}
