internal import Crypto
public import IncidentModel

/// YAML text in; a `Playbook`, or every mistake with its place, out.
public struct PlaybookLoader: Sendable {
  private let library: PlaybookLibrary?
  private let today: String?

  /// - Parameters:
  ///   - library: where playbooks and messages that a playbook names are looked for; without it they are not.
  ///   - today: `YYYY-MM-DD`, to tell a late review; without it none is late.
  public init(library: PlaybookLibrary?, today: String? = nil) {
    self.library = library
    self.today = today
  }

  /// Reads and checks a file. A file that cannot be read is a diagnostic too.
  public func load(path: String) -> LoadResult {
    do throws(Problem) {
      return load(bytes: try SourceFile.read(path, beneath: library?.ground(of: path)), file: path)
    } catch {
      return LoadResult(playbook: nil, diagnostics: [ByteCheck.refusal(path, (error.message, error.advice))])
    }
  }

  /// `file` is how messages call it; its last part must be the playbook's id and `.yaml`.
  public func load(text: String, file: String) -> LoadResult {
    load(bytes: Array(text.utf8), file: file)
  }

  public func load(bytes: [UInt8], file: String) -> LoadResult { load(bytes, file, Self.rules) }

  /// A playbook as a journal recorded it: only its form is read, no rule is asked. What once ran can be read for
  /// ever, even when rules have become stricter since.
  public func loadRecorded(text: String, file: String) -> LoadResult { load(Array(text.utf8), file, []) }

  private func load(_ bytes: [UInt8], _ file: String, _ rules: [any PlaybookRule]) -> LoadResult {
    let (reading, refusals) = Reading.open(bytes, file: file)
    guard let reading else { return LoadResult(playbook: nil, diagnostics: refusals) }
    guard let section = reading.section(reading.root, PlaybookTable.table) else {
      return LoadResult(playbook: nil, diagnostics: refusals + reading.diagnostics)
    }
    let source = PlaybookSource(
      file: file, text: String(decoding: bytes, as: UTF8.self), digest: Self.digest(of: bytes))
    let playbook = PlaybookTable.playbook(section, source: source)
    if !rules.isEmpty {
      let report = RuleReport(playbook, reading: reading, library: library, today: today)
      for rule in rules { rule.check(playbook, report: report) }
    }
    return LoadResult(playbook: playbook, diagnostics: refusals + reading.diagnostics)
  }

  /// SHA-256, in hex.
  static func digest(of bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var hex: [UInt8] = []
    for byte in SHA256.hash(data: bytes) { hex += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
    return String(decoding: hex, as: UTF8.self)
  }
}

/// What came of reading one playbook.
public struct LoadResult: Sendable {
  /// `nil` when there is an error.
  public let playbook: Playbook?
  /// Errors and warnings in the order of the file.
  public let diagnostics: [Diagnostic]

  public var errors: [Diagnostic] { diagnostics.filter { $0.level == .error } }
  public var warnings: [Diagnostic] { diagnostics.filter { $0.level == .warning } }

  init(playbook: Playbook?, diagnostics: [Diagnostic]) {
    self.diagnostics = diagnostics.inOrder
    self.playbook = diagnostics.contains { $0.level == .error } ? nil : playbook
  }
}

extension [Diagnostic] {
  /// By place, each only once.
  var inOrder: [Diagnostic] {
    var seen: Set<Diagnostic> = []
    return filter { seen.insert($0).inserted }.sorted { left, right in
      let (one, other) = (left.location, right.location)
      return (one.line, one.column, left.level.rawValue, left.message)
        < (other.line, other.column, right.level.rawValue, right.message)
    }
  }
}
