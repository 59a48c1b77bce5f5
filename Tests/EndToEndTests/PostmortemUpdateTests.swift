import Foundation
import IncidentModel
import TestSupport
import Testing

@Suite("Refreshing a report", .inTurn, .timeLimit(.minutes(40)))
struct PostmortemUpdateTests {
  @Test(
    "A report is finished when its prompts are answered, behind when more was recorded, and finished again once updated"
  )
  func life() async throws {
    let report = try await WrittenReport(note: nil)
    let new = try await report.check()
    #expect(new.code == 3 && new.stdout.contains("nobody has written here"), "\(new)")
    #expect(new.stdout.contains(/line \d+: nobody/))
    try report.answer()
    let done = try await report.check()
    #expect(done.code == 0 && done.stdout.contains("finished"), "\(done)")
    #expect(try await report.desk.andon("note", "they pay again").code == 0)
    let entries = try report.desk.count
    let behind = try await report.check()
    #expect(behind.code == 3 && behind.stdout.contains("1 newer entry of INC-1"), "\(behind)")
    #expect(behind.stdout.contains(/line \d+: part 'timeline' is not what the journal gives now/), "\(behind)")
    let json = try Value.json(Data(try await report.check("--json").stdout.utf8))
    let file = try #require(json["files"]?.items.first)
    #expect(file.text("finished") == "false")
    #expect(
      file["review"]?["reasons"]?.items.contains { $0.text("kind") == "behind" && $0.text("line") == "1" } == true)
    let updated = try await report.update()
    #expect(updated.code == 0 && updated.stdout.contains("timeline"), "\(updated)")
    #expect(try report.text.contains("they pay again") && report.text.contains("We know now."))
    #expect(try await report.check().code == 0)
    let again = try await report.update()
    #expect(again.code == 0 && again.stdout.contains("up to date"), "\(again)")
    #expect(try report.desk.count == entries, "writing a report appended something")
    #expect(try report.litter.isEmpty)
  }

  @Test("What people changed in a generated part stops it with 65, the change shown; --keep and --overwrite decide")
  func edited() async throws {
    let report = try await WrittenReport()
    let original = try report.text
    let edited = original.replacing("orders fail", with: "orders failed badly")
    try report.write(edited)
    let refused = try await report.update()
    #expect(refused.code == 65, "\(refused)")
    #expect(
      refused.stderr.contains(/line \d+, part 'header'/) || refused.stderr.contains("part 'summary'"), "\(refused)")
    #expect(refused.stderr.contains("- ") && refused.stderr.contains("orders failed badly"), "\(refused)")
    #expect(refused.stderr.contains("--keep") && refused.stderr.contains("--overwrite"))
    #expect(try report.text == edited)
    let json = try Value.json(Data(try await report.update("--json").stdout.utf8))
    let names = json["parts"]?.items.filter { $0.text("outcome") == "edited" }.map { $0.text("part") } ?? []
    #expect(!names.isEmpty && json.text("written") == "false")
    #expect(try await report.check().stdout.contains("people have changed the generated part '\(names[0])'"))
    let overwriting = names.flatMap { ["--overwrite", $0] }
    let written = try await AndonProgram(environment: report.desk.variables).run(
      ["postmortem", "update", report.path] + overwriting)
    #expect(written.code == 0, "\(written)")
    let fresh = ReportAnatomy(try await report.fresh())
    #expect(try ReportAnatomy(report.bytes).parts == fresh.parts)
    try report.write(edited)
    let keeping = names.flatMap { ["--keep", $0] }
    let kept = try await AndonProgram(environment: report.desk.variables).run(
      ["postmortem", "update", report.path] + keeping)
    #expect(kept.code == 0, "\(kept)")
    for name in names { #expect(try !report.text.contains("andon:begin \(name) ")) }
    #expect(try report.text.contains("orders failed badly"))
    #expect(try await report.update().code == 0)
    #expect(try report.text.contains("orders failed badly"))
  }

  @Test("A part that was taken out stays out, is named, and comes back to its place with --restore")
  func restored() async throws {
    let report = try await WrittenReport()
    let original = try report.text
    try report.write(original.replacing(try report.block("severity"), with: ""))
    let updated = try await report.update()
    #expect(updated.code == 0 && updated.stderr.contains("severity"), "\(updated)")
    #expect(try !report.text.contains("andon:begin severity "))
    let back = try await report.update("--restore", "severity")
    #expect(back.code == 0 && back.stdout.contains("severity"), "\(back)")
    let now = try report.text
    try report.write(original)
    #expect(try await report.update().code == 0)
    #expect(try report.text == now)
    for wrong in [["--restore", "severity"], ["--keep", "nonsense"], ["--overwrite", "nonsense"]] {
      let result = try await AndonProgram(environment: report.desk.variables).run(
        ["postmortem", "update", report.path] + wrong)
      #expect(result.code == 64 && result.stderr.contains(wrong[1]), "\(result)")
    }
  }

  @Test("A mark that is broken stops both commands with 65, its line and a caret; nothing is written")
  func broken() async throws {
    let report = try await WrittenReport()
    let damaged = try report.text.replacing("<!-- andon:end timeline -->\n", with: "")
    try report.write(damaged)
    let line =
      try #require(damaged.components(separatedBy: "\n").firstIndex { $0.hasPrefix("<!-- andon:begin timeline ") }) + 1
    for result in [try await report.update(), try await report.check()] {
      #expect(result.code == 65, "\(result)")
      // The next mark stands inside a part that never ends, or its own begin is named.
      #expect(result.output.contains("timeline") && result.output.contains("\(line)"), "\(result)")
      #expect(result.output.contains(/\n +\| +\^/), "\(result)")
    }
    #expect(try report.text == damaged)
  }

  @Test("A report that does not say which incident it is about is refused, and says it again with --incident")
  func unnamed() async throws {
    let report = try await WrittenReport()
    let original = try report.text
    let first = try #require(original.components(separatedBy: "\n").first)
    #expect(first.hasPrefix("<!-- andon:report INC-1 v1 first="))
    let without = original.replacing("\(first)\n", with: "")
    try report.write(without)
    for result in [try await report.update(), try await report.check()] {
      #expect(result.code == 65 && result.output.contains("--incident"), "\(result)")
    }
    #expect(try report.text == without)
    #expect(try await report.update("--incident", "INC-1").code == 0)
    #expect(try report.text.hasPrefix("<!-- andon:report INC-1 v1 first="))
    #expect(try await report.update("--incident", "INC-2").code == 64)
  }

  @Test("A report of another journal's INC-1 is not filled with this one's, nor one that this journal does not reach")
  func otherJournal() async throws {
    let report = try await WrittenReport()
    let other = try await WrittenReport()
    let before = try report.bytes
    let state = ["ANDON_STATE": other.desk.playbooks.state]
    let refused = try await report.update(changing: state)
    #expect(refused.code == 65 && refused.stderr.contains("another journal"), "\(refused)")
    #expect(try report.bytes == before)
    // The journal as it was before the note, put back from a copy.
    #expect(try await report.update().code == 0)
    let old = report.desk.playbooks.folder.file("old")
    try FileManager.default.createDirectory(atPath: old, withIntermediateDirectories: true)
    try JournalFile(path: "\(report.desk.playbooks.state)/journal.db").copied(to: "\(old)/journal.db").sql(
      "DROP TRIGGER entry_never_leaves; DELETE FROM entry WHERE seq = (SELECT max(seq) FROM entry)")
    let behind = try await report.update(changing: ["ANDON_STATE": old])
    #expect(behind.code == 65 && behind.stderr.contains("goes up to entry"), "\(behind)")
  }

  @Test("The file keeps its mode, its owner, its symbolic link and its line breaks")
  func files() async throws {
    let report = try await WrittenReport()
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: report.path)
    if getuid() == 0 { #expect(chown(report.path, 1234, 2345) == 0) }
    let link = report.desk.playbooks.folder.file("link.md")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "report.md")
    try report.write(try report.text.replacing("\n", with: "\r\n"))
    let result = try await report.desk.andon("postmortem", "update", link)
    #expect(result.code == 0 && result.stdout.contains("Updated"), "\(result)")
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "report.md")
    #expect(try report.text.contains("they pay again"))
    #expect(try report.bytes.filter { $0 == 10 }.count == report.text.components(separatedBy: "\r\n").count - 1)
    var status = stat()
    #expect(stat(report.path, &status) == 0 && status.st_mode & 0o7777 == 0o640)
    if getuid() == 0 { #expect(status.st_uid == 1234 && status.st_gid == 2345) }
  }

  @Test("What is no report is refused by its name: no file, a folder, a pipe, an empty file, a picture")
  func noReports() async throws {
    let report = try await WrittenReport()
    let folder = report.desk.playbooks.folder
    #expect(mkfifo(folder.file("pipe"), 0o600) == 0)
    try folder.write("", to: "empty")
    try folder.write(bytes: (0...255).map { UInt8($0) }, to: "picture")
    for (name, code) in [("none", 64), ("playbooks", 64), ("pipe", 64), ("empty", 65), ("picture", 65)]
      as [(String, Int32)]
    {
      for command in ["update", "check"] {
        let result = try await report.desk.andon("postmortem", command, folder.file(name))
        #expect(result.code == code && result.output.contains(name), "\(command) \(name): \(result)")
      }
    }
    #expect(try FileManager.default.contents(atPath: folder.file("empty"))?.isEmpty == true)
  }

  @Test("Several reports are checked at once, and without a journal --file-only tells what the files tell")
  func several() async throws {
    let report = try await WrittenReport()
    try report.answer()
    let other = try report.desk.playbooks.folder.write("no report", to: "other.md")
    let all = try await report.check(other)
    #expect(all.code == 65 && all.stdout.contains("report.md") && all.stdout.contains("other.md"), "\(all)")
    let elsewhere = ["ANDON_STATE": report.desk.playbooks.folder.file("nowhere")]
    let andon = AndonProgram(environment: report.desk.variables.merging(elsewhere) { _, new in new })
    #expect(try await andon.run(["postmortem", "check", report.path]).code == 65)
    let alone = try await andon.run(["postmortem", "check", report.path, "--file-only"])
    #expect(alone.code == 0, "\(alone)")
    try report.write(try report.text.replacing("We know now.", with: "_Write here: why?_", maxReplacements: 1))
    #expect(try await andon.run(["postmortem", "check", report.path, "--file-only"]).code == 3)
  }
}
