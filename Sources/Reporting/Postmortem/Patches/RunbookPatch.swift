internal import Engine
internal import IncidentModel
internal import Playbooks

/// What to change in a playbook after a finding: the place in the text that was run, and the change where it can be
/// derived. It is a proposal; nobody but people changes a playbook.
public struct RunbookPatch: Sendable, Hashable, Codable {
  /// `pause-trading.yaml`; in which folder of `playbooks/` it lies is not recorded.
  public let file: String
  /// Of the step in that text; counts from 1.
  @OrNull public var line: Int?
  /// SHA-256 of the text that was run, in hex.
  public let digest: String
  /// What the change is for, or what is to be done by hand, as one sentence.
  public let what: String
  /// A unified diff against the text that was run; `nil` where only a person can write it.
  @OrNull public var diff: String?

  init(_ run: RunAccount, line: Int?, what: String, changed: [String]?) {
    file = "\(run.start.playbook).yaml"
    digest = run.start.digest
    self.what = what
    self.line = line
    guard let changed, let old = RecordedText.lines(run.state.playbook.source) else { return }
    diff = UnifiedDiff.text(old, changed, name: file)
  }

  /// Of a step: the change that answers the finding, else the finding as a task at the step's line.
  static func of(_ kind: Finding.Kind, _ step: StepAccount, in run: RunAccount, task: String) -> RunbookPatch? {
    // Without the text of the playbook there is no place to point to.
    guard run.gap == nil else { return nil }
    let change = StepChange(kind, step, in: run)
    return RunbookPatch(run, line: step.step.location.line, what: change?.what ?? task, changed: change?.lines)
  }

  /// Of a target: the line in which its limit stands, as a task.
  static func of(_ target: TargetLine, in run: RunAccount, task: String) -> RunbookPatch? {
    guard run.gap == nil, let lines = RecordedText.lines(run.state.playbook.source),
      let head = lines.firstIndex(where: { $0.hasPrefix("targets:") })
    else { return nil }
    let line = lines[head...].firstIndex { $0.contains("\(target.name):") } ?? head
    return RunbookPatch(run, line: line + 1, what: task, changed: nil)
  }

  /// Of a playbook that was edited while the incident went on: what was edited.
  static func edited(_ later: RunAccount, after earlier: RunAccount) -> RunbookPatch {
    let changed = later.gap == nil ? RecordedText.lines(later.state.playbook.source) : nil
    return RunbookPatch(
      earlier, line: nil, what: "Keep what was edited between \(earlier.id) and \(later.id), or take it back",
      changed: earlier.gap == nil ? changed : nil)
  }
}
