import Foundation
import IncidentModel
import TestSupport
import Testing

@Suite("Commands and the language around them", .inTurn, .timeLimit(.minutes(40)))
struct CommandStepTests {
  // MARK: - Programs that misbehave

  @Test("Exit code not 0: FAILED, with the code and the last words of the program")
  func exitCode() async throws {
    let book = try TestPlaybooks()
    try book.add(
      "exits",
      steps: """
        - id: breaks
          shell: {run: "echo out; echo 'disk on fire' >&2; exit 3"}
          timeout: 10s
        """)
    let result = try await book.run("exits")
    #expect(result.code == 1, "\(result)")
    let step = try await book.record().step("breaks")
    #expect(step.state == "failed")
    #expect(step.reason.contains("3") && step.reason.contains("disk on fire"), "\(step.reason)")
    #expect(try await book.step("breaks")["step", "outputs", "exit_code"] == "3")
  }

  @Test("Killed by a signal: unknown, because it may have done something, with the signal's name")
  func killedBySignal() async throws {
    let book = try TestPlaybooks()
    try book.add(
      "dies",
      steps: """
        - id: dies
          shell: {run: "kill -KILL $$"}
          timeout: 10s
        - id: read-dies
          effect: read
          shell: {run: "kill -TERM $$"}
          timeout: 10s
        """)
    let result = try await book.run("dies", "--on-failure", "continue")
    #expect(result.code == 1, "\(result)")
    let run = try await book.record()
    #expect(run.step("dies").state == "unknown")
    #expect(
      run.step("dies").reason.contains("KILL") && run.step("dies").reason.contains("killed"),
      "\(run.step("dies").reason)")
    #expect(run.step("read-dies").state == "failed")
    #expect(run.step("read-dies").reason.contains("TERM"))
  }

  @Test("Hangs with a grandchild that holds its pipe: ends with its limit, and nothing survives")
  func hangingGrandchild() async throws {
    let book = try TestPlaybooks()
    let number = Int.random(in: 100_000...999_999)
    try book.add(
      "hangs",
      steps: """
        - id: hangs
          command: {run: [sh, -c, "(setsid sleep \(number) &) ; (trap '' TERM; sleep \(number)) ; wait"]}
          timeout: 2s
        """)
    let result = try await book.run("hangs")
    #expect(result.code == 1, "\(result)")
    #expect(result.elapsed < .seconds(9), "\(result.elapsed)")
    let step = try await book.record().step("hangs")
    #expect(step.state == "unknown")
    #expect(step.reason.contains("timed_out"), "\(step.reason)")
    #expect(!ProcessTable.all.contains { $0.arguments.contains("\(number)") }, "a process survived")
  }

  @Test("Exits at once and leaves a grandchild with its pipe: the step ends, it is not waited for")
  func grandchildOutlivesItsParent() async throws {
    let book = try TestPlaybooks()
    let number = Int.random(in: 100_000...999_999)
    try book.add(
      "daemon",
      steps: """
        - id: starts-daemon
          command: {run: [sh, -c, "sleep \(number) & echo started"]}
          timeout: 20s
        """)
    let result = try await book.run("daemon")
    for process in ProcessTable.all where process.arguments.contains("\(number)") { kill(process.pid, SIGKILL) }
    #expect(result.elapsed < .seconds(12), "\(result)")
    #expect(try await book.step("starts-daemon")["step", "outputs", "stdout"].contains("started"))
  }

  @Test("Prints 64 MiB: counted and hashed whole, stored in part, and the journal stays small")
  func endlessOutput() async throws {
    let book = try TestPlaybooks()
    try book.add(
      "prints",
      steps: """
        - id: prints
          effect: read
          shell: {run: "head -c 67108864 /dev/zero | tr '\\\\0' 'x'"}
          timeout: 60s
        """)
    let result = try await book.run("prints")
    #expect(result.code == 0, "\(result)")
    let step = try await book.step("prints")
    #expect(
      step["step", "outputs", "stdout_bytes"] == "67108864",
      "\(step.json["step"]?["outputs"]?.jsonText.prefix(300) ?? "")")
    // sha256 of 64 MiB of 'x'
    #expect(
      step["step", "outputs", "stdout_sha256"] == "e20a69eca39368572e90b9135738a613838f954987a0b44b6220889c171cbb76")
    let size = try FileManager.default.attributesOfItem(atPath: "\(book.state)/journal.db")[.size] as? Int ?? 0
    #expect(size < 2 << 20, "the journal has \(size) bytes")
  }

  @Test("A program that is not there is named, with where it was looked for")
  func noSuchProgram() async throws {
    let book = try TestPlaybooks()
    try book.add(
      "missing",
      steps: """
        - id: missing
          command: {run: [no-such-tool-anywhere, --now]}
          timeout: 5s
        """)
    let result = try await book.run("missing")
    #expect(result.code == 1, "\(result)")
    #expect(result.output.contains("no-such-tool-anywhere") && result.output.contains("/usr/bin"))
    #expect(try await book.record().step("missing").state == "failed")
  }

  @Test("A program gets the few variables it is allowed, and what its step names")
  func environmentIsAllowListed() async throws {
    let book = try TestPlaybooks(variables: ["SECRET_OF_THE_SHELL": "do-not-pass-on"])
    try book.add(
      "env", top: "params: {word: {type: text, required: true}}",
      steps: """
        - id: env
          effect: read
          command: {run: [env], env: {WORD: "${params.word}"}}
          timeout: 5s
        """)
    let result = try await book.run("env", "--var", "word=a b;$(touch /tmp/x)'\"")
    #expect(result.code == 0, "\(result)")
    let stdout = try await book.step("env")["step", "outputs", "stdout"]
    #expect(stdout.contains("WORD=a b;$(touch /tmp/x)'\""), "\(stdout)")
    #expect(!stdout.contains("SECRET_OF_THE_SHELL"))
    #expect(stdout.contains("PATH="))
  }

  // MARK: - The language

  @Test("when, register, expect, assert, set, if, parallel, wait: each does what it says")
  func language() async throws {
    let book = try TestPlaybooks()
    try book.add(
      "language", top: "params: {size: {type: integer, default: 3}}",
      steps: """
        - id: count
          effect: read
          shell: {run: "echo 42"}
          timeout: 5s
          expect: exit_code == 0 and trim(stdout) matches "^[0-9]+$"
          register: {answer: number(trim(stdout))}
        - id: compute
          set: {double: vars.answer * 2, big: params.size > 2}
        - id: proves
          assert: {that: vars.double == 84, message: "it is ${vars.double}"}
        - id: left-out
          when: vars.answer < 10
          shell: {run: "exit 1"}
          timeout: 5s
        - if:
            that: vars.big
            then:
              - id: taken
                assert: {that: "true"}
            else:
              - id: not-taken
                assert: {that: "false"}
        - name: Side by side
          parallel:
            - id: fails
              critical: false
              shell: {run: "exit 1"}
              timeout: 5s
            - id: works
              effect: read
              shell: {run: "sleep 0.3; echo fine"}
              timeout: 5s
              verify: {assert: {that: trim(stdout) == "fine"}}
        - id: pause
          wait: {for: 200ms}
        """)
    let result = try await book.run("language", "--on-failure", "continue")
    let run = try await book.record()
    #expect(run.step("count").state == "done", "\(result)")
    #expect(run.step("proves").outcome == "done verified", "\(run.step("proves").reason)")
    #expect(run.step("left-out").state == "skipped")
    #expect(run.step("left-out").reason.contains("vars.answer < 10"))
    #expect(run.step("taken").outcome == "done verified")
    #expect(run.step("not-taken").state == "skipped")
    #expect(run.step("fails").state == "failed")
    #expect(run.step("works").outcome == "done verified")
    #expect(run.step("pause").state == "done")
    #expect([0, 3].contains(result.code), "\(result)")
  }

  @Test("expect that does not hold fails the step and says what it read")
  func expectFails() async throws {
    let book = try TestPlaybooks()
    try book.add(
      "expects",
      steps: """
        - id: expects
          effect: read
          shell: {run: "echo seven"}
          timeout: 5s
          expect: trim(stdout) == "eight"
        """)
    #expect(try await book.run("expects").code == 1)
    let reason = try await book.record().step("expects").reason
    #expect(reason.contains("seven") && reason.contains("eight"), "\(reason)")
  }

  @Test("retry repeats a step that is safe to repeat, as often as said, and every attempt is on record")
  func retries() async throws {
    let book = try TestPlaybooks()
    let counter = book.folder.file("counter")
    try book.add(
      "retries",
      steps: """
        - id: third-time
          effect: read
          command: {run: [sh, -c, "echo x >> \(counter); test $(wc -l < \(counter)) -ge 3"]}
          timeout: 5s
          retry: {max: 5, every: 100ms}
        """)
    let result = try await book.run("retries")
    #expect(result.code == 0, "\(result)")
    #expect(try await book.record().step("third-time").attempts == 3)
    #expect(try String(contentsOfFile: counter, encoding: .utf8) == "x\nx\nx\n")
  }

  @Test("Handlers run by how it ended; always runs always")
  func handlers() async throws {
    let book = try TestPlaybooks()
    func file(_ name: String) -> String { book.folder.file(name) }
    func touch(_ name: String) -> String {
      "[{id: on-\(name), command: {run: [touch, \"\(file(name))\"]}, timeout: 5s}]"
    }
    let handlers =
      "handlers:\n  success: \(touch("success"))\n  failure: \(touch("failure"))\n  always: \(touch("always"))\n"
    try book.add(
      "handled", top: "params: {code: {type: integer, required: true}}\n" + handlers,
      steps: """
        - id: ends
          shell: {run: "exit $CODE", env: {CODE: "${params.code}"}}
          timeout: 5s
        """)
    let bad = try await book.run("handled", "--var", "code=1")
    #expect(bad.code == 1, "\(bad)")
    let there = { FileManager.default.fileExists(atPath: file($0)) }
    #expect(there("failure") && there("always") && !there("success"))
    let good = try await book.run("handled", "--var", "code=0")
    #expect(good.code == 0, "\(good)")
    #expect(there("success"))
  }

  @Test("A handler that leaves something to a person parks the run, and what ended it still counts afterwards")
  func handlerThatAsks() async throws {
    let book = try TestPlaybooks()
    let ask = "[{id: call, name: Call somebody, manual: {ask: Were they called?}}]"
    try book.add("asks", top: "handlers:\n  always: \(ask)\n", steps: "- {id: works, command: {run: [\"true\"]}}")
    try book.add("fails", top: "handlers:\n  failure: \(ask)\n", steps: "- {id: breaks, command: {run: [\"false\"]}}")
    for (id, run, code) in [("asks", "RUN-1", Int32(4)), ("fails", "RUN-2", 1)] {
      let result = try await book.run(id)
      #expect(result.code == code, "\(result)")
      let parked = try await book.record(run)
      #expect(parked["run", "state"] == "waiting" && parked.step("call").state == "waiting", "\(result)")
    }
    let person = try book.terminal("resume", "RUN-1", "--yes")
    #expect(try await person.expect("answer: "), "\(person.transcript)")
    person.send("d")
    #expect(try await person.wait().code == 0, "\(person.transcript)")
    #expect(try await book.record()["run", "state"] == "done")
  }

  @Test("A playbook in a playbook is a run of its own, and its failure is the step's")
  func nested() async throws {
    let book = try TestPlaybooks()
    try book.add(
      "inner", top: "params: {code: {type: integer, default: 0}}",
      steps: """
        - id: inner-step
          shell: {run: "exit $CODE", env: {CODE: "${params.code}"}}
          timeout: 5s
        """)
    try book.add(
      "outer",
      steps: """
        - id: calls
          playbook: {id: inner, with: {code: "0"}}
        - id: calls-again
          playbook: {id: inner, with: {code: "7"}}
        """)
    let result = try await book.run("outer")
    #expect(result.code == 1, "\(result)")
    let outer = try await book.record("RUN-1")
    #expect(outer.step("calls").state == "done", "\(outer.step("calls").reason)")
    #expect(outer.step("calls-again").state == "failed")
    let inner = try await book.record("RUN-2")
    #expect(inner["run", "parent"] == "RUN-1")
    #expect(inner["run", "playbook"] == "inner")
  }

  @Test("--on-failure stop ends at the first failure, continue goes on")
  func onFailure() async throws {
    let book = try TestPlaybooks()
    try book.add(
      "two",
      steps: """
        - id: breaks
          shell: {run: "exit 1"}
          timeout: 5s
        - id: after
          shell: {run: "true"}
          timeout: 5s
        """)
    #expect(try await book.run("two", "--on-failure", "stop").code != 0)
    #expect(try await book.record("RUN-1").step("after").state == "pending")
    #expect(try await book.run("two", "--on-failure", "continue").code == 1)
    #expect(try await book.record("RUN-2").step("after").state == "done")
    let wrong = try await book.run("two", "--on-failure", "panic")
    #expect(wrong.code == 64 && wrong.stderr.contains("continue"), "\(wrong)")
  }

  @Test("--only and --from leave the others out and say so; a name that is none is refused with the near miss")
  func onlyAndFrom() async throws {
    let book = try TestPlaybooks()
    try book.add(
      "three",
      steps: ["one", "two", "three"].map { "- id: \($0)\n  shell: {run: \"true\"}\n  timeout: 5s" }.joined(
        separator: "\n"))
    let only = try await book.run("three", "--only", "two")
    #expect(only.code == 3, "\(only)")
    let first = try await book.record("RUN-1")
    #expect(["one", "two", "three"].map { first.step($0).state } == ["skipped", "done", "skipped"])
    #expect(first.step("one").reason.contains("--only"))
    #expect(try await book.run("three", "--from", "two").code == 3)
    let second = try await book.record("RUN-2")
    #expect(["one", "two", "three"].map { second.step($0).state } == ["skipped", "done", "done"])
    let wrong = try await book.run("three", "--only", "tow")
    #expect(wrong.code == 64 && wrong.stderr.contains("two"), "\(wrong)")
  }

  @Test("--timeout ends the whole run with 124 and leaves it open")
  func wholeRunLimit() async throws {
    let book = try TestPlaybooks()
    try book.add(
      "long",
      steps: """
        - id: long
          wait: {for: 60s}
        """)
    let result = try await book.run("long", "--timeout", "1s")
    #expect(result.code == 124, "\(result)")
    #expect(result.elapsed < .seconds(10))
    #expect(try await book.andon("status").stdout.contains("RUN-1"))
  }

  @Test("Unattended, a write step needs --yes, and says so")
  func writeNeedsYes() async throws {
    let book = try TestPlaybooks()
    let mark = book.folder.file("mark")
    try book.add("writes", steps: "- id: writes\n  command: {run: [touch, \"\(mark)\"]}\n  timeout: 5s")
    let result = try await book.andon("run", "writes", "--auto")
    #expect(result.code == 64, "\(result)")
    #expect(result.stderr.contains("--yes"))
    #expect(!FileManager.default.fileExists(atPath: mark))
  }

  @Test("A required param that is missing is named before anything")
  func missingParam() async throws {
    let book = try TestPlaybooks()
    try book.add(
      "needs", top: "params: {fee: {type: integer, required: true, ask: What fee?}}",
      steps: "- id: a\n  assert: {that: \"true\"}")
    let result = try await book.run("needs")
    #expect(result.code == 64, "\(result)")
    #expect(result.stderr.contains("fee") && result.stderr.contains("--var fee="), "\(result)")
  }

  @Test("What a program prints cannot steer the terminal")
  func escapesAreShown() async throws {
    let book = try TestPlaybooks()
    try book.add(
      "escapes",
      steps: """
        - id: escapes
          shell: {run: "printf '\\\\033[2J\\\\033]0;owned\\\\007gone\\\\r\\\\n' >&2; exit 1"}
          timeout: 5s
        """)
    let result = try await book.run("escapes")
    let shown = try await book.andon("show", "RUN-1", "--step", "escapes")
    for text in [result.stdout, result.stderr, shown.stdout] {
      #expect(!text.contains("\u{1B}") && !text.contains("\u{7}") && !text.contains("\r"))
    }
    #expect(result.stdout.contains("gone"))
  }
}
