internal import Foundation
import Glibc
public import IncidentModel

/// Heads of the journal, one a line, in a file beside it or elsewhere. A copy that whoever can rewrite the journal cannot
/// rewrite is what makes a shortened or rewritten journal stand out.
public struct AnchorFile: Sendable {
  static let name = "anchors.txt"
  public let path: String

  init(directory: String) { path = "\(directory)/\(Self.name)" }
  public init(path: String) { self.path = path }

  /// Adds a line. `nil`: it is there; else why not.
  /// - Parameter lasting: waits until it is on the disk. Beside the journal that is not worth a flush of every run: what a
  ///   power cut takes from there is a hint about entries that are on the disk.
  @discardableResult
  public func append(_ head: JournalHead, lasting: Bool = true) -> Problem? {
    // Without O_NONBLOCK a pipe that nobody reads would hold up whoever has just finished a run.
    let descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_NONBLOCK | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return missed(head, errno) }
    defer { close(descriptor) }
    var line = Array("\(head)\n".utf8)
    // A line that a power cut left half written must not take this one with it.
    if let last = lastByte(of: descriptor), last != UInt8(ascii: "\n") { line.insert(UInt8(ascii: "\n"), at: 0) }
    if FailPoint.reason(at: "anchor.before-write") != nil { return missed(head, EIO) }
    guard line.withUnsafeBytes({ write(descriptor, $0.baseAddress, $0.count) }) == line.count else {
      return missed(head, errno)
    }
    FailPoint.reach("anchor.after-write")
    return !lasting || fsync(descriptor) == 0 || errno == EINVAL ? nil : missed(head, errno)
  }

  private func lastByte(of descriptor: Int32) -> UInt8? {
    var byte: UInt8 = 0
    let end = lseek(descriptor, 0, SEEK_END)
    return end > 0 && pread(descriptor, &byte, 1, end - 1) == 1 ? byte : nil
  }

  private func missed(_ head: JournalHead, _ code: Int32) -> Problem {
    Problem(
      "the journal's head \(head) was not noted in \(path): \(String(cString: strerror(code)))",
      advice: "Make the file writable, then: andon journal anchor")
  }

  /// Every readable line. A missing file holds no anchors.
  func read() -> [JournalHead] { (try? contents().heads) ?? [] }

  /// The anchors in it, and how many of its lines are none. Throws why the file cannot be read.
  public func contents() throws(Problem) -> (heads: [JournalHead], otherLines: Int) {
    let data: Data
    do { data = try Data(contentsOf: URL(fileURLWithPath: path)) } catch {
      throw Problem(
        "the anchors in \(path) cannot be read: \(reason(error))",
        advice: "Name the file that holds them: --anchors FILE")
    }
    let lines = data.split(whereSeparator: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") })
    let heads = lines.compactMap { JournalHead(String(decoding: $0, as: UTF8.self)) }
    return (heads, lines.count - heads.count)
  }
}

/// A file elsewhere that gets the head too whenever the journal is closed.
public struct OutsideAnchors: Sendable {
  let file: AnchorFile
  /// Tells people that it could not be written, and gives the entry that records it.
  let missed: @Sendable (Problem) -> Event

  public init(path: String, missed: @escaping @Sendable (Problem) -> Event) {
    file = AnchorFile(path: path)
    self.missed = missed
  }
}
