import Foundation
import IncidentModel
import TestSupport
import Testing

@Suite("What Tab offers", .inTurn, .timeLimit(.minutes(40)))
struct CompletionTests {
  /// RUN-1 is over, RUN-2 waits for a person in INC-1, RUN-3 is over.
  private func recorded() async throws -> TestPlaybooks {
    let book = try TestPlaybooks()
    try book.add("over", steps: "- {id: only-step, wait: {for: 1ms}}")
    try book.add(
      "waits", top: "severity: P1", steps: "- {id: ask-somebody, manual: {ask: Is it so, answer: {type: bool}}}")
    for (id, code) in [("over", 0), ("waits", 4), ("over", 0)] {
      let result = try await book.run(id)
      try #require(result.code == Int32(code), "\(result)")
    }
    return book
  }

  private var library: [String: String] { ["HOME": "/nowhere", "ANDON_PLAYBOOKS": Repository.file("playbooks")] }

  @Test("After `run` every playbook is offered, after `pull` only kill switches, and what was begun is completed")
  func playbooks() async throws {
    let bash = try await BashCompletion(library)
    let all = try await bash.offers("andon", "run", "")
    #expect(all.contains("pause-trading") && all.contains("resume-trading"), "\(all)")
    #expect(!all.contains("contacts") && !all.contains("production"), "\(all)")
    #expect(try await bash.offers("andon", "pull", "") == ["pause-trading"])
    #expect(try await bash.offers("andon", "playbook", "check", "pause-trading", "resume-t") == ["resume-trading"])
    #expect(try await bash.offers("andon", "run", "pause-trading", "--env", "s") == ["sandbox", "staging"])
  }

  @Test("The word that confirms is never offered")
  func confirmation() async throws {
    let bash = try await BashCompletion(library)
    #expect(try await bash.offers("andon", "pull", "pause-trading", "--confirm", "") == [])
  }

  @Test("Runs and incidents come from the journal, what is open before what is over; resume offers only open runs")
  func records() async throws {
    let book = try await recorded()
    let bash = try await BashCompletion(["ANDON_STATE": book.state])
    #expect(try await bash.offers("andon", "show", "RUN-") == ["RUN-2", "RUN-3", "RUN-1"])
    #expect(try await bash.offers("andon", "resume", "") == ["RUN-2"])
    #expect(try await bash.offers("andon", "postmortem", "create", "INC-") == ["INC-1"])
    #expect(try await bash.offers("andon", "show", "RUN-2", "--step", "") == ["ask-somebody"])
  }

  @Test("--state and --playbooks on the line count, however they are written, and win over the variables")
  func foldersOnTheLine() async throws {
    let book = try await recorded()
    try book.folder.write("", to: "elsewhere/empty")
    try book.folder.write("", to: "my playbooks/mine.yaml")
    let home = book.folder.path
    let bash = try await BashCompletion(["HOME": home, "ANDON_STATE": "\(home)/elsewhere", "ANDON_PLAYBOOKS": home])
    #expect(try await bash.offers("andon", "resume", "") == [])
    for state in [
      ["--state", book.state], ["--state", "~/state"], ["--state=\(book.state)"], ["--state", "\"\(home)/state\""],
    ] {
      let line = ["andon", "resume"] + state + [""]
      #expect(try await bash.offers(words: line) == ["RUN-2"], "\(line)")
    }
    // bash splits at the sign.
    #expect(try await bash.offers("andon", "run", "--state", "=", book.state, "--incident", "") == ["INC-1"])
    #expect(try await bash.offers("andon", "run", "--playbooks", "~/my\\ playbooks", "") == ["mine"])
  }

  @Test("Without anything given, the folders of the working directory are read")
  func defaults() async throws {
    let book = try await recorded()
    let bash = try await BashCompletion([:])
    #expect(try await bash.offers("andon", "resume", "", in: book.folder.path) == ["RUN-2"])
    #expect(try await bash.offers("andon", "run", "o", in: book.folder.path) == ["over"])
  }

  @Test("The steps of the playbook on the line are offered to --from and --only")
  func steps() async throws {
    let bash = try await BashCompletion(library)
    for flag in ["--from", "--only"] {
      #expect(try await bash.offers("andon", "run", "resume-trading", flag, "resume-") == ["resume-contract"])
      #expect(try await bash.offers("andon", "pull", flag, "pause-") == ["pause-contract"])
    }
  }

  @Test("Where there is nothing, or nothing that can be read, nothing is offered and nothing is said or made")
  func nothing() async throws {
    let folder = try TemporaryFolder()
    try folder.write("this is no database", to: "broken/journal.db")
    try folder.write("steps: [", to: "bad/torn.yaml")
    for state in ["none", "broken"] {
      let bash = try await BashCompletion([
        "ANDON_STATE": folder.file(state), "ANDON_PLAYBOOKS": folder.file("no-playbooks"),
      ])
      #expect(try await bash.offers("andon", "resume", "") == [])
      #expect(try await bash.offers("andon", "show", "INC-") == [])
      #expect(try await bash.offers("andon", "run", "") == [])
      #expect(try await bash.offers("andon", "pull", "--playbooks", folder.file("bad"), "--from", "") == [])
    }
    #expect(!FileManager.default.fileExists(atPath: folder.file("none")))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("broken")) == ["journal.db"])
  }

  @Test("The name of a file cannot run a command in the shell that completes it")
  func hostileNames() async throws {
    let book = try TestPlaybooks()
    try book.add("good", steps: "- {id: only-step, wait: {for: 1ms}}")
    for name in ["$(touch pwned)", "`touch pwned`", "a;touch pwned", "--confirm", "two words"] {
      try book.folder.write("", to: "playbooks/\(name).yaml")
    }
    let bash = try await BashCompletion([:])
    #expect(try await bash.offers("andon", "run", "", in: book.folder.path) == ["good"])
    #expect(!FileManager.default.fileExists(atPath: book.folder.file("pwned")))
  }

  @Test("Everything that takes a name of ours is completed with what there is")
  func everyName() async throws {
    let names: Set = ["playbook", "playbooks", "run", "incident", "step", "inc", "env", "from", "only"]
    var count = 0
    for command in try await CommandDump.ask().commands {
      for argument in command.arguments where argument["kind"]?.displayText != "flag" {
        let own = [argument["valueName"], argument["preferredName"]?["name"]].compactMap {
          $0?.displayText.lowercased()
        }
        // The option that names the folder of the playbooks takes a folder.
        if Set(own).isDisjoint(with: names) || own.contains("dir") { continue }
        count += 1
        let kind = argument["completionKind"]
        #expect(kind?["custom"] != nil || kind?["list"] != nil, "\(command.line): \(own) has no `completion:`")
      }
    }
    #expect(count >= 12)
  }

  @Test("Every shell gets a script that its own parser accepts", arguments: ["bash", "zsh", "fish"])
  func scripts(shell: String) async throws {
    let folder = try TemporaryFolder()
    let generated = try await AndonProgram(environment: [:]).run(["--generate-completion-script", shell])
    #expect(generated.code == 0, "\(generated)")
    #expect(generated.stdout.contains("---completion"))
    let script = try folder.write(generated.stdout, to: "script")
    guard let path = ["/bin/\(shell)", "/usr/bin/\(shell)"].first(where: FileManager.default.isExecutableFile) else {
      return
    }
    let parsed = try await RunningProgram([path, "-n", script], environment: ["HOME": folder.path]).wait()
    #expect(parsed.code == 0, "\(parsed)")
  }
}
