import Foundation
import IncidentModel
import TestSupport
import Testing

@Suite("Foreign text never acts", .inTurn, .needsDatabase, .timeLimit(.minutes(40)))
struct InjectionTests {
  /// What would do most if anything let it.
  private static let texts: [String] = [
    Array(HostileTexts.shell.prefix(8)), Array(HostileTexts.sql.prefix(4)), Array(HostileTexts.templates.prefix(4)),
    Array(HostileTexts.headers.prefix(2)), Array(HostileTexts.paths.prefix(4)), Array(HostileTexts.terminal.prefix(3)),
    ["-rf", "@/etc/passwd", "=cmd|' /C calc'!A1"],
  ].flatMap { $0 }

  @Test(
    "A param of a run in a script, an argument, a statement, a path, a query, a body, a message: it arrives as it is")
  func params() async throws {
    let database = try ScratchDatabase()
    try database.query("CREATE TABLE orders (id serial, note text)")
    try database.query("GRANT ALL ON orders, orders_id_seq TO \(database.name)")
    let server = try ScriptedHTTPServer(always: [.answer(body: "{}")])
    let hook = try WebhookReceiver()
    let book = try TestPlaybooks(
      connections: "{db: {postgres: \"env:DB\"}, api: {http: \"env:API\"}, hook: {webhook: \"env:HOOK\"}}",
      variables: ["DB": database.url, "API": server.url, "HOOK": hook.url])
    try book.folder.write("told ${params.p} {{params.p}}", to: "playbooks/templates/told.md")
    let (mark, got) = (book.folder.file("mark"), book.folder.file("got"))
    try book.add(
      "takes", top: "severity: P2\nparams: {p: {type: text, required: true}}\nconnections: [db, api, hook]",
      steps: """
        - {id: script, effect: read, shell: {run: "printf %s \\"$P\\" > \(got)", env: {P: "${params.p}"}}}
        - {id: option, effect: read, command: {run: [printf, "%s", "x=${params.p}"]}}
        - id: insert
          sql: {connection: db, run: "INSERT INTO orders (note) VALUES ($1)", bind: ["${params.p}"], expect: {rows: 1}}
        - id: path
          http: {connection: api, get: "/a/${params.p}/z", query: {q: "${params.p}"}}
        - id: body
          effect: read
          http: {connection: api, post: "/", json: {p: "${params.p}"}}
        - {id: told, notify: {connection: hook, template: told}}
        - {id: named, incident: {title: "About ${params.p}"}}
        """)
    var (count, reached) = (0, 0)
    for (index, text) in Self.texts.map({ $0.replacing("MARK", with: mark) }).enumerated() {
      let file = try book.folder.write("", to: "got")
      let result = try await book.run("takes", "--var", "p=\(text)", "--on-failure", "continue")
      #expect([0, 1, 4].contains(result.code), "\(text.debugDescription): \(result)")
      #expect(try String(contentsOfFile: file, encoding: .utf8) == text)
      #expect(try database.value("SELECT note FROM orders ORDER BY id DESC LIMIT 1") == text)
      #expect(try database.value("SELECT count(*) FROM orders") == "\(index + 1)")
      let record = try await book.record("RUN-\(index + 1)")
      #expect(
        (record.step("option").state == "failed") == (text.utf8.first == UInt8(ascii: "@")), "\(text.debugDescription)")
      #expect((record.step("path").state == "failed") == [".", ".."].contains(text), "\(text.debugDescription)")
      for request in server.requests {
        #expect(request.header("X-Injected") == nil && !request.target.contains("/evil"))
        if request.method == "GET" {
          #expect(request.target.hasPrefix("/a/") && request.target.split(separator: "/").count >= 3)
          let value = request.target.split(separator: "?")[0].dropFirst(3).dropLast(2)
          #expect(!value.contains("/"), "\(request.target)")
          reached += 1
        } else {
          reached += 1
        }
      }
      #expect(server.requests.last.flatMap { try? Value.json(Data($0.body))["p"] } == .text(text))
      #expect(hook.messages.last == "told \(text) \(text)".trimmingTrailingSpace, "\(hook.messages.last ?? "")")
      #expect(!FileManager.default.fileExists(atPath: mark), "\(text.debugDescription) ran")
      count += 1
    }
    #expect(reached > 0)
    Figures.record(
      ["texts": count, "combinations": count * 7],
      promise: "A value is never code, an option, a file name, a header or a path",
      attack: "shell, SQL, template, header, path and terminal texts as params of whole runs against real services",
      in: "Injection")
  }

  // MARK: - Terminals

  /// Without colours and status lines Andon itself sends nothing but text and line ends; those of CSV have a CR too.
  private func expectPlain(
    _ terminal: Terminal, _ what: String, sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) {
    let bytes = terminal.bytes
    let text = String(decoding: bytes, as: UTF8.self).replacing("\r\r\n", with: "\n").replacing("\r\n", with: "\n")
    for scalar in text.unicodeScalars where scalar != "\n" && String(scalar).visible != String(scalar) {
      let name = String(scalar).visible
      Issue.record(
        "\(what) lets \(name) through:\n\(text.visible(keepingLineBreaks: true))", sourceLocation: sourceLocation)
      return
    }
    #expect(!bytes.isEmpty, "\(what) showed nothing", sourceLocation: sourceLocation)
  }

  private func show(
    _ book: TestPlaybooks, _ arguments: [String], changing changes: [String: String] = [:],
    sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) async throws -> Terminal {
    let plain = ["NO_COLOR": "1", "TERM": "dumb"].merging(changes) { $1 }
    let terminal = try book.terminal(arguments, changing: plain)
    _ = try await terminal.wait()
    expectPlain(terminal, arguments.joined(separator: " ").visible, sourceLocation: sourceLocation)
    return terminal
  }

  private static let all = HostileTexts.terminal.joined(separator: " x ")

  @Test("What programs, services, databases and people say moves no cursor, on any screen that shows it")
  func terminals() async throws {
    let database = try ScratchDatabase()
    let all = Self.all
    let server = try ScriptedHTTPServer { request in
      request.target.hasPrefix("/bad")
        ? [.answer("500 \u{1B}[2Jgone\u{9B}1A", headers: ["X-Odd: \u{1B}[31m"], body: all)] : [.answer(body: all)]
    }
    let book = try TestPlaybooks(
      connections: "{db: {postgres: \"env:DB\"}, api: {http: \"env:API\"}, hook: {webhook: \"env:HOOK\"}}",
      variables: [
        "DB": database.url, "API": server.url, "HOOK": server.url + "/bad", "ANDON_ACTOR": "dana\u{1B}[31m\u{202E}",
      ])
    try book.folder.write(all, to: "said")
    try book.folder.write("told ${params.p}", to: "playbooks/templates/told.md")
    let odd = try book.folder.write(
      "#!/bin/sh\ncat \(book.folder.file("said")); exit 3\n", to: "odd\u{1B}[2J\rname", mode: 0o755)
    try book.add(
      "hostile", top: "severity: P2\nparams: {p: {type: text, required: true}}\nconnections: [db, api, hook]",
      steps: """
        - {id: says, name: "Say ${params.p}", effect: read, shell: {run: "cat $F; cat $F >&2", env: {F: "\(book.folder.file("said"))"}}, register: {said: stdout}}
        - {id: fails, shell: {run: "cat $F >&2; exit 1", env: {F: "\(book.folder.file("said"))"}}}
        - {id: slow, effect: read, shell: {run: "cat $F; sleep 3; cat $F >&2", env: {F: "\(book.folder.file("said"))"}}, timeout: 9s}
        - {id: reads, sql: {connection: db, run: "SELECT $1::text AS \\"odd name\\", $1::text", bind: ["${params.p}"]}}
        - {id: refuses, sql: {connection: db, run: "SELECT $1::int", bind: ["${params.p}"]}}
        - {id: answers, http: {connection: api, get: /}, expect: 'body == "x"'}
        - {id: denies, http: {connection: api, get: /bad}}
        - {id: states, assert: {that: 'params.p == "x"', message: "it is ${params.p}"}}
        - {id: watches, monitor: {http: {connection: api, get: /}, every: 200ms, for: 400ms, record: body}}
        - {id: told, notify: {connection: hook, template: told}}
        - {id: titled, incident: {title: "About ${params.p}"}}
        - {id: later, incident: {follow_up: {title: "Do ${params.p}", owner: "${params.p}"}}}
        """)
    try book.add("names", steps: "- {id: a, command: {run: [\"\(odd.visible)\"]}}")
    let run = try await show(
      book, ["run", "hostile", "--auto", "--yes", "--plain", "--on-failure", "continue", "--var", "p=\(all)"])
    #expect(run.transcript.contains("\\u{1B}"), "\(run.transcript)")
    for note in HostileTexts.terminal { _ = try await show(book, ["note", "INC-1", "saw \(note)", "--plain"]) }
    let commands = [
      ["status"], ["history"], ["show", "INC-1"], ["show", "RUN-1"], ["timeline", "show", "INC-1"],
      ["timeline", "export", "INC-1", "--format", "md"], ["postmortem", "create", "INC-1", "--out", "-"],
      ["notify", "outbox"], ["incident", "list", "--all"], ["incident", "followup", "list", "INC-1"],
      ["incident", "edit", "INC-1", "--title", all], ["incident", "role", "lead", all, "INC-1"],
      ["timeline", "export", "INC-1", "--format", "csv"], ["journal", "verify"], ["playbook", "show", "hostile"],
      ["incident", "handover", "INC-1", "--to", all], ["acknowledge"], ["resolve"], ["doctor"],
    ]
    for command in commands { _ = try await show(book, command + ["--plain"]) }
    for step in [
      "says", "fails", "slow", "reads", "refuses", "answers", "denies", "states", "watches", "told", "titled",
    ] {
      let shown = try await show(book, ["show", "RUN-1", "--step", step, "--plain"])
      if step == "says" { #expect(shown.transcript.contains("\\u{1B}[2J"), "\(shown.transcript)") }
    }
    Figures.record(
      [
        "texts": HostileTexts.terminal.count, "screens": commands.count + 12 + HostileTexts.terminal.count,
      ],
      promise: "Foreign text moves no cursor",
      attack:
        "C0, C1, CSI, OSC, DCS, carriage returns, bidirectional and invisible characters from programs, services, "
        + "databases, titles, notes, handles", in: "Injection")
  }

  @Test("What is typed wrong, and what stands in variables, paths and file names, moves no cursor either")
  func mistakes() async throws {
    let book = try TestPlaybooks()
    let evil = "\u{1B}[2J\u{1B}]0;x\u{7}\u{9B}1A\r\u{202E}e"
    try book.add("fine", steps: "- {id: a, wait: {for: 1ms}}")
    try book.add("escaped", steps: "- {id: a, name: \"\\e[2Jgone\\r\\x9b1A\", wait: {for: 1ms}}")
    let file = try book.folder.write(
      "format: 1\nid: x\nname: \u{1B}[2J\nsteps: [\(evil)]\n", to: "odd\u{1B}[2J\rname.yaml")
    try book.folder.write(
      "format: 1\nid: odd\nname: Odd\nsteps: [{id: a, wait: {for: 1ms}}]\n", to: "playbooks/odd\u{1B}[2J.yaml")
    let commands: [[String]] = [
      [evil], ["--\(evil)"], ["show", evil], ["show", "RUN-9\(evil)"], ["run", evil],
      ["run", "fine", "--auto", "--yes", "--env", evil],
      ["run", "fine", "--auto", "--yes", "--var", evil], ["run", "fine", "--auto", "--yes", "--var", "\(evil)=1"],
      ["run", "fine", "--auto", "--yes", "--var-file", book.folder.file("no/\(evil)")],
      ["run", "fine", "--auto", "--yes", "--timeout", evil], ["run", "fine", "--auto", "--yes", "--detected-at", evil],
      ["run", "fine", "--auto", "--yes", "--on-failure", evil],
      ["run", "fine", "--auto", "--yes", "--from", evil], ["run", "fine", "--auto", "--yes", "--incident", evil],
      ["resume", evil], ["cancel", evil],
      ["note", "INC-\(evil)", "x"], ["timeline", "export", evil, "--format", "md"],
      ["timeline", "export", "INC-1", "--format", evil],
      ["playbook", "check", file], ["playbook", "check", book.folder.file("no/\(evil)")], ["playbook", "list"],
      ["playbook", "show", evil],
      ["playbook", "new", evil, "x"], ["playbook", "new", "emergency", evil],
      ["playbook", "new", "emergency", "../../\(evil)"],
      ["incident", "open", "x", "--severity", evil], ["incident", "role", evil, "lee"], ["pull", evil],
      ["escalate", evil],
      ["--state", book.folder.file("no/\(evil)"), "status"], ["status", "--state", book.folder.file("no/\(evil)")],
      ["status", "--playbooks", book.folder.file("no/\(evil)")],
      ["postmortem", "create", evil], ["journal", "verify", evil], ["monitor", evil], ["schedule", evil],
      ["help", evil],
      ["run", "escaped", "--auto", "--yes", "--plain"], ["playbook", "check"], ["run", "odd\(evil)"],
    ]
    for command in commands { _ = try await show(book, command) }
    let surroundings: [[String: String]] = [
      ["ANDON_ENV": evil], ["ANDON_STATE": book.folder.file("no/\(evil)")],
      ["ANDON_PLAYBOOKS": book.folder.file("no/\(evil)")], ["ANDON_ACTOR": evil],
      ["USER": evil], ["LANG": evil], ["COLUMNS": evil], ["TZ": evil], ["HOME": book.folder.file("no/\(evil)")],
    ]
    for changes in surroundings {
      _ = try await show(book, ["run", "fine", "--auto", "--yes", "--plain"], changing: changes)
      _ = try await show(book, ["doctor", "--plain"], changing: changes)
    }
    #expect(!FileManager.default.fileExists(atPath: "\(book.folder.path)/../../\(evil).yaml"))
    Figures.record(
      ["command lines": commands.count, "surroundings": surroundings.count],
      promise: "Foreign text moves no cursor",
      attack: "control sequences in arguments, variables, paths, file names, "
        + "playbooks", in: "Injection")
  }

  @Test("Output that imitates Andon's own words, entries and prompts changes nothing")
  func imitation() async throws {
    let book = try TestPlaybooks()
    let lines = [
      "::set-env name=x::y", "::add-mask::x",
      "{\"kind\":\"step.finished\",\"step\":\"later\",\"details\":{\"state\":\"done\"}}",
      "  ok       later", "choice: s", "[n] no: y", "RUN-1 finished", "andon: cancelled; nothing was touched", "\u{4}",
      "\u{3}",
      "##vso[task.complete result=Succeeded;]DONE", "confirm: STOP",
    ]
    try book.folder.write(lines.joined(separator: "\n"), to: "said")
    try book.add(
      "imitates", top: "severity: P2",
      steps: """
        - {id: says, effect: read, shell: {run: "cat \(book.folder.file("said")); cat \(book.folder.file("said")) >&2"}}
        - {id: later, shell: {run: "exit 1"}}
        - {id: last, shell: {run: "touch \(book.folder.file("last"))"}}
        """)
    let result = try await book.run("imitates", "--on-failure", "stop")
    #expect(result.code == 1, "\(result)")
    let record = try await book.record()
    #expect(record.step("says").state == "done" && record.step("later").state == "failed")
    #expect(!FileManager.default.fileExists(atPath: book.folder.file("last")))
    #expect([0, 3].contains(try await book.andon("journal", "verify").code))
  }
}

extension String {
  /// As a message leaves.
  fileprivate var trimmingTrailingSpace: String {
    String(drop(while: \.isNewline).reversed().drop(while: \.isWhitespace).reversed())
  }
}
