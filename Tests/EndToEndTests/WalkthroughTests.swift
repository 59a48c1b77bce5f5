import Foundation
import IncidentModel
import TestSupport
import Testing

@Suite("A walk by hand", .inTurn, .timeLimit(.minutes(40)))
struct WalkthroughTests {
  @Test(
    "The whole kill switch by hand: the contract pause that fails is a question when all else is done; it is done by hand with evidence, and the check proves it",
    .needsDatabase, .needsChain)
  func killSwitchByHand() async throws {
    try await Chain.borrow { chain in
      let platform = try Platform(chain: chain)
      let wrongSigner = ["ETH_KEYSTORE_ACCOUNT": Chain.strangerAccount, "ANDON_ACTOR": "dana", "NO_COLOR": "1"]
      let dana = Responder(
        terminal: try platform.terminal(
          "run", "pause-trading", "--var", "contract_pause=true", changing: wrongSigner))
      for step in ["Disable trading in the database", "Pause the SwapEscrow contract"] {
        try await dana.sees("\(step)   DESTRUCTIVE")
        try await dana.answers("PAUSE or a letter: ", "PAUSE")
      }
      for step in ["No new order can be created", "No existing order can be filled", "Post the update to Discord"] {
        try await dana.sees("\(step)   WRITE")
        try await dana.answers("choice: ", "r")
      }
      try await dana.sees("Pause the SwapEscrow contract   FAILED")
      try await dana.sees("Still true:")
      try await dana.sees(#"Disable trading in the database: read {"value":"false"}"#)
      try await dana.sees("[m] done by hand (evidence)")
      #expect(try await !chain.isPaused)
      #expect(platform.discord.messages.count == 1, "the question held the message up")

      let paused = try await chain.cast(["send", chain.contract, "setPaused(bool)", "true"])
      try #require(paused.code == 0, "\(paused)")
      try await dana.answers("choice: ", "m")
      try await dana.answers("what shows that it is done? ", "paused by the owner from the safe")
      try await dana.sees("ok       Pause the SwapEscrow contract")
      try await dana.sees("reached  MITIGATED")
      try await dana.answers("answer: ", "https://x.com/paco/status/1")
      try await dana.answers("answer: ", "reached the on-call engineer")
      let screen = try await dana.ends(3)
      #expect(screen.contains("DONE, with exceptions   exit 3"), "\(screen)")

      let run = try await platform.run()
      #expect(run.step("pause-contract").outcome == "done verified")
      #expect(run.step("pause-contract").reason.contains("paused by the owner from the safe"))
      #expect(run.target("contain") == "met" && run.target("notify") == "met")
      let choice = try #require(
        try JournalFile(platform).entries.map { try Value.json(Data($0.body.utf8)) }
          .first { $0["kind"]?.displayText == Fact.Kind.stepChosen.rawValue })
      #expect(choice["by"]?.displayText == "dana")
      #expect(choice["step"]?.displayText == "pause-contract")
      #expect(Timestamp(choice["at"]?.displayText ?? "") != nil, "when is not recorded")
      #expect(choice["details"]?["choice"]?.displayText == "done_by_hand")
      #expect(choice["details"]?["reason"]?.displayText == "paused by the owner from the safe")
    }
  }

  @Test("A note, a call and a half ticked list are not lost, and what stands on the screen is not repeated")
  func asides() async throws {
    let stage = try Stage.small()
    let dana = try stage.responder("dana", "run", "questions", "--only", "look")
    try await dana.answers("so? ", "y")
    try await dana.answers("so? ", "+")
    try await dana.answers("note: ", "the queue is nearly empty")
    try await dana.sees("note     the queue is nearly empty (dana)")
    try await dana.sees("[ ] 2 of 2  The queue is empty")
    try await dana.answers("so? ", "y")
    try await dana.answers("record 'all of it is so'?", "no")
    try await dana.sees("[ ] 1 of 2  The gateway answers")
    for _ in 1...2 { try await dana.answers("so? ", "y") }
    try await dana.answers("record 'all of it is so'?", "y")
    let screen = try await dana.ends(3)
    #expect(screen.components(separatedBy: "TO DO BY HAND").count == 2, "\(screen)")
    #expect(try stage.entries(.stepAnswered).first?["details"]?["ticked"]?.items.count == 2)
  }

  @Test("A file that is named as evidence is kept by its hash and its length")
  func fileEvidence() async throws {
    let stage = try Stage.small()
    let dana = try stage.responder("dana", "run", "questions", "--only", "log")
    try await dana.answers("answer: ", "liar")
    try await dana.ends(3)
    let answer = try #require(try stage.entries(.stepAnswered).first?["details"])
    let path = stage.folder.file("liar")
    let sum = try await RunningProgram(["/usr/bin/sha256sum", path], environment: [:]).wait().stdout
    #expect(sum.hasPrefix(answer["sha256"]?.displayText ?? "no hash"), "\(answer.jsonText)")
    let bytes = try Data(contentsOf: URL(filePath: path)).count
    #expect(bytes == Int(answer["bytes"]?.displayText ?? ""))
    let shown = try await stage.andon("show", "RUN-1", "--step", "log")
    #expect(shown.code == 0 && shown.stdout.contains("SHA-256 \(sum.prefix(64))"), "\(shown)")
    #expect(shown.stdout.replacing(/\n *\| */, with: " ").contains("\(bytes) bytes"), "\(shown)")
  }

  @Test("A secret that is too long for a line is hidden whole, not shown in halves")
  func longSecret() async throws {
    let stage = try Stage.small()
    let playbook = """
      format: 1
      id: tell
      name: Tell the hoster
      params:
        token: {type: text, required: true, secret: true, ask: "The token?"}
      steps:
        - id: call
          name: Call them
          manual: {ask: "Tell them ${params.token} on the telephone"}
      """
    try stage.folder.write(playbook, to: "playbooks/tell.yaml")
    let (first, second) = (UUID().uuidString, UUID().uuidString)
    let dana = try stage.responder(
      "dana", ["run", "tell", "--var", "token=env:TOKEN"], changing: ["TOKEN": "\(first)\(second)"], columns: 40)
    try await dana.sees("Tell them")
    try await dana.answers("answer: ", "q")
    let screen = try await dana.ends(4)
    for half in [first.prefix(12), second.suffix(12)] { #expect(!screen.contains(half), "\(screen)") }
  }

  @Test(
    "No byte moves the cursor where that is not wanted, while a clock runs at a prompt and a step takes its time",
    arguments: [["--plain"], ["TERM=dumb"], ["ACCESSIBLE=1"]])
  func noCursorMovement(how: [String]) async throws {
    let stage = try Stage.small()
    let pairs = how.filter { $0.contains("=") }.map { $0.split(separator: "=").map(String.init) }
    let more = Dictionary(uniqueKeysWithValues: pairs.map { ($0[0], $0[1]) }).merging(["NO_COLOR": ""]) { $1 }
    let dana = try stage.responder("dana", ["run", "slow"] + how.filter { !$0.contains("=") }, changing: more)
    // The clock has said something while the prompt stood there.
    try await dana.sees("choice: ")
    try await dana.sees("half of 00:02 is over")
    try await dana.answers("choice: ", "r")
    let screen = try await dana.ends(0).replacing(/\e\[[0-9;]*m/, with: how == ["ACCESSIBLE=1"] ? "" : "colour")
    #expect(!screen.contains("\u{1B}"), "\(screen.visible)")
    #expect(!screen.contains("colour"))
    #expect(!screen.replacing("\r\n", with: "\n").contains("\r"), "a line was written over")
    #expect(screen.contains("start    Take a while"))
  }

  @Test("Elsewhere the clock above the prompt goes on in its place, and the title of the window is given back")
  func livingClock() async throws {
    let stage = try Stage.small()
    let dana = try stage.responder("dana", "run", "slow")
    try await dana.sees("choice: ")
    try await dana.sees("\u{1B}7\u{1B}[")
    try await dana.sees("\u{1B}8")
    try await dana.sees("OVERDUE")
    dana.terminal.send("r")
    #expect(try await dana.terminal.expectRunning("Take a while"))
    let screen = try await dana.ends(0)
    #expect(screen.contains("\u{1B}[22;2t") && screen.contains("\u{1B}[23;2t"))
    #expect(!screen.contains("half of"), "the clock was told twice")
  }
}
