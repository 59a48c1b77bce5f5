import Foundation
import IncidentModel
import TestSupport
import Testing

@Suite("A journal that cannot be written", .inTurn, .needsDatabase, .timeLimit(.minutes(40)))
struct StorageTests {
  private func expectNoEffect(_ platform: Platform, sourceLocation: Testing.SourceLocation = #_sourceLocation) throws {
    #expect(try platform.database.tradesEnabled == "true", sourceLocation: sourceLocation)
    #expect(platform.api.requests.count == 0, sourceLocation: sourceLocation)
    #expect(platform.discord.requests.count == 0, sourceLocation: sourceLocation)
  }

  /// The same playbooks, in which nothing may act without a journal.
  private func withoutEmergencies(_ platform: Platform) throws -> [String: String?] {
    let copy = platform.folder.file("playbooks")
    try FileManager.default.copyItem(atPath: Repository.file("playbooks"), toPath: copy)
    let path = "\(copy)/emergency/pause-trading.yaml"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(text.contains("emergency: true"))
    try text.replacing("emergency: true", with: "emergency: false").write(
      toFile: path, atomically: true, encoding: .utf8)
    return ["ANDON_PLAYBOOKS": copy]
  }

  @Test("A state folder that cannot be made: 73 before any effect, naming the folder and --state")
  func folderCannotBeMade() async throws {
    let platform = try Platform()
    let file = try platform.folder.write("a file, not a folder", to: "taken")
    let result = try await platform.pull("--state", "\(file)/state", changing: withoutEmergencies(platform))
    #expect(result.code == 73, "\(result)")
    #expect(result.stderr.contains("\(file)/state"), "\(result)")
    #expect(result.stderr.contains("--state"), "no next thing to do in \(result)")
    try expectNoEffect(platform)
  }

  @Test("A place where nothing can be written: 73 before any effect")
  func nowhere() async throws {
    let platform = try Platform()
    let result = try await platform.pull(
      "--state", "/proc/andon-state", changing: withoutEmergencies(platform))
    #expect(result.code == 73, "\(result)")
    #expect(result.stderr.contains("/proc/andon-state"))
    try expectNoEffect(platform)
  }

  @Test("A journal that is some other file: refused, named, and left as it was")
  func notAJournal() async throws {
    let platform = try Platform()
    let path = try platform.folder.write("this is no journal, but somebody's precious text", to: "state/journal.db")
    let result = try await platform.pull(changing: withoutEmergencies(platform))
    #expect(result.code == 73, "\(result)")
    #expect(result.stderr.contains("journal.db"), "\(result)")
    #expect(try String(contentsOfFile: path, encoding: .utf8).contains("precious"))
    try expectNoEffect(platform)
  }

  @Test("Disk full from the start: 73 before any effect", arguments: [0, 4, 16, 64])
  func diskFull(kibibytes: Int) async throws {
    let platform = try Platform()
    let result = try await limited(platform, kibibytes: kibibytes)
    #expect(result.code == 73, "\(result)")
    #expect(result.output.contains(platform.state), "\(result)")
    #expect(
      result.output.contains("full") || result.output.contains("space") || result.output.contains("too large"),
      "\(result)")
    try expectNoEffect(platform)
  }

  @Test(
    "Disk full at a later moment: no effect without its intent, nothing claimed that is not so, and resume goes on",
    arguments: [80, 104, 128, 152, 176, 200, 224])
  func diskFullLater(kibibytes: Int) async throws {
    let platform = try Platform()
    let result = try await limited(platform, kibibytes: kibibytes)
    #expect([4, 73].contains(result.code), "\(result)")
    let entries = (try? JournalFile(platform).entries) ?? []
    func isIntended(_ step: String) -> Bool {
      entries.contains { $0.body.contains("step.intended") && $0.body.contains("\"\(step)\"") }
    }
    let isOff = try platform.database.tradesEnabled == "false"
    if isOff { #expect(isIntended("disable-trades"), "an effect without a record: \(result)") }
    if !platform.discord.messages.isEmpty { #expect(isIntended("tell-discord"), "a message without a record") }
    if platform.api.requests("POST", "/api/trades/orders") > 0 { #expect(isIntended("order-creation-refused")) }
    guard result.code == 73 else { return }
    #expect(result.output.contains("journal"), "\(result)")
    if isOff { #expect(!result.output.contains("Nothing was done"), "it was: \(result)") }

    // With space again.
    guard entries.contains(where: { $0.body.contains("run.started") }) else { return }
    #expect([0, 3].contains(try await platform.andon("journal", "verify").code))
    let resumed = try await platform.andon("resume", "RUN-1")
    // 1: a probe that was out when the record ended stays unknown.
    #expect([4, 1].contains(resumed.code), "\(resumed)")
    #expect(try platform.database.tradesEnabled == "false")
    #expect(platform.api.requests("POST", "/api/trades/orders") <= 1)
    #expect(platform.discord.messages.count <= 1)
  }

  /// Every file that it writes may only grow so far; what is beyond fails as on a full disk.
  private func limited(_ platform: Platform, kibibytes: Int) async throws -> ProgramResult {
    // What it prints goes through a pipe, which has no such limit.
    let script = "(ulimit -f $1; shift; trap '' XFSZ; exec \"$@\") 2>&1 | cat; exit ${PIPESTATUS[0]}"
    return try await RunningProgram(
      [
        "/bin/bash", "-c", script, "bash", "\(kibibytes)", AndonProgram.path, "pull", "pause-trading", "--confirm",
        "PAUSE",
      ],
      environment: platform.variables(changing: withoutEmergencies(platform))
    ).wait()
  }

  @Test(
    "Commands that read say what is missing when there is no journal",
    arguments: ["show RUN-1", "history", "journal verify"])
  func noJournal(command: String) async throws {
    let platform = try Platform()
    let result = try await AndonProgram(environment: platform.variables).run(
      command.split(separator: " ").map(String.init))
    #expect(result.code == 65, "\(result)")
    #expect(result.stderr.contains("no journal") && result.stderr.contains("--state"), "\(result)")
    #expect(!platform.hasJournal)
  }
}
