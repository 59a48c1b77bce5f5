internal import ArgumentParser
internal import Console
internal import Engine
internal import Foundation
internal import IncidentModel
internal import Journaling
internal import Playbooks
internal import Reporting

struct PlaybookCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "playbook", abstract: "List, show, check, begin and arm playbooks.",
    discussion: "Examples:\n  andon playbook list\n  andon playbook show pause-trading",
    subcommands: [
      List.self, Display.self, Check.self, PlaybookNewCommand.self, Schema.self, PlaybookArm.self, PlaybookDisarm.self,
    ])

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "Every playbook, with severity and clocks.",
      discussion: "Example:\n  andon playbook list")

    @OptionGroup var global: GlobalOptions

    func run() throws {
      let assembly = Assembly(global)
      try assembly.requirePlaybooks()
      let loader = PlaybookLoader(library: assembly.library)
      var good: [Playbook] = []
      var bad: [String] = []
      for path in assembly.library.paths() {
        if let playbook = loader.load(path: path).playbook { good.append(playbook) } else { bad.append(path) }
      }
      good.sort { ($0.killSwitch == nil ? 1 : 0, $0.id) < ($1.killSwitch == nil ? 1 : 0, $1.id) }
      let reader: JournalReader?
      // The list is for the worst hour too: a journal that cannot be read is another command's trouble.
      do { reader = try JournalReader(directory: assembly.stateDirectory) } catch { reader = nil }
      let register = (try? reader.map { reader throws in try Register(reader: reader) }) ?? Register([])
      let pasts = Dictionary(
        good.map { ($0.id, PlaybookPast(of: $0.id, in: register)) }, uniquingKeysWith: { first, _ in first })
      let drills = Self.drills(of: good, reader)
      let armed = Self.armed(assembly)
      if global.json { return assembly.screen.record(json(good, bad, pasts, drills, armed)) }
      let now = assembly.time.read().wall
      let room = max(16, (good.map(\.id.displayWidth).max() ?? 0) + 4)
      assembly.screen.record(
        "\("NAME".padded(to: room))\("SEV".padded(to: 5))\("TARGETS".padded(to: 10))\("DRILLED".padded(to: Self.drillRoom))"
          + "\("RUN".padded(to: 9))WHAT IT DOES")
      var heading = ""
      for playbook in good {
        let group = playbook.killSwitch == nil ? "GUIDED" : "KILL SWITCHES"
        if group != heading { assembly.screen.record(group) }
        heading = group
        let targets = playbook.targets.map(\.limit.playbookText).joined(separator: " / ")
        let past = pasts[playbook.id]
        assembly.screen.record(
          "  \(playbook.id.padded(to: room - 2))\((playbook.severity?.rawValue ?? "-").padded(to: 5))"
            + "\((targets.isEmpty ? "-" : targets).padded(to: 9)) "
            + "\(Self.drilled(past, drills[playbook.id], now).padded(to: Self.drillRoom))"
            + "\(PlaybookPast.text(past?.run, now: now).padded(to: 9))\(playbook.name.visible)")
        for line in armed where line.playbook == playbook.id {
          assembly.screen.record(
            assembly.screen.style.bad("    ARMED") + " in \(line.environment.visible) until \(line.until.calendarDate) "
              + "\(line.until.clockTime) UTC, by \(line.by.visible): \(line.why.visible)")
        }
      }
      if drills.values.contains(where: \.playbookChanged) {
        assembly.screen.record("* the playbook was changed since that drill")
      }
      for path in bad.map(\.visible) {
        assembly.screen.record("! \(path) has mistakes:   andon playbook check \(path)")
      }
      assembly.screen.hint("Emergency: andon pull   Start: andon run NAME   Look first: andon run NAME -n")
    }

    /// `12d ago 10/12*` and a space.
    private static let drillRoom = 15

    /// `12d ago 9/11`: when, and how many of its steps were proved; with `*` when that was another text of it.
    private static func drilled(_ past: PlaybookPast?, _ drill: DrillLine?, _ now: Timestamp) -> String {
      let score = drill.map { " \($0.score)\($0.playbookChanged ? "*" : "")" } ?? ""
      return PlaybookPast.text(past?.drilled, now: now) + score
    }

    private static func drills(of playbooks: [Playbook], _ reader: JournalReader?) -> [String: DrillLine] {
      guard let reader else { return [:] }
      let record = DrillRecord(reader: reader)
      let lines = playbooks.map { ($0.id, (try? record.last(of: $0.id, digest: $0.source.digest)) ?? nil) }
      return Dictionary(lines, uniquingKeysWith: { first, _ in first }).compactMapValues { $0 }
    }

    /// What a monitor may start by itself. A journal that cannot be read keeps nobody from seeing what there is to run.
    private static func armed(_ assembly: Assembly) -> [ArmedLine] {
      guard let reader = try? JournalReader(directory: assembly.stateDirectory),
        let entries = try? reader.lifecycle(ArmedPlaybooks.kinds)
      else { return [] }
      return ArmedPlaybooks(entries.map(\.event)).all(at: assembly.time.read().wall).map(ArmedLine.init)
    }

    private func json(
      _ playbooks: [Playbook], _ bad: [String], _ pasts: [String: PlaybookPast], _ drills: [String: DrillLine],
      _ armed: [ArmedLine]
    ) -> String {
      Value.map([
        "schema_version": .number(1),
        "playbooks": .list(
          playbooks.map { playbook in
            .map([
              "id": .text(playbook.id), "name": .text(playbook.name),
              "severity": playbook.severity.map { .text($0.rawValue) } ?? .null,
              "kill_switch": .bool(playbook.killSwitch != nil), "owner": playbook.owner.map(Value.text) ?? .null,
              "tags": .list(playbook.tags.map(Value.text)),
              "targets": .map(
                Dictionary(playbook.targets.map { ($0.name, .text($0.limit.playbookText)) }) { first, _ in first }),
              "last_drill": pasts[playbook.id]?.drilled.map { .text($0.description) } ?? .null,
              "last_drill_score": drills[playbook.id].map(json) ?? .null,
              "last_run": pasts[playbook.id]?.run.map { .text($0.description) } ?? .null,
              "file": .text(playbook.source.file),
              "armed": .list(
                armed.filter { $0.playbook == playbook.id }.map {
                  .map([
                    "environment": .text($0.environment), "until": .text($0.until.description), "by": .text($0.by),
                    "why": .text($0.why),
                  ])
                }),
            ])
          }),
        "with_mistakes": .list(bad.map(Value.text)),
      ]).jsonText
    }

    private func json(_ drill: DrillLine) -> Value {
      (try? Value.json(Data(ReportJSON.text(drill).utf8))) ?? .null
    }
  }

  struct Display: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "One playbook: what it does, what it asks, what it needs.",
      discussion: "Example:\n  andon playbook show pause-trading")

    @Argument(help: "Id of the playbook, or a path.", completion: .playbooks)
    var playbook: String

    @OptionGroup var global: GlobalOptions

    func run() throws {
      let assembly = Assembly(global)
      let playbook = try PlaybookChoice(assembly: assembly).load(playbook)
      let description = Self.description(of: playbook, assembly)
      assembly.screen.record(
        global.json ? try description.json() : description.text(now: assembly.time.read().wall))
    }

    /// A journal that cannot be read keeps nobody from seeing what a playbook does.
    private static func description(of playbook: Playbook, _ assembly: Assembly) -> PlaybookDescription {
      let reader = (try? JournalReader(directory: assembly.stateDirectory)) ?? nil
      let record = reader.map { DrillRecord(reader: $0) }
      let last = (try? record?.last(of: playbook.id, digest: playbook.source.digest)) ?? nil
      let score = last.flatMap { last in (try? record?.score(of: last.run)) ?? nil }
      return PlaybookDescription(playbook, drill: score, changedSince: last?.playbookChanged ?? false)
    }
  }

  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "check", abstract: "Every mistake of a playbook at once, with line and column.",
      discussion: """
        Exit 65 when there are errors, 0 with warnings only (--strict: 65).

        Examples:
          andon playbook check
          andon playbook check pause-trading
          andon playbook check drafts/new.yaml --strict
          andon playbook check monitors.yaml
        """)

    @Argument(help: "Ids or paths, or monitors.yaml; none: all of them.", completion: .playbooks)
    var playbooks: [String] = []

    @Flag(help: "Treat warnings as errors.")
    var strict = false

    @OptionGroup var global: GlobalOptions

    func run() throws {
      let assembly = Assembly(global)
      let today = assembly.time.read().wall.calendarDate
      let loader = PlaybookLoader(library: assembly.library, today: today)
      let paths: [String]
      let named = playbooks.filter { !$0.isMonitors }
      do { paths = playbooks.isEmpty ? assembly.library.paths() : try named.map(assembly.library.find) } catch {
        throw CommandFailure(.usage, error)
      }
      var findings: [Diagnostic] = []
      for path in paths { findings += loader.load(path: path).diagnostics }
      if playbooks.isEmpty || playbooks.contains(where: \.isMonitors) {
        findings += assembly.library.diagnosticsOfMonitors()
      }
      if global.json {
        assembly.screen.record(json(findings, paths.count))
      } else {
        for finding in findings { assembly.screen.record(finding.text) }
        let errors = findings.count { $0.level == .error }
        let noun = paths.count == 1 ? "playbook" : "playbooks"
        assembly.screen.record("\(paths.count) \(noun): \(errors) errors, \(findings.count - errors) warnings")
      }
      if findings.contains(where: { $0.level == .error || strict }) { throw Ending(.data) }
    }

    private func json(_ findings: [Diagnostic], _ count: Int) -> String {
      Value.map([
        "schema_version": .number(1), "playbooks": .number(count),
        "findings": .list(
          findings.map { finding in
            .map([
              "level": .text(finding.level.rawValue), "file": .text(finding.location.file),
              "line": .number(finding.location.line), "column": .number(finding.location.column),
              "message": .text(finding.message), "hint": finding.hint.map(Value.text) ?? .null,
            ])
          }),
      ]).jsonText
    }
  }

  struct Schema: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "schema", abstract: "The JSON Schema of playbooks, for editors.",
      discussion: "Example:\n  andon playbook schema > playbooks/playbook.schema.json")

    @OptionGroup var global: GlobalOptions

    func run() throws { Assembly(global).screen.record(PlaybookSchema.json()) }
  }
}

extension String {
  /// Names the alert checks rather than a playbook.
  fileprivate var isMonitors: Bool { split(separator: "/").last == Substring(PlaybookLibrary.monitorsName) }
}
