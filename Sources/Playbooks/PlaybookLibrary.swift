internal import Foundation
public import IncidentModel

/// The folder of the playbooks, and what stands beside them.
public struct PlaybookLibrary: Sendable {
  /// Without a `/` at its end.
  public let directory: String

  public init(directory: String) {
    var directory = directory
    while directory.count > 1, directory.hasSuffix("/") { directory.removeLast() }
    self.directory = directory
  }

  // MARK: Playbooks

  /// The file of a playbook: a path when it contains `/` or ends in `.yaml`, else `ID.yaml` anywhere in the folder.
  /// No file is opened.
  public func find(_ idOrPath: String) throws(Problem) -> String {
    if idOrPath.contains("/") || idOrPath.hasSuffix(".yaml") {
      guard FileManager.default.fileExists(atPath: idOrPath) else { throw noFile(idOrPath) }
      return idOrPath
    }
    let found = paths().filter { Self.id(of: $0) == idOrPath }
    if found.count > 1 { throw ambiguous(idOrPath, found) }
    guard let path = found.first else { throw unknown(idOrPath) }
    return path
  }

  /// The files of all playbooks, in order of the alphabet.
  public func paths() -> [String] {
    guard let entries = try? FileManager.default.contentsOfDirectory(atPath: directory) else { return [] }
    var paths: [String] = []
    for entry in entries where !entry.hasPrefix(".") {
      let path = "\(directory)/\(entry)"
      if entry.hasSuffix(".yaml") {
        if !Self.otherFiles.contains(entry) { paths.append(path) }
      } else if !Self.otherFolders.contains(entry) {
        paths += playbooks(in: path, levels: 3)
      }
    }
    return paths.sorted()
  }

  /// The ids of all playbooks, by their files' names.
  public func ids() -> [String] { paths().map(Self.id(of:)).sorted() }

  /// Reads every playbook. `today`: `YYYY-MM-DD`, to tell late reviews.
  public func all(today: String? = nil) -> [(path: String, result: LoadResult)] {
    let loader = PlaybookLoader(library: self, today: today)
    return paths().map { ($0, loader.load(path: $0)) }
  }

  /// Links are not followed, so that no folder is walked twice and nothing outside is read.
  private func playbooks(in folder: String, levels: Int) -> [String] {
    let manager = FileManager.default
    guard levels > 0, (try? manager.destinationOfSymbolicLink(atPath: folder)) == nil,
      let entries = try? manager.contentsOfDirectory(atPath: folder)
    else { return [] }
    return entries.flatMap { entry -> [String] in
      if entry.hasPrefix(".") { return [] }
      let path = "\(folder)/\(entry)"
      if entry.hasSuffix(".yaml") { return [path] }
      return entry.contains(".") ? [] : playbooks(in: path, levels: levels - 1)
    }
  }

  /// The folder that a file of it must not lead out of; `nil` for a file that somebody named elsewhere.
  func ground(of path: String) -> String? {
    path.hasPrefix("\(directory)/") && !path.split(separator: "/").contains("..") ? directory : nil
  }

  private static func id(of path: String) -> String {
    String((path.split(separator: "/").last ?? "").dropLast(".yaml".count))
  }

  private static let otherFiles: Set<String> = ["severity.yaml", "contacts.yaml", monitorsName]
  private static let otherFolders: Set<String> = ["environments", "templates", "sandbox"]

  // MARK: What stands beside them

  /// `environments/NAME.yaml`
  public func environment(named name: String) throws(Problem) -> EnvironmentFile {
    let names = self.names(in: "environments", ending: ".yaml")
    guard Words.isName(name), names.contains(name) else { throw noEnvironment(name, names) }
    return try read("environments/\(name).yaml", EnvironmentTable.table, EnvironmentTable.environment)
  }

  public func environmentNames() -> [String] { names(in: "environments", ending: ".yaml") }

  /// `severity.yaml`
  public func severityScale() throws(Problem) -> SeverityScale {
    try read("severity.yaml", SeverityTable.table, SeverityTable.scale)
  }

  /// `contacts.yaml`: the team in order of escalation, then services outside.
  public func contacts() throws(Problem) -> [Contact] {
    try read("contacts.yaml", ContactsTable.table, ContactsTable.contacts)
  }

  /// `monitors.yaml`: the alert checks.
  public func monitors() throws(Problem) -> MonitorFile {
    try read(Self.monitorsName, MonitorsTable.table) { MonitorsTable.file($0, library: self) }
  }

  /// Every mistake in `monitors.yaml`; nothing where there is no such file.
  public func diagnosticsOfMonitors() -> [Diagnostic] {
    diagnostics(Self.monitorsName, MonitorsTable.table) { MonitorsTable.file($0, library: self) }
  }

  public static let monitorsName = "monitors.yaml"

  /// The text of `templates/NAME.md`.
  public func template(named name: String) throws(Problem) -> String {
    guard Words.isName(name), hasTemplate(named: name) else { throw noTemplate(name) }
    let path = "\(directory)/templates/\(name).md"
    do throws(Problem) {
      let (source, refusals) = ByteCheck.read(try SourceFile.read(path, beneath: directory), file: path)
      guard let source else { throw Problem(refusals[0].message, advice: refusals[0].hint) }
      return source.text
    } catch {
      throw Problem("\(path): \(error.message)", advice: error.advice)
    }
  }

  public func templateNames() -> [String] { names(in: "templates", ending: ".md") }

  func hasTemplate(named name: String) -> Bool {
    FileManager.default.fileExists(atPath: "\(directory)/templates/\(name).md")
  }

  /// Every mistake and every blank in the files beside the playbooks: environments, severities, contacts,
  /// monitors.
  public func diagnosticsBesidePlaybooks() -> [Diagnostic] {
    var found: [Diagnostic] = []
    for name in environmentNames() {
      found += diagnostics("environments/\(name).yaml", EnvironmentTable.table, EnvironmentTable.environment)
    }
    found += diagnostics("severity.yaml", SeverityTable.table, SeverityTable.scale)
    found += diagnostics("contacts.yaml", ContactsTable.table, ContactsTable.contacts)
    found += diagnosticsOfMonitors()
    return found
  }

  private func names(in folder: String, ending: String) -> [String] {
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: "\(directory)/\(folder)")) ?? []
    return entries.filter { $0.hasSuffix(ending) && !$0.hasPrefix(".") }.map { String($0.dropLast(ending.count)) }
      .sorted()
  }

  private func diagnostics<Contents>(
    _ name: String, _ table: ObjectTable, _ build: (Section) -> Contents
  ) -> [Diagnostic] {
    let path = "\(directory)/\(name)"
    guard FileManager.default.fileExists(atPath: path) else { return [] }
    do throws(Problem) {
      return DataFile.load(try SourceFile.read(path, beneath: directory), file: path, table, build).diagnostics
    } catch {
      return [ByteCheck.refusal(path, (error.message, error.advice))]
    }
  }

  private func read<Contents>(
    _ name: String, _ table: ObjectTable, _ build: (Section) -> Contents
  ) throws(Problem) -> Contents {
    let path = "\(directory)/\(name)"
    guard FileManager.default.fileExists(atPath: path) else { throw noFile(path) }
    let bytes: [UInt8]
    do throws(Problem) { bytes = try SourceFile.read(path, beneath: directory) } catch {
      throw Problem("\(path): \(error.message)", advice: error.advice)
    }
    let (contents, diagnostics) = DataFile.load(bytes, file: path, table, build)
    let errors = diagnostics.filter { $0.level == .error }
    guard let contents, errors.isEmpty else { throw mistakes(errors, in: path) }
    return contents
  }
}

// What is said.
extension PlaybookLibrary {
  private func unknown(_ id: String) -> Problem {
    guard FileManager.default.fileExists(atPath: directory) else {
      return Problem(
        "there is no folder of playbooks at '\(directory)'", advice: "name it with --playbooks DIR or ANDON_PLAYBOOKS")
    }
    let meant = nearMiss(to: id, among: ids()).map { "did you mean '\($0)'? " } ?? ""
    return Problem("no playbook is named '\(id)'", advice: "\(meant)`andon playbook list` shows all")
  }

  private func ambiguous(_ id: String, _ paths: [String]) -> Problem {
    Problem(
      "\(paths.count) playbooks are named '\(id)': \(paths.joined(separator: ", "))",
      advice: "name one by its path, or rename the others")
  }

  private func noFile(_ path: String) -> Problem {
    Problem("there is no file '\(path)'", advice: "check the path; --playbooks DIR names the folder of playbooks")
  }

  private func noEnvironment(_ name: String, _ names: [String]) -> Problem {
    let known =
      names.isEmpty ? "write \(directory)/environments/\(name).yaml" : "there are: \(names.joined(separator: ", "))"
    return Problem(
      "no environment is named '\(name)'",
      advice: nearMiss(to: name, among: names).map { "did you mean '\($0)'?" } ?? known)
  }

  private func noTemplate(_ name: String) -> Problem {
    let meant = nearMiss(to: name, among: templateNames()).map { "did you mean '\($0)'?" }
    return Problem(
      "there is no message '\(name)'", advice: meant ?? "write it into \(directory)/templates/\(name).md")
  }

  private func mistakes(_ errors: [Diagnostic], in path: String) -> Problem {
    let count = errors.count == 1 ? "a mistake" : "\(errors.count) mistakes"
    return Problem("\(path) has \(count)", advice: errors.map(\.text).joined(separator: "\n"))
  }
}
