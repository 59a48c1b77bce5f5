import Foundation
import IncidentModel
import TestSupport
import Testing

@Suite("What would fail", .inTurn, .needsDatabase, .timeLimit(.minutes(40)))
struct DoctorTests {
  @Test("A platform that is well gets 0: every statement was tried, everybody asked, and nothing posted")
  func healthy() async throws {
    let clinic = try Clinic()
    let diagnosis = try await clinic.doctor()
    #expect(diagnosis.code == 0, "\(diagnosis)")
    #expect(diagnosis.json["ready"] == .bool(true))
    #expect(diagnosis.findings("fail") == [] && diagnosis.findings("warn") == [], "\(diagnosis)")
    #expect(diagnosis.json["statements"] == .number(8), "\(diagnosis)")
    diagnosis.expectOK("connection database", "PostgreSQL", "encrypted", "8 of 8 statements")
    diagnosis.expectOK("connection api", "answers (404)")
    diagnosis.expectOK("step pause/ask", "GET /trades on 'api' answers 200")
    // One look at the service, and what the step reads as the step reads it.
    #expect(clinic.api.requests.count == 2 && clinic.api.requests("GET", "/trades") == 1)
    for request in clinic.api.requests {
      #expect((request.header("Authorization") == nil) == (request.target != "/trades"), "\(request.target)")
    }
    #expect(clinic.discord.requests.isEmpty)
    let text = try await clinic.book.andon("doctor", "pause")
    #expect(text.code == 0 && text.stdout.contains("READY  pause in test: 0 would fail"), "\(text)")
    for secret in [clinic.token, clinic.database.password, clinic.discord.token] {
      #expect(!text.output.contains(secret) && !diagnosis.description.contains(secret))
    }
  }

  struct Drift: Sendable, CustomTestStringConvertible {
    let change: String
    let place: String
    let says: [String]

    var testDescription: String { change }
  }

  @Test(
    "A schema or a right that changed under the playbooks is named, with playbook, step and what is missing",
    arguments: [
      Drift(
        change: "ALTER TABLE trades_orders RENAME created_at TO made_at", place: "step tidy/clean-up",
        says: [#"column "created_at" does not exist"#]),
      Drift(
        change: "DROP TABLE trades_fills", place: "step tidy/clean-up",
        says: ["its check", #"relation "trades_fills" does not exist"#]),
      Drift(
        change: "DROP TABLE trades_order_book", place: "step tidy/statistics",
        says: [#"relation "trades_order_book" does not exist"#, "TRUNCATE"]),
      Drift(
        change: "REVOKE DELETE ON trades_orders FROM USER", place: "step tidy/clean-up",
        says: ["permission denied for table trades_orders", "has no DELETE there", "grant it"]),
      Drift(
        change: "REVOKE INSERT ON trades_config FROM USER", place: "step tidy/note-it",
        says: ["permission denied for table trades_config", "has no INSERT there"]),
      Drift(
        change: "REVOKE TRUNCATE ON trades_order_book FROM USER", place: "step tidy/statistics",
        says: ["permission denied", "TRUNCATE"]),
      Drift(
        change: "REVOKE CREATE ON SCHEMA public FROM pg_database_owner", place: "step tidy/note-it",
        says: ["andon_marker", "CREATE TABLE"]),
      Drift(
        change: "ALTER ROLE USER SET default_transaction_read_only = on", place: "connection database",
        says: ["takes no changes", "default_transaction_read_only"]),
    ])
  func drift(_ drift: Drift) async throws {
    let clinic = try Clinic()
    #expect(try await clinic.doctor().code == 0)
    try clinic.database.query(drift.change.replacing("USER", with: clinic.database.name))
    let diagnosis = try await clinic.doctor()
    diagnosis.expectOnly(drift.place, drift.says[0], drift.says[1 % drift.says.count])
    diagnosis.expect("fail", drift.place, drift.says)
  }

  @Test("A right that an UPDATE lost fails the step and not its check; asked of the other playbook, nothing is wrong")
  func onePlaybook() async throws {
    let clinic = try Clinic()
    try clinic.database.query("REVOKE UPDATE ON trades_config FROM \(clinic.database.name)")
    try await clinic.doctor("pause").expectOnly(
      "step pause/switch-off", "permission denied for table trades_config", "has no UPDATE there")
    #expect(try await clinic.doctor("tidy").code == 0)
  }

  @Test("A database that cannot be used is named once, with whoever needs it, and hides its password")
  func database() async throws {
    let clinic = try Clinic()
    let url = clinic.database.url
    let wrong = url.replacing(/:[^:@]*@/, with: ":wrong@")
    try await clinic.doctor(changing: ["DB": wrong]).expectOnly(
      "connection database", "does not let user", "needed by pause, tidy")
    let stopped = url.replacing(/:[0-9]+\//, with: ":\(unusedPort())/")
    let diagnosis = try await clinic.doctor(changing: ["DB": stopped])
    diagnosis.expectOnly("connection database", "cannot reach database 'database'", "needed by pause, tidy")
    #expect(!diagnosis.description.contains(clinic.database.password))
    let untrusted = try await clinic.doctor(changing: [
      "DB": url + "?sslmode=verify-full", "DB_CA": "/etc/ssl/certs/ca-certificates.crt",
    ])
    untrusted.expectOnly("connection database", "no trusted TLS connection", "certificate verify failed")
    #expect(try await clinic.doctor(changing: ["DB": url + "?sslmode=verify-full"]).findings("warn") == [])
    let weak = try await clinic.doctor(changing: ["DB": url + "?sslmode=require"])
    #expect(weak.code == 0, "\(weak)")
    weak.expect("warn", "connection database", ["sslmode=require", "does not check who answers"])
  }

  @Test("What is not set, not there or nonsense is named with the variable or the file")
  func configuration() async throws {
    let clinic = try Clinic()
    try await clinic.doctor(changing: ["TOKEN": nil]).expectOnly("connection api", "TOKEN is not set")
    try await clinic.doctor(changing: ["DB": "no url at all"]).expectOnly(
      "connection database", "is not a PostgreSQL URL")
    try await clinic.doctor(changing: ["HOOK": "discord.com/api/webhooks/1"]).expectOnly(
      "connection discord", "webhook is not an http or https URL")
    try clinic.book.folder.write("s3cret-password\n", to: "password", mode: 0o644)
    try clinic.book.add(
      "signs", top: "review: {last: \(Clinic.today), every: 30d}\nconnections: [tool]",
      steps: "- {id: sign, timeout: 5s, command: {run: [true], env: {P: \"${connections.tool.password_file}\"}}}")
    try await clinic.doctor("signs", changing: ["PASSWORD_FILE": "/nowhere/password"]).expectOnly(
      "connection tool", "/nowhere/password", "there is no such file")
    let loose = try await clinic.doctor(
      "signs", changing: ["PASSWORD_FILE": clinic.book.folder.file("password")])
    #expect(loose.code == 0, "\(loose)")
    loose.expect("warn", "connection tool", ["can be read by others", "chmod 600"])
  }

  @Test("A certificate that nobody signed or that has ended fails; one that ends soon warns, with the day")
  func certificates() async throws {
    let clinic = try Clinic()
    let good = try TLSServer(days: 20)
    let trusted = try await clinic.doctor(changing: ["API": good.url, "CA": good.authority])
    #expect(trusted.code == 0 && trusted.findings("warn") == [], "\(trusted)")
    trusted.expectOK("connection api", "certificate holds until \(Clinic.day(20))")
    try await clinic.doctor(changing: ["API": good.url]).expectOnly(
      "connection api", "no secure connection", "certificate")
    let ended = try TLSServer(days: -1)
    try await clinic.doctor(changing: ["API": ended.url, "CA": ended.authority]).expectOnly(
      "connection api", "certificate has expired")
    let ending = try TLSServer(days: 3)
    let soon = try await clinic.doctor(changing: ["API": ending.url, "CA": ending.authority])
    #expect(soon.code == 0, "\(soon)")
    soon.expect("warn", "connection api", ["expires on \(Clinic.day(3))"])
  }

  @Test("An address where nobody answers fails, one that is in trouble warns, and one that hangs does not hold us up")
  func address() async throws {
    let clinic = try Clinic()
    try await clinic.doctor(changing: ["API": "http://127.0.0.1:\(unusedPort())"]).expectOnly(
      "connection api", "no connection to 127.0.0.1")
    clinic.api.misbehave(.status("503 Service Unavailable"))
    let troubled = try await clinic.doctor()
    #expect(troubled.code == 0, "\(troubled)")
    troubled.expect("warn", "connection api", ["answers 503"])
    clinic.api.misbehave(.init([.hang]))
    let hanging = try await clinic.doctor()
    hanging.expectOnly("connection api", "got no whole answer within 5s")
    #expect(hanging.elapsed < .seconds(12), "\(hanging)")
  }

  @Test("A clock that is more than two seconds from that of a service is named, with the distance")
  func clock() async throws {
    let clinic = try Clinic()
    func answering(_ distance: TimeInterval) {
      let form = DateFormatter()
      (form.locale, form.timeZone) = (Locale(identifier: "en_US_POSIX"), TimeZone(identifier: "GMT"))
      form.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
      clinic.api.misbehave(.init([.answer("200 OK", headers: ["Date: \(form.string(from: Date() + distance))"])]))
    }
    answering(0)
    #expect(try await clinic.doctor().findings("warn") == [])
    answering(3600)
    let behind = try await clinic.doctor()
    #expect(behind.code == 0, "\(behind)")
    behind.expect("warn", "clock api", ["the clock of this machine is", "behind the one of 'api'"])
    answering(-600)
    try await clinic.doctor().expect("warn", "clock api", ["ahead of the one of 'api'"])
  }

  @Test("A program or a directory that is missing is named with its step")
  func programs() async throws {
    let clinic = try Clinic()
    let top = "review: {last: \(Clinic.today), every: 30d}"
    try clinic.book.add("a", top: top, steps: "- {id: deploy, timeout: 5s, command: {run: [no-such-tool, x]}}")
    try await clinic.doctor().expectOnly("program a/deploy", "'no-such-tool' is not installed")
    try clinic.book.folder.write("#!/bin/sh\n", to: "bin/no-such-tool", mode: 0o644)
    let path = "/usr/bin:/bin:\(clinic.book.folder.file("bin"))"
    try await clinic.doctor(changing: ["PATH": path]).expectOnly("program a/deploy", "cannot be run")
    try clinic.book.folder.write("#!/bin/sh\n", to: "bin/no-such-tool", mode: 0o755)
    #expect(try await clinic.doctor(changing: ["PATH": path]).code == 0)
    try clinic.book.add("a", top: top, steps: "- {id: deploy, timeout: 5s, command: {run: [ls], cwd: /nowhere/at/all}}")
    try await clinic.doctor().expectOnly("program a/deploy", "/nowhere/at/all", "does not exist")
  }

  @Test("What a playbook names beside itself and is not there fails; blanks and late reviews warn")
  func files() async throws {
    let clinic = try Clinic()
    try FileManager.default.removeItem(atPath: clinic.book.folder.file("playbooks/templates/paused.md"))
    try await clinic.doctor().expectOnly("step pause/tell", "no message", "paused")
    try clinic.book.folder.write("Paused.", to: "playbooks/templates/paused.md")
    try clinic.book.folder.write(
      "format: 1\ncontacts:\n  - {id: lead, role: Technical Lead, name: , phone: \"[phone number]\"}\n",
      to: "playbooks/contacts.yaml")
    try clinic.book.add(
      "late", top: "review: {last: \(Clinic.day(-40)), every: 30d}",
      steps: "- {id: one, wait: {for: 1ms}}\n- {id: call, incident: {escalate: lead}}")
    let blanks = try await clinic.doctor()
    #expect(blanks.code == 0, "\(blanks)")
    blanks.expect("warn", "playbook late", ["the review of this playbook is 10 days late"])
    blanks.expect("warn", "contacts ", ["[phone number]", "still to be filled in"])
    try clinic.book.add(
      "late", top: "review: {last: \(Clinic.today), every: 30d}",
      steps: "- {id: call, incident: {escalate: nobody-here}}")
    try await clinic.doctor().expectOnly("step late/call", "no contact is named 'nobody-here'")
    try clinic.book.add("late", steps: "- {id: one, wait: {for: soon}}")
    try await clinic.doctor().expectOnly("playbook late", "it has a mistake", "andon playbook check")
    let unknown = try await clinic.book.andon("doctor", "nonsense")
    #expect(unknown.code == 64, "\(unknown)")
    #expect(try await clinic.book.andon("doctor", "--env", "nowhere").code == 78)
  }

  @Test("Nothing is written: neither a row, nor a table, nor the journal, nor a folder")
  func nothingWritten() async throws {
    let clinic = try Clinic()
    #expect(try await clinic.doctor().code == 0)
    #expect(!FileManager.default.fileExists(atPath: clinic.book.state))
    try clinic.book.add("look", top: "connections: [api]", steps: "- {id: one, wait: {for: 1ms}}")
    #expect(try await clinic.book.run("look").code == 0)
    let before = (try clinic.contents, try files(below: clinic.book.state))
    #expect(!before.1.isEmpty)
    let diagnosis = try await clinic.doctor()
    #expect(diagnosis.code == 0, "\(diagnosis)")
    #expect(try clinic.contents == before.0)
    #expect(try files(below: clinic.book.state) == before.1)
  }

  @Test("A journal that was cut short, and a state folder that is none, would fail")
  func state() async throws {
    let clinic = try Clinic()
    try clinic.book.add("look", steps: "- {id: one, wait: {for: 1ms}}")
    #expect(try await clinic.book.run("look").code == 0)
    let anchors = clinic.book.folder.file("state/anchors.txt")
    let kept = try String(contentsOfFile: anchors, encoding: .utf8)
    try "9999:\(String(repeating: "ab", count: 32))\n".write(toFile: anchors, atomically: true, encoding: .utf8)
    try await clinic.doctor().expectOnly("state ", "does not hold", "an anchor saw entry 9999")
    try kept.write(toFile: anchors, atomically: true, encoding: .utf8)
    #expect(try await clinic.doctor().code == 0)
    let file = try clinic.book.folder.write("", to: "plain")
    try await clinic.doctor(changing: ["ANDON_STATE": file]).expectOnly("state ", "is not a folder")
  }

  @Test("A table that somebody has locked is said to be untried, within seconds")
  func locked() async throws {
    let clinic = try Clinic()
    let other = try clinic.database.foreignSession(named: "migration")
    try other.run("BEGIN")
    try other.run("LOCK TABLE trades_fills IN ACCESS EXCLUSIVE MODE")
    let diagnosis = try await clinic.doctor()
    #expect(diagnosis.code == 0 && diagnosis.elapsed < .seconds(10), "\(diagnosis)")
    diagnosis.expect("note", "step tidy/clean-up", ["not tried", "holds a lock"])
    try other.run("ROLLBACK")
  }

  @Test("The node of a chain is asked through cast", .needsChain)
  func chain() async throws {
    try await Chain.borrow { chain in
      let book = try TestPlaybooks(connections: "{chain: {rpc: 'env:RPC_URL'}}", variables: chain.variables)
      try book.add(
        "ask", top: "connections: [chain]\nreview: {last: \(Clinic.today), every: 30d}",
        steps: "- {id: id, timeout: 5s, effect: read, "
          + "command: {run: [cast, chain-id], env: {ETH_RPC_URL: \"${connections.chain.rpc}\"}}}")
      let well = try Diagnosis(await book.andon("doctor", "--json"))
      #expect(well.code == 0, "\(well)")
      well.expectOK("connection chain", "answers, chain ")
      let gone = try await book.andon(
        "doctor", "--json", changing: ["RPC_URL": "http://127.0.0.1:\(unusedPort())"])
      try Diagnosis(gone).expectOnly("connection chain", "the node of 'chain' does not answer")
    }
  }

  @Test("Of a sandbox that nobody has started nothing is asked, and none is started")
  func sandbox() async throws {
    let folder = try TemporaryFolder()
    let result = try await AndonProgram(environment: [
      "PATH": "/usr/bin:/bin", "HOME": folder.path, "ANDON_STATE": folder.file("state"),
    ]).run(["doctor", "pause-trading", "--env", "sandbox"])
    #expect(result.code == 0 && result.stdout.contains("is not running"), "\(result)")
    #expect(!FileManager.default.fileExists(atPath: folder.file("state")))
  }

  /// Every file with its content and the moment it was changed.
  private func files(below folder: String) throws -> [String: String] {
    let manager = FileManager.default
    var found: [String: String] = [:]
    for name in try manager.subpathsOfDirectory(atPath: folder) {
      let path = "\(folder)/\(name)"
      let changed = try manager.attributesOfItem(atPath: path)[.modificationDate] as? Date
      found[name] =
        "\(changed?.timeIntervalSince1970 ?? 0) \(manager.contents(atPath: path)?.base64EncodedString() ?? "")"
    }
    return found
  }
}
