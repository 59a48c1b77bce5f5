import Foundation
import TestSupport
import Testing

@Suite("Beginning a playbook", .inTurn, .timeLimit(.minutes(40)))
struct PlaybookNewTests {
  static let kinds = [
    "emergency", "monitoring", "maintenance", "configuration", "deployment", "incident-response",
  ]

  @Test(
    "Each kind has a file to begin with: in its folder, without mistakes, with what is left marked", arguments: kinds)
  func eachKind(_ kind: String) async throws {
    let book = try TestPlaybooks()
    let result = try await book.andon("playbook", "new", kind, "cool-down")
    #expect(result.code == 0, "\(result)")
    let path = book.folder.file("playbooks/\(kind)/cool-down.yaml")
    #expect(result.stdout == "Written to \(path)\n")
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(text.hasPrefix("# yaml-language-server: $schema=../playbook.schema.json\n"))
    #expect(text.contains("id: cool-down\nname: Cool down\n"))
    #expect(text.contains(" # "), "nothing is explained")
    let check = try await book.andon("playbook", "check", "cool-down")
    #expect(check.code == 0, "\(check)")
    #expect(check.stdout.contains("'TODO' is still to be filled in"), "\(check)")
    #expect(check.stdout.contains("1 playbook: 0 errors"), "\(check)")
    #expect(try await book.andon("playbook", "list").stdout.contains("cool-down"))
  }

  @Test("Each of them validates against the schema that editors use", .needsPython)
  func schema() async throws {
    let book = try TestPlaybooks()
    for kind in Self.kinds { #expect(try await book.andon("playbook", "new", kind, "new-\(kind)").code == 0) }
    let bad = try book.folder.write("format: 1\nid: bad\nname: bad\nsteps: [{id: a, nonsense: 1}]\n", to: "bad.yaml")
    let checked = try await RunningProgram(
      [
        Repository.python ?? "", Repository.file("Tests/validate_playbooks.py"),
        Repository.file("playbooks/playbook.schema.json"), book.folder.file("playbooks"), bad,
      ], environment: ["PATH": "/usr/bin:/bin"]
    ).wait()
    #expect(checked.code == 0, "\(checked)")
    for kind in Self.kinds { #expect(checked.stdout.contains("new-\(kind).yaml: valid"), "\(kind): \(checked)") }
  }

  @Test("A file that is there is never replaced, nor an id used twice")
  func neverReplaces() async throws {
    let book = try TestPlaybooks()
    #expect(try await book.andon("playbook", "new", "maintenance", "cool-down").code == 0)
    let path = try book.folder.write("mine\n", to: "playbooks/maintenance/cool-down.yaml")
    let again = try await book.andon("playbook", "new", "maintenance", "cool-down")
    #expect(again.code == 64 && again.stderr.contains(path), "\(again)")
    let elsewhere = try await book.andon("playbook", "new", "deployment", "cool-down")
    #expect(elsewhere.code == 64 && elsewhere.stderr.contains("Choose another id"), "\(elsewhere)")
    let draft = try book.folder.write("a draft\n", to: "drafts/other.yaml")
    let over = try await book.andon("playbook", "new", "deployment", "other", "--out", draft)
    #expect(over.code == 64 && over.stderr.contains("was not touched"), "\(over)")
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "mine\n")
    #expect(try String(contentsOfFile: draft, encoding: .utf8) == "a draft\n")
  }

  @Test("--out writes elsewhere, with the way to the schema from there; - prints, and writes nothing")
  func elsewhere() async throws {
    let book = try TestPlaybooks()
    try FileManager.default.createDirectory(atPath: book.folder.file("drafts"), withIntermediateDirectories: true)
    let path = book.folder.file("drafts/cool-down.yaml")
    let written = try await book.andon("playbook", "new", "deployment", "cool-down", "--out", path)
    #expect(written.code == 0, "\(written)")
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(text.hasPrefix("# yaml-language-server: $schema=../playbooks/playbook.schema.json\n"), "\(text)")
    let printed = try await book.andon("playbook", "new", "deployment", "other", "--out", "-")
    #expect(printed.code == 0 && printed.stdout.contains("\nid: other\n"), "\(printed)")
    #expect(!FileManager.default.fileExists(atPath: book.folder.file("playbooks/deployment")))
  }

  @Test(
    "A kind that is none, an id that cannot be one, a file that would not be found: 64, with what to write",
    arguments: [
      (["maintenence", "cool-down"], "maintenance"), (["maintenance", "Cool Down"], "small letters"),
      (["maintenance", "cool-down", "--out", "heat-up.yaml"], "cool-down.yaml"), (["maintenance"], "id"),
    ])
  func refused(_ arguments: [String], _ says: String) async throws {
    let book = try TestPlaybooks()
    let result = try await AndonProgram(environment: [
      "PATH": "/usr/bin:/bin", "HOME": book.folder.path, "ANDON_PLAYBOOKS": book.folder.file("playbooks"),
    ]).run(["playbook", "new"] + arguments)
    #expect(result.code == 64, "\(result)")
    #expect(result.stderr.contains(says), "\(result)")
    #expect(!FileManager.default.fileExists(atPath: Repository.file("heat-up.yaml")))
  }
}
