import IncidentModel
import TestSupport
import Testing

@testable import Playbooks

@Suite("The library finds what is asked for, and says what to do when it is not there")
struct PlaybookLibraryTests {
  private let folder: TemporaryFolder
  private let library: PlaybookLibrary

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(completed("id: pause-trading"), to: "emergency/pause-trading.yaml")
    try folder.write(completed("id: daily-check"), to: "maintenance/daily/daily-check.yaml")
    try folder.write("this is: not: yaml", to: "maintenance/broken.yaml")
    try folder.write(
      "format: 1\nenvironment: staging\nconnections: {}\n", to: "environments/staging.yaml")
    try folder.write("format: 2\nenvironment: bad\n", to: "environments/bad.yaml")
    try folder.write("Hello {{name}}\n", to: "templates/hello.md")
    library = PlaybookLibrary(directory: folder.path + "/")
  }

  private func advice(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "no problem"
    } catch { return "\(error)" }
  }

  @Test("by id in any folder, unread; by path as it is")
  func find() throws {
    #expect(try library.find("pause-trading") == folder.file("emergency/pause-trading.yaml"))
    #expect(try library.find("daily-check") == folder.file("maintenance/daily/daily-check.yaml"))
    #expect(try library.find("broken") == folder.file("maintenance/broken.yaml"))
    #expect(try library.find(folder.file("maintenance/broken.yaml")) == folder.file("maintenance/broken.yaml"))
  }

  @Test("a misspelt id gets the near miss")
  func unknown() {
    #expect(
      advice { _ = try library.find("pause-tradin") }
        == "no playbook is named 'pause-tradin'\ndid you mean 'pause-trading'? `andon playbook list` shows all")
    #expect(advice { _ = try library.find("staging") }.hasPrefix("no playbook is named 'staging'"))
    #expect(advice { _ = try library.find("./x.yaml") }.hasPrefix("there is no file './x.yaml'"))
    #expect(
      advice { _ = try PlaybookLibrary(directory: "/nowhere").find("x") }
        .hasPrefix("there is no folder of playbooks at '/nowhere'"))
  }

  @Test("two playbooks of one id are told apart by their paths")
  func ambiguous() throws {
    try folder.write(completed("id: daily-check"), to: "other/daily-check.yaml")
    #expect(advice { _ = try library.find("daily-check") }.hasPrefix("2 playbooks are named 'daily-check'"))
  }

  @Test("all playbooks are listed, the broken ones too")
  func all() {
    let all = library.all()
    #expect(all.map { $0.result.playbook?.id } == ["pause-trading", nil, "daily-check"])
    #expect(library.ids() == ["broken", "daily-check", "pause-trading"])
  }

  @Test("environments, messages and missing files")
  func beside() throws {
    #expect(try library.environment(named: "staging").name == "staging")
    #expect(try library.template(named: "hello") == "Hello {{name}}\n")
    #expect(
      advice { _ = try library.environment(named: "stagin") }
        == "no environment is named 'stagin'\ndid you mean 'staging'?")
    #expect(advice { _ = try library.environment(named: "../staging") }.hasPrefix("no environment is named"))
    #expect(advice { _ = try library.environment(named: "bad") }.contains("bad.yaml:1:9: error: this is format '2'"))
    #expect(advice { _ = try library.template(named: "hallo") } == "there is no message 'hallo'\ndid you mean 'hello'?")
    #expect(advice { _ = try library.template(named: "../x") }.hasPrefix("there is no message"))
    #expect(advice { _ = try library.severityScale() }.hasPrefix("there is no file '\(folder.path)/severity.yaml'"))
    #expect(advice { _ = try library.contacts() }.hasPrefix("there is no file"))
    #expect(
      library.diagnosticsBesidePlaybooks().map(\.message).contains("this is format '2', but only format 1 is known"))
  }
}
