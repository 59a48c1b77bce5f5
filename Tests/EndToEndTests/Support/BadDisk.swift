import Foundation
import Glibc
import TestSupport

/// A disk whose calls fail from a chosen one on: `Tests/StandIns/disk-stand-in.c`, loaded into `andon`.
struct BadDisk: Sendable {
  enum Fault: String, CaseIterable, Sendable {
    case sync = "syncs that report EIO"
    case write = "writes that report EIO"
    case space = "writes that report ENOSPC"

    fileprivate var plan: String {
      switch self {
      case .sync: "sync \(EIO)"
      case .write: "write \(EIO)"
      case .space: "write \(ENOSPC)"
      }
    }
  }

  /// How long it is bad.
  enum Span: Int, CaseIterable, Sendable {
    case once = 1
    case forEver = 1_000_000_000
  }

  private let folder: TemporaryFolder
  private let files: String
  private let preload: Preload

  /// - Parameter files: what the paths of the files that lie on it begin with.
  init(under files: String) throws {
    folder = try TemporaryFolder()
    self.files = files
    preload = try Preload("disk-stand-in", in: folder)
  }

  /// Gets a byte for each call: `.` it was made, `x` it failed.
  var book: String { folder.file("book") }
  var calls: String { get throws { try String(contentsOfFile: book, encoding: .utf8) } }

  /// What a program needs to meet it. The book is begun anew.
  /// - Parameter first: the first call that fails, counted from 1; `nil`: none does.
  func variables(_ fault: Fault, from first: Int?, _ span: Span = .forEver) throws -> [String: String] {
    try folder.write("", to: "book")
    let begin = first ?? Span.forEver.rawValue
    return preload.variables.merging([
      "DISK_STAND_IN": "\(fault.plan) \(begin) \(span.rawValue) \(files)", "DISK_STAND_IN_BOOK": book,
    ]) { old, _ in old }
  }

  /// The calls at which it goes bad: every one in the long tier, else so many, evenly from the first to the last.
  static func places(of calls: Int, quick: Int) -> [Int] {
    if Figures.isLong || calls <= quick { return Array(1...max(calls, 1)) }
    return (0..<quick).map { 1 + $0 * (calls - 1) / (quick - 1) }
  }
}
