import Foundation
import IncidentModel
import TestSupport
import Testing

@Suite("make install", .inTurn, .timeLimit(.minutes(40)))
struct InstallTests {
  /// Installs the built andon under a folder of its own, without building anything.
  private func installed(_ variables: String...) async throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let given =
      variables.isEmpty ? ["PREFIX=\(folder.path)"] : variables.map { $0.replacing("HERE", with: folder.path) }
    let make = ["/usr/bin/make", "install", "BINARY=\(AndonProgram.path)"] + given
    let result = try await RunningProgram(make, environment: ["PATH": "/usr/bin:/bin", "HOME": folder.path]).wait()
    try #require(result.code == 0, "\(result)")
    #expect(!result.output.contains("building"), "\(result)")
    return folder
  }

  private static let places = [
    "bin/andon", "share/man/man1/andon.1", "share/man/man1/andon-playbook-list.1",
    "share/bash-completion/completions/andon", "share/zsh/site-functions/_andon",
    "share/fish/vendor_completions.d/andon.fish", "share/andon/playbooks/severity.yaml",
  ]

  @Test("Everything lands where shells, man and andon itself look for it, and others can read it")
  func places() async throws {
    let folder = try await installed()
    for place in Self.places {
      let mode = try FileManager.default.attributesOfItem(atPath: folder.file(place))[.posixPermissions] as? Int
      #expect(mode.map { $0 & 0o444 } == 0o444, "\(place): \(String(describing: mode))")
    }
    let scripts = [("bash", Self.places[3]), ("zsh", Self.places[4]), ("fish", Self.places[5])]
    for (shell, place) in scripts {
      let generated = try await AndonProgram(environment: [:]).run(["--generate-completion-script", shell]).stdout
      #expect(try String(contentsOfFile: folder.file(place), encoding: .utf8) == generated)
    }
  }

  @Test("DESTDIR goes before PREFIX, and nothing lands beside it")
  func destination() async throws {
    let folder = try await installed("DESTDIR=HERE/root", "PREFIX=/usr")
    for place in Self.places { #expect(FileManager.default.fileExists(atPath: folder.file("root/usr/\(place)"))) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["root"])
  }

  @Test("What was installed works anywhere: it finds the playbooks that came with it")
  func anywhere() async throws {
    let folder = try await installed()
    let program = try RunningProgram(
      [folder.file("bin/andon"), "playbook", "list"], environment: ["HOME": folder.path], directory: folder.path)
    let list = try await program.wait()
    #expect(list.code == 0 && list.stdout.contains("pause-trading"), "\(list)")
  }

  @Test("Every command has a page that man shows without a complaint, with each of its flags and examples", .needsGroff)
  func pages() async throws {
    let folder = try await installed()
    let commands = try await CommandDump.ask().commands.filter { !$0.isHidden }
    #expect(commands.count > 20)
    for command in commands {
      let page = folder.file("share/man/man1/\(command.words.joined(separator: "-")).1")
      // Wide, so that nothing that is looked for is broken over two lines.
      let groff = ["/usr/bin/groff", "-man", "-Tutf8", "-ww", "-P-c", "-rLL=300n", page]
      let shown = try await RunningProgram(groff, environment: ["PATH": "/usr/bin:/bin"]).wait()
      #expect(shown.code == 0 && shown.stderr == "", "\(page): \(shown.stderr)")
      // Bold and italic are letters struck over themselves.
      let text = shown.stdout.replacing(/.\u{8}/, with: "")
      for flag in command.flags { #expect(text.contains(flag), "\(page) lacks \(flag)") }
      for child in command.children where !child.isHidden && child.line != "andon help" {
        #expect(text.contains("\(child.words.joined(separator: "-"))(1)"), "\(page) does not lead to \(child.line)")
      }
      for line in command.discussion.split(separator: "\n") where line.hasPrefix("  ") {
        let words = line.trimmingCharacters(in: .whitespaces)
        #expect(text.contains(words), "\(page) lacks: \(words)")
      }
    }
  }

  @Test("The page of andon tells the exit codes that docs/exit-codes.md tells")
  func exitCodes() async throws {
    let folder = try TemporaryFolder()
    let result = try await AndonProgram(environment: [:]).run(["generate-manual", folder.path])
    #expect(result.code == 0, "\(result)")
    let page = try String(contentsOfFile: folder.file("andon.1"), encoding: .utf8)
    let section = page.components(separatedBy: ".SH \"EXIT STATUS\"").last ?? ""
    let told = Set(section.matches(of: /\\fB(\d+)\\fR\n/).map { String($0.1) })
    let document = try String(contentsOfFile: Repository.file("docs/exit-codes.md"), encoding: .utf8)
    let signals: Set = ["129", "130", "143"]
    let documented = Set(document.matches(of: /\n\| (\d+) \|/).map { String($0.1) }).subtracting(signals)
    #expect(told == documented)
  }

  @Test("Pages that cannot be written are told of, with the folder")
  func refusal() async throws {
    let result = try await AndonProgram(environment: [:]).run(["generate-manual", "/dev/null/man1"])
    #expect(result.code == 64, "\(result)")
    #expect(result.stderr.contains("/dev/null/man1"), "\(result)")
  }
}

extension Trait where Self == ConditionTrait {
  fileprivate static var needsGroff: Self {
    .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/groff"), "groff is not installed: make test")
  }
}
