public import Actions
internal import Foundation
public import IncidentModel
public import Playbooks

/// Would the playbooks work right now? Looks at everything they need, all at the same time, and changes nothing: no
/// journal entry, no file, no row, no message.
public struct Readiness: Sendable {
  let library: PlaybookLibrary
  let redactor: Redactor
  let time: TimeSource
  /// The environment variables that references read, PATH among them.
  let variables: [String: String]
  let stateDirectory: String

  public init(
    library: PlaybookLibrary, redactor: Redactor, time: TimeSource, variables: [String: String], stateDirectory: String
  ) {
    self.library = library
    self.redactor = redactor
    self.time = time
    self.variables = variables
    self.stateDirectory = stateDirectory
  }

  /// - Parameters:
  ///   - paths: the files of the playbooks; those that they run as steps are looked at too.
  ///   - isThere: false for a stand-in platform that is only started by whoever uses it: nobody would answer.
  public func examine(paths: [String], environment name: String, isThere: Bool) async -> ReadinessReport {
    let begin = time.read().boot
    let book = PlaybooksAtHand(library: library, paths: paths, today: time.read().wall.calendarDate)
    let neighbours = NeighbourFiles(library: library, environment: name)
    var findings = book.findings + neighbours.findings + StateCheck(directory: stateDirectory).findings
    var statements = 0
    if let environment = try? library.environment(named: name).settled(by: variables), isThere {
      let needs = Needs(book.playbooks, environment: environment)
      statements = needs.statements.count
      findings += await examine(needs, environment)
    } else if !isThere {
      findings.append(
        ReadinessFinding(
          .note, .environment, "the stand-in platform of '\(name)' is not running, so nothing was asked of it",
          advice: "a drill starts one of its own; andon sandbox starts one that stays"))
    }
    return ReadinessReport(
      environment: name, playbooks: book.playbooks.map(\.id), statements: statements,
      findings: findings.map(hidden).inOrder, elapsed: .milliseconds(time.read().boot - begin))
  }

  private func examine(_ needs: Needs, _ environment: EnvironmentFile) async -> [ReadinessFinding] {
    let connections = ConnectionBook(environment: environment, variables: variables, redactor: redactor)
    let now = time.read().wall
    return await withTaskGroup(of: [ReadinessFinding].self) { group in
      group.addTask { [variables] in ProgramCheck(needs: needs, path: variables["PATH"]).findings }
      for name in needs.connections {
        let check = ConnectionCheck(
          name: name, environment: environment, connections: connections, redactor: redactor, needs: needs,
          path: variables["PATH"], now: now)
        group.addTask { await check.findings() }
      }
      var findings: [ReadinessFinding] = []
      for await found in group { findings += found }
      return findings
    }
  }

  private func hidden(_ finding: ReadinessFinding) -> ReadinessFinding {
    var finding = finding
    finding.message = redactor.redact(finding.message)
    finding.advice = finding.advice.map(redactor.redact)
    return finding
  }
}

/// Everything that was found out.
public struct ReadinessReport: Sendable {
  public let environment: String
  /// The ids of those that could be read.
  public let playbooks: [String]
  /// How many SQL statements were asked about.
  public let statements: Int
  /// The worst first.
  public let findings: [ReadinessFinding]
  public let elapsed: Duration

  /// True when nothing would fail.
  public var isReady: Bool { findings.first?.level != .fail }
}

extension [ReadinessFinding] {
  /// The worst first, then what concerns everything before what concerns one step; each only once.
  var inOrder: [ReadinessFinding] {
    var seen: Set<ReadinessFinding> = []
    func key(_ finding: ReadinessFinding) -> (Int, Int, String, String) {
      (
        ReadinessFinding.Level.allCases.firstIndex(of: finding.level) ?? 0,
        ReadinessFinding.Area.allCases.firstIndex(of: finding.area) ?? 0, finding.place, finding.message
      )
    }
    return filter { seen.insert($0).inserted }.sorted { key($0) < key($1) }
  }
}
