import Foundation
import IncidentModel
import Playbooks
import Reporting
import TestSupport
import Testing

/// A patch of the report, put into the playbook by the program that is there for that.
@Suite("A finding comes with a patch that applies") struct RunbookPatchTests {
  private static let text = """
    format: 1
    id: stop-shop
    name: Stop the shop
    steps:
      - id: slow # takes its time
        name: Slow
        effect: write
        command:
          run: [lockctl, close, front]
        timeout: 10s # too short

      # what follows has no limit of its own
      - id: bare
        name: Bare
        effect: write
        shell:
          run: |
            # begins with a remark
            touch x
      - {id: tight, name: Tight, effect: read, command: {run: [ls], timeout: 5s}}
      - name: Group
        parallel:
          - id: lies
            name: Lies
            effect: write
            idempotent: true
            sql: {connection: db, run: UPDATE a SET b = 1, expect: {rows: 1}, lock_timeout: 2s}
            verify: {sql: {connection: db, run: SELECT b FROM a}, until: "rows[0].b == 1", within: 30s}
          - id: last
            name: Last
            effect: write
            command: {run: [ls]}

    """

  private func playbook(_ text: String) throws -> Playbook {
    let result = PlaybookLoader(library: nil).loadRecorded(text: text, file: "stop-shop.yaml")
    return try #require(result.playbook, "\(result.diagnostics.map(\.headline))\n\(text)")
  }

  private func begun() -> Story {
    var story = Story()
    story.open()
    story.add(Story.start(), run: 1)
    return story
  }

  private func patch(_ kind: Finding.Kind, _ step: String, _ story: Story) throws -> RunbookPatch {
    let findings = Postmortem(try story.file([try playbook(Self.text)])).findings
    let finding = findings.first { $0.kind == kind && $0.step == step }
    return try #require(finding?.patch, "\(findings.map { "\($0.kind) \($0.step ?? "")" })")
  }

  /// The text with the patch in it, as `patch` makes it.
  private func applied(_ diff: String, to text: String) async throws -> String {
    let folder = try TemporaryFolder()
    let file = try folder.write(text, to: "book.yaml")
    let result = try await RunningProgram(
      ["/usr/bin/patch", "--batch", "--fuzz=0", file], environment: ["PATH": "/usr/bin:/bin"], input: diff + "\n"
    ).wait()
    #expect(result.code == 0, "\(result)\n\(diff)")
    return try String(contentsOfFile: file, encoding: .utf8)
  }

  private func timedOut(_ step: String, action: String = "command") -> Story {
    var story = begun()
    story.intend(StepID(step), step, ["x"], action: action)
    let failure = Failure(.timedOut, "took longer than it may")
    story.act(StepID(step), ActionResult(.unknown(.timedOut, failure)), took: 10_000)
    story.end(StepID(step), .unknown, .unverified, "timed_out: took longer than it may")
    return story
  }

  @Test("a limit that was too short is doubled where it stands, and its remark stays")
  func timeout() async throws {
    let patch = try patch(.unknown, "slow", timedOut("slow"))
    #expect(patch.file == "stop-shop.yaml" && patch.line == 5)
    let changed = try await applied(try #require(patch.diff), to: Self.text)
    #expect(changed == Self.text.replacing("timeout: 10s # too short", with: "timeout: 20s # too short"))
    #expect(try playbook(changed).steps[0].timeout == .seconds(20))
  }

  @Test("a limit nobody wrote is written, behind the script that ends the step")
  func defaultTimeout() async throws {
    let patch = try patch(.unknown, "bare", timedOut("bare", action: "shell"))
    let changed = try playbook(try await applied(try #require(patch.diff), to: Self.text))
    #expect(changed.steps[1].timeout == .seconds(120))
    guard case .shell(let action) = changed.steps[1].action else { throw CancellationError() }
    #expect(action.script == "# begins with a remark\ntouch x\n")
  }

  @Test("a limit in a step of one line is doubled there")
  func inlineTimeout() async throws {
    let patch = try patch(.unknown, "tight", timedOut("tight"))
    let changed = try await applied(try #require(patch.diff), to: Self.text)
    #expect(changed == Self.text.replacing("timeout: 5s", with: "timeout: 10s"))
  }

  @Test("a change without a check gets the skeleton of one at the end of its step, and the playbook still loads")
  func skeleton() async throws {
    var story = begun()
    story.intend("last", "Last", ["ls"], action: "command")
    story.act("last", ActionResult(.succeeded), took: 5)
    story.end("last", .done, .unverified, "no check")
    let patch = try patch(.unverified, "last", story)
    #expect(patch.line == 29)
    let changed = try await applied(try #require(patch.diff), to: Self.text)
    #expect(changed.contains("        command: {run: [ls]}\n        # TODO a read-only question"))
    #expect(changed.contains("\n        # verify:\n        #   command: {run: [program, argument]}\n"))
    #expect(try playbook(changed).steps.count == 4)
  }

  @Test("a check that said no and then yes gets twice the time; one that stayed at no is not called misleading")
  func misleading() async throws {
    var story = begun()
    story.intend("lies", "Lies", ["UPDATE"])
    func check(_ verification: Verification) -> Fact {
      .stepChecked(
        StepCheck(
          verification: verification, check: ["on db: SELECT b FROM a", "until rows[0].b == 1"], reading: "read {}",
          failure: nil, readings: 3, milliseconds: 30_000))
    }
    story.add(check(.failed), run: 1, step: "lies")
    story.end("lies", .failed, .failed, "the check did not pass")
    let findings = Postmortem(try story.file([try playbook(Self.text)])).findings
    #expect(!findings.contains { $0.kind == .misleadingCheck })
    story.add(.stepChosen(StepChoice(.check)), run: 1, step: "lies")
    story.add(check(.verified), run: 1, step: "lies")
    story.end("lies", .done, .verified)
    let patch = try patch(.misleadingCheck, "lies", story)
    let changed = try await applied(try #require(patch.diff), to: Self.text)
    #expect(changed == Self.text.replacing("within: 30s", with: "within: 1m"))
  }

  @Test("a step that somebody skipped is marked with the run and the reason, on one line, whatever the reason says")
  func skipped() async throws {
    var story = begun()
    let skip = StepSkip(title: "Last", reason: "no key\nrm: -rf", cause: .person)
    story.add(.stepSkipped(skip), run: 1, step: "last")
    let patch = try patch(.skipped, "last", story)
    let changed = try await applied(try #require(patch.diff), to: Self.text)
    #expect(changed.contains("        # TODO skipped in RUN-1 (no key / rm: -rf): is it needed?"))
    #expect(try playbook(changed).steps.count == 4)
  }

  @Test("a step that may be repeated and worked at the third attempt is to be tried again by itself")
  func retry() async throws {
    var story = begun()
    for attempt in 1...3 {
      story.intend("lies", "Lies", ["UPDATE"], attempt: attempt)
      story.end(
        "lies", attempt == 3 ? .done : .failed, attempt == 3 ? .verified : .unverified, "reset", attempt: attempt)
      if attempt < 3 { story.add(.stepChosen(StepChoice(.retry)), run: 1, step: "lies") }
    }
    let patch = try patch(.retried, "lies", story)
    let changed = try playbook(try await applied(try #require(patch.diff), to: Self.text))
    #expect(changed.steps[3].children[0].retry?.max == 3)
  }

  @Test(
    "a playbook that was edited between two runs: the patch turns the first text into the second, whatever was edited")
  func edited() async throws {
    var numbers = SeededNumbers(seed: 6)
    let lines = Self.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    var tried = 0
    for _ in 1...40 {
      var other = lines
      for _ in 0...Int.random(in: 0...3, using: &numbers) {
        let place = Int.random(in: 0..<(other.count - 1), using: &numbers)
        switch Int.random(in: 0...2, using: &numbers) {
        case 0: other.insert("# remark \(Int.random(in: 0...99, using: &numbers))", at: place)
        case 1: other[place] += " # edited"
        default: if other[place].hasPrefix("  #") || other[place].isEmpty { other.remove(at: place) }
        }
      }
      let edited = other.joined(separator: "\n")
      let second = PlaybookLoader(library: nil).loadRecorded(text: edited, file: "stop-shop.yaml").playbook
      guard let second, edited != Self.text else { continue }
      tried += 1
      var story = begun()
      story.add(Story.start(digest: "d2"), run: 2)
      let first = try playbook(Self.text)
      let file = try IncidentFile(IncidentID(number: 1), entries: story.entries) { $0.digest == "d1" ? first : second }
      let findings = Postmortem(file).findings
      let patch = try #require(findings.first { $0.kind == .edited }?.patch)
      #expect(try await applied(try #require(patch.diff), to: Self.text) == edited)
    }
    #expect(tried > 20)
  }

  @Test("what only people can change is a line to do with its place; an unreadable playbook has none")
  func todo() throws {
    var story = begun()
    story.intend("last", "Last", ["ls"], action: "command")
    story.act("last", ActionResult(.failed(Failure(.exitStatus, "ls ended with exit code 1"))), took: 5)
    story.end("last", .failed, .unverified, "ls ended with exit code 1")
    let text = PostmortemMarkdown(Postmortem(try story.file([try playbook(Self.text)]))).text
    #expect(text.contains("To do in the playbooks:\n\n- [ ] `stop-shop.yaml`, line 29 (1): Find out why 'last' failed"))
    #expect(Postmortem(try story.file([])).findings.allSatisfy { $0.patch == nil })
  }

  @Test("a target that was missed names the step that took longest, and the line in which its limit stands")
  func overdue() throws {
    var story = Story()
    story.open()
    story.add(Story.start(), run: 1)
    story.closeTill(took: 300_000)
    story.judge("contain", limit: .seconds(300))
    let book = try playbook(Story.playbookText + "\n")
    let text = PostmortemMarkdown(Postmortem(try story.file([book]))).text
    #expect(text.contains("took 05:44 of 05:00; the longest step was 'Close the till' with 05:00."), "\(text)")
    #expect(text.contains("- [ ] `stop-shop.yaml`, line 7 (1): Find what took longest on the way to 'contain'"))
  }
}
