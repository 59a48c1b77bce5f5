public import IncidentModel
public import Journaling
internal import Playbooks

/// The drills of a journal, looked up to be compared.
public struct DrillRecord: Sendable {
  private let reader: JournalReader

  /// So many earlier drills are compared with: what a step took years ago tells little.
  private static let looksBack = 20

  public init(reader: JournalReader) { self.reader = reader }

  /// The last drill of a playbook that was carried through as far as it goes without a person.
  /// - Parameter digest: SHA-256 of the playbook as it is now, in hex.
  public func last(of playbook: String, digest: String) throws -> DrillLine? {
    let drills = try reader.runs(of: playbook, drill: true)
    guard let run = try Register.last(drills, reader, where: \.isDoneDrill) else { return nil }
    return try accounts([run]).first.map { DrillLine($0, digest: digest) }
  }

  /// `nil` for a run that is no drill, or not there.
  public func score(of run: RunID) throws -> DrillScore? {
    guard case .runStarted(let start)? = try reader.lifecycle([.runStarted], of: [run]).first?.event.fact, start.drill
    else { return nil }
    let earlier = try reader.runs(of: start.playbook, drill: true).filter { $0 < run }
    let all = try accounts(earlier.suffix(Self.looksBack) + [run])
    return all.last.flatMap { $0.id == run ? DrillScore(of: $0, among: all) : nil }
  }

  /// A run whose entries cannot be read as one is passed over: a drill is not worth a report that fails.
  private func accounts(_ runs: [RunID]) throws -> [RunAccount] {
    var playbooks: [String: Playbook?] = [:]
    return try runs.compactMap { run in
      let entries = try reader.entries(of: run)
      guard case .runStarted(let start)? = entries.first(where: { $0.event.fact.kind == .runStarted })?.event.fact
      else { return nil }
      let playbook = try playbooks[start.digest] ?? Playbook.recorded(in: reader, of: start)
      playbooks[start.digest] = playbook
      return try? RunAccount(run, entries: entries, playbook: playbook)
    }
  }
}
