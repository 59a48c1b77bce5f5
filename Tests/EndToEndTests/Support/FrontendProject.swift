import Foundation
import TestSupport
import Testing

/// A frontend to deploy: a git checkout with two bare remotes, an npm project, a staging that shows what was pushed to
/// it, and an access log. The npm is the machine's own where it has one.
final class FrontendProject: Sendable {
  let folder: TemporaryFolder
  /// What is checked out and to be deployed, and what both remotes are at.
  let commit: String
  let former: String
  let staging: ScriptedHTTPServer
  private let variables: [String: String]

  init() async throws {
    let folder = try TemporaryFolder()
    self.folder = folder
    for name in ["staging", "production"] {
      try await Self.git("init", "--bare", "--quiet", "--initial-branch=main", folder.file("\(name).git"), in: folder)
    }
    let checkout = folder.file("checkout")
    try await Self.git("init", "--quiet", "--initial-branch=main", checkout, in: folder)
    for name in ["staging", "production"] {
      try await Self.git("-C", checkout, "remote", "add", name, folder.file("\(name).git"), in: folder)
    }
    try folder.write(Self.package, to: "checkout/package.json")
    try folder.write(Self.scripts, to: "checkout/scripts.sh")
    try folder.write("dist\nran\nquiet\nfail-*\n", to: "checkout/.gitignore")
    former = try await Self.commit("the version before", in: folder)
    for name in ["staging", "production"] { try await Self.git("-C", checkout, "push", "-q", name, "main", in: folder) }
    try folder.write("<h1>Trades</h1>\n", to: "checkout/page.html")
    commit = try await Self.commit("the version to deploy", in: folder)
    // Old trouble, which is not this deployment's.
    try folder.write(String(repeating: Self.line("/trades", 502), count: 3), to: "access.log")
    staging = try ScriptedHTTPServer { _ in
      if FileManager.default.fileExists(atPath: folder.file("staging-broken")) {
        return [.answer("500 Internal Server Error")]
      }
      let shown = (try? String(contentsOfFile: folder.file("staging.git/refs/heads/main"), encoding: .utf8)) ?? ""
      return [.answer(body: "<h1>Trades</h1><!-- \(shown.trimmingCharacters(in: .newlines)) -->")]
    }
    if try await !Self.hasNpm() {
      try FileManager.default.createDirectory(atPath: folder.file("bin"), withIntermediateDirectories: true)
      try FileManager.default.createSymbolicLink(
        atPath: folder.file("bin/npm"), withDestinationPath: Repository.file("Tests/StandIns/npm-stand-in"))
    }
    variables = [
      "PATH": "\(folder.file("bin")):/usr/bin:/bin", "HOME": folder.path, "USER": "dana", "LANG": "C.UTF-8",
      "ANDON_STATE": folder.file("state"), "FRONTEND_DIR": checkout, "STAGING_URL": staging.url,
    ]
  }

  /// What stands on the main branch of a remote now.
  func main(of remote: String) async throws -> String {
    try await Self.git("-C", folder.file("\(remote).git"), "rev-parse", "refs/heads/main", in: folder)
  }

  /// The npm scripts that ran, in their order.
  var ran: [String] {
    let text = try? String(contentsOfFile: folder.file("checkout/ran"), encoding: .utf8)
    return (text ?? "").split(separator: "\n").map(String.init)
  }

  /// A request for a page, as nginx logs it.
  func log(_ page: String, _ status: Int) throws {
    let log = try FileHandle(forWritingTo: URL(filePath: folder.file("access.log")))
    try log.seekToEnd()
    try log.write(contentsOf: Data(Self.line(page, status).utf8))
    try log.close()
  }

  static func line(_ page: String, _ status: Int) -> String {
    "127.0.0.1 - - [14/May/2031:03:14:00 +0000] \"GET \(page) HTTP/1.1\" \(status) 512 \"-\" \"a browser\"\n"
  }

  private var deploy: [String] {
    ["run", "frontend", "--yes", "--confirm", "DEPLOY", "--var", "log=\(folder.file("access.log"))"]
  }

  /// Deploys with nobody there.
  func deploy(_ more: String..., watch: String = "1s") async throws -> ProgramResult {
    try await AndonProgram(environment: variables).run(deploy + ["--auto", "--var", "watch=\(watch)"] + more)
  }

  func startDeploying(watch: String) throws -> RunningProgram {
    try AndonProgram(environment: variables).start(deploy + ["--auto", "--var", "watch=\(watch)"])
  }

  func terminal(watch: String) throws -> Terminal {
    try Terminal([AndonProgram.path] + deploy + ["--var", "watch=\(watch)"], environment: variables)
  }

  var record: Record {
    get async throws { try Record(await AndonProgram(environment: variables).run(["show", "RUN-1", "--json"])) }
  }

  /// Whether this machine has an npm that works.
  private static func hasNpm() async throws -> Bool {
    guard FileManager.default.isExecutableFile(atPath: "/usr/bin/npm") else { return false }
    let version = try RunningProgram(["/usr/bin/npm", "--version"], environment: ["PATH": "/usr/bin:/bin"])
    return try await version.wait().code == 0
  }

  @discardableResult
  static func git(_ arguments: String..., in folder: TemporaryFolder) async throws -> String {
    let environment = [
      "PATH": "/usr/bin:/bin", "HOME": folder.path, "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "dana",
      "GIT_AUTHOR_EMAIL": "dana@example.org", "GIT_COMMITTER_NAME": "dana", "GIT_COMMITTER_EMAIL": "dana@example.org",
    ]
    let result = try await RunningProgram(["/usr/bin/git"] + arguments, environment: environment).wait()
    try #require(result.code == 0, "git \(arguments): \(result)")
    return result.stdout.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  private static func commit(_ message: String, in folder: TemporaryFolder) async throws -> String {
    let checkout = folder.file("checkout")
    try await git("-C", checkout, "add", "--all", in: folder)
    try await git("-C", checkout, "commit", "--quiet", "-m", message, in: folder)
    return try await git("-C", checkout, "rev-parse", "HEAD", in: folder)
  }

  private static let package = """
    {"name": "trades-frontend", "version": "1.0.0", "private": true, "scripts": {
      "test": "sh scripts.sh test", "test:e2e": "sh scripts.sh e2e", "build": "sh scripts.sh build",
      "test:smoke": "sh scripts.sh smoke"}}
    """

  /// Notes that it ran, fails where a test wants it to, and does what such a script leaves behind.
  private static let scripts = """
    echo "$1" >>ran
    [ ! -e "fail-$1" ] || { echo "1 test failed: $1" >&2; exit 1; }
    case $1 in
    build) mkdir -p dist && cp page.html dist/index.html ;;
    smoke) [ -e quiet ] || printf '127.0.0.1 - - [now] "GET /trades HTTP/1.1" 200 9 "-" "smoke"\\n' >>../access.log ;;
    esac
    """
}
