internal import Foundation
internal import IncidentModel
internal import Journaling

/// The anchors that a journal is compared with, and where they were found.
struct KnownAnchors {
  private(set) var heads: [JournalHead] = []
  /// `12 in /mnt/other/anchors.txt`, one for each place that was asked.
  private(set) var sources: [String] = []
  /// Whether all of them stand beside the journal, where whoever rewrites it can rewrite them too.
  private(set) var areAllBeside = true

  /// As they were printed, and typed again.
  mutating func add(printed texts: [String]) throws {
    for text in texts {
      guard let head = JournalHead(text) else {
        throw CommandFailure(.usage, "--anchor '\(text.visible)' is not of the form SEQUENCE:HASH")
      }
      add([head], from: "the command line")
    }
  }

  /// - Parameters:
  ///   - files: the ones that were named; none: the one beside the journal at `path`.
  ///   - isOurs: the journal of the state folder, which `ANDON_ANCHORS` belongs to.
  mutating func add(files: [String], besides path: String, _ assembly: Assembly, isOurs: Bool) throws {
    for file in files { try add(file) }
    if !files.isEmpty { return }
    let beside = JournalVerifier.defaultAnchorFile(for: path)
    if FileManager.default.fileExists(atPath: beside) { try add(beside, isBeside: true) }
    if isOurs, let elsewhere = assembly.anchorFile { try add(elsewhere.path) }
  }

  private mutating func add(_ file: String, isBeside: Bool = false) throws {
    let contents: (heads: [JournalHead], otherLines: Int)
    do { contents = try AnchorFile(path: file).contents() } catch { throw CommandFailure(.data, error) }
    let rest = contents.otherLines == 0 ? "" : " (\(contents.otherLines) of its lines are none)"
    add(contents.heads, from: file + rest, isBeside: isBeside)
  }

  mutating func add(_ found: [JournalHead], from source: String, isBeside: Bool = false) {
    heads += found
    sources.append("\(found.count) in \(source)")
    areAllBeside = areAllBeside && (isBeside || found.isEmpty)
  }
}
