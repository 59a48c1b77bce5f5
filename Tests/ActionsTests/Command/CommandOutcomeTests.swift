import Foundation
import IncidentModel
import Synchronization
import Testing

@testable import Actions

extension CommandTests {
  @Suite("How commands end and what is said about it")
  struct Outcomes {
    @Test("arguments reach the program as they are, without a shell")
    func arguments() async {
      let request = CommandRequest(program: .arguments(["printf", "%s|", "a b", "$HOME", "*", ";rm", "'q\"", "é", ""]))
      let result = await CommandPerformer().perform(request)
      #expect(result.outcome == .succeeded)
      #expect(result.outputs["stdout"] == .text("a b|$HOME|*|;rm|'q\"|é||"))
      #expect(result.outputs["exit_code"] == .number(0))
    }

    @Test("a script gets its values through the environment and its standard input stays free")
    func scriptRuns() async {
      var request = script(#"printf '%s:' "$REASON"; cat; echo oops >&2"#, environment: ["REASON": "a'b\"$(id)"])
      request.standardInput = "from stdin"
      let result = await CommandPerformer().perform(request)
      #expect(result.outputs["stdout"] == .text("a'b\"$(id):from stdin"))
      #expect(result.outputs["stderr"] == .text("oops\n"))
    }

    @Test("standard input is empty unless given, and a large one is not waited for")
    func standardInput() async {
      let empty = await CommandPerformer().perform(CommandRequest(program: .arguments(["wc", "-c"])))
      #expect(empty.outputs["stdout"]?.asText?.trimmingCharacters(in: .whitespacesAndNewlines) == "0")
      var request = CommandRequest(program: .arguments(["true"]))
      request.standardInput = String(repeating: "x", count: 4 << 20)
      #expect(await CommandPerformer().perform(request).outcome == .succeeded)
    }

    @Test("a tool that is not on PATH is named, with the places searched, and nothing runs")
    func toolMissing() async {
      let result = await CommandPerformer().perform(CommandRequest(program: .arguments(["no-such-tool-here", "x"])))
      #expect(result.isFailure)
      #expect(result.code == .toolMissing)
      #expect(result.message.contains("'no-such-tool-here' is not installed"))
      #expect(result.message.contains("/usr/bin"))
    }

    @Test("a file that cannot be run says why")
    func notExecutable() async throws {
      let directory = try temporaryDirectory()
      defer { try? FileManager.default.removeItem(at: directory) }
      let file = directory.appending(path: "tool")
      // Written by a child: a file that this process had open for writing could still be held by another new child.
      _ = await CommandPerformer().perform(script("echo '#!/no/such/interpreter' > '\(file.path)'"))
      func run(_ program: String) async -> ActionResult {
        await CommandPerformer().perform(CommandRequest(program: .arguments([program]), directory: directory.path))
      }
      try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file.path)
      let plain = await run(file.path)
      #expect(plain.code == .toolMissing)
      #expect(plain.message.contains("not executable"))
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
      let orphaned = await run("./tool")
      #expect(orphaned.isFailure)
      #expect(orphaned.message.contains("interpreter"))
      let folder = await run(directory.path)
      #expect(folder.message.contains("is a directory"))
      let missing = await run("./nothing")
      #expect(missing.code == .toolMissing)
    }

    @Test("the directory to run in is used, and one that does not exist is a failure")
    func directory() async {
      let root = await CommandPerformer().perform(CommandRequest(program: .arguments(["pwd"]), directory: "/usr"))
      #expect(root.outputs["stdout"] == .text("/usr\n"))
      let none = await CommandPerformer().perform(CommandRequest(program: .arguments(["pwd"]), directory: "/no/such"))
      #expect(none.code == .badValue)
    }

    @Test("another exit code is a failure with the last lines of standard error")
    func exitCode() async {
      let result = await CommandPerformer().perform(script("seq 1 9 >&2; echo >&2; exit 3"))
      #expect(result.isFailure)
      #expect(result.code == .exitStatus)
      #expect(result.message == "the script exited with code 3\n5\n6\n7\n8\n9")
      #expect(result.outputs["exit_code"] == .number(3))
    }

    @Test("an exit code that the step accepts is a success")
    func acceptedExit() async {
      var request = script("exit 1")
      request.acceptedExits = [0, 1]
      #expect(await CommandPerformer().perform(request).outcome == .succeeded)
    }

    @Test("a command that somebody else killed is unknown, and the signal named")
    func killed() async {
      let result = await CommandPerformer().perform(script("echo started; kill -SEGV $$; sleep 10"))
      #expect(result.unknownReason == .killed)
      #expect(result.code == .signalled)
      #expect(result.message.contains("SIGSEGV"))
      #expect(result.outputs["stdout"] == .text("started\n"))
    }

    @Test("the environment of a child is the allow-list, what the step names, and the mark")
    func environment() async {
      let mark = freshMark()
      var request = CommandRequest(program: .arguments(["env", "-0"]), environment: ["REASON": "drill"])
      request.secretEnvironment = ["ETH_PASSWORD": Secret(name: "ETH_PASSWORD", value: "/run/keys/pw")]
      let result = await CommandPerformer().perform(request, mark: mark)
      let lines = result.outputs["stdout"]?.asText?.split(separator: "\0").map(String.init) ?? []
      let names = Set(lines.map { String($0.prefix { $0 != "=" }) })
      let given: Set = ["REASON", "ETH_PASSWORD", "ANDON_MARK", "ANDON_IDEMPOTENCY_KEY"]
      #expect(names.subtracting(given).isSubset(of: ChildEnvironment.inherited))
      #expect(given.isSubset(of: names))
      #expect(lines.contains("ANDON_MARK=\(mark.text)"))
      #expect(lines.contains("ANDON_IDEMPOTENCY_KEY=\(mark.idempotencyKey)"))
      #expect(lines.contains("ETH_PASSWORD=/run/keys/pw"))
    }

    @Test(
      "a value that no program could be given is refused",
      arguments: [
        CommandRequest(program: .arguments(["true", "a\0b"])), CommandRequest(program: .script("echo a\0b")),
        CommandRequest(program: .arguments(["true"]), environment: ["A": "x\0y"]),
        CommandRequest(program: .arguments(["true"]), environment: ["A=B": "x"]),
        CommandRequest(program: .arguments(["true"]), environment: ["": "x"]),
        CommandRequest(program: .arguments([])), CommandRequest(program: .arguments([""])),
        CommandRequest(program: .arguments(["true", String(repeating: "x", count: 200_000)])),
      ])
    func badValues(request: CommandRequest) async {
      let result = await CommandPerformer().perform(request)
      #expect(result.isFailure)
      #expect(result.code == .badValue)
    }

    @Test(
      "a secret among the arguments refuses the command before it starts, by the secret's name alone",
      arguments: [
        CommandRequest.Program.arguments(["touch", "FILE", "--private-key=correct-horse-battery"]),
        .script("touch FILE; echo correct-horse-battery"),
      ])
    func argumentGuard(program: CommandRequest.Program) async throws {
      let redactor = Redactor()
      redactor.register(Secret(name: "PRIVATE_KEY", value: "correct-horse-battery"))
      let directory = try temporaryDirectory()
      defer { try? FileManager.default.removeItem(at: directory) }
      let result = await CommandPerformer().perform(
        CommandRequest(program: program, directory: directory.path), redactor: redactor)
      #expect(result.isFailure)
      #expect(result.code == .secretExposed)
      #expect(result.message.contains("PRIVATE_KEY"))
      #expect(!"\(result)".contains("correct-horse"))
      #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).isEmpty)
    }

    @Test("progress is the newest complete line, and not more than four times a second")
    func progress() async {
      let seen = Mutex<[String]>([])
      let result = await CommandPerformer().perform(
        script("i=0; while [ $i -lt 40 ]; do echo line $i; i=$((i+1)); sleep 0.02; done; printf unfinished; sleep 0.6"),
        mark: freshMark(), redactor: Redactor()
      ) { line in seen.withLock { $0.append(line) } }
      #expect(result.outcome == .succeeded)
      let lines = seen.withLock { $0 }
      #expect(lines.last == "line 39")
      #expect((2...10).contains(lines.count))
    }
  }
}

func temporaryDirectory() throws -> URL {
  let directory = FileManager.default.temporaryDirectory.appending(path: "andon-test-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
  return directory
}
