internal import Crypto
internal import Foundation
internal import IncidentModel

/// The hash that ties each entry to everything before it. The bytes are fixed by `docs/journal-format.md`,
/// so that a second program can check them.
enum Chain {
  /// What stands before the first entry: 32 zero bytes.
  static let root = [UInt8](repeating: 0, count: 32)

  private static let journal = Array("andon-journal-1".utf8) + [0]
  private static let spool = Array("andon-spool-1".utf8) + [0]

  /// SHA-256 over domain, sequence number (8 bytes, big-endian), the previous hash and the body as stored.
  static func hash(sequence: Int64, previous: [UInt8], body: [UInt8]) -> [UInt8] {
    hash(journal, sequence, previous, body)
  }

  /// The same for the records of a spool, which never pass for entries of a journal.
  static func spoolHash(number: Int64, previous: [UInt8], body: [UInt8]) -> [UInt8] {
    hash(spool, number, previous, body)
  }

  private static func hash(_ domain: [UInt8], _ sequence: Int64, _ previous: [UInt8], _ body: [UInt8]) -> [UInt8] {
    var sha = SHA256()
    sha.update(data: domain)
    withUnsafeBytes(of: sequence.bigEndian) { sha.update(bufferPointer: $0) }
    sha.update(data: previous)
    sha.update(data: body)
    return Array(sha.finalize())
  }
}

/// Where a journal stood at one moment: enough to notice later that it was shortened or rewritten.
public struct JournalHead: Sendable, Hashable, LosslessStringConvertible {
  /// The number of the last entry; 0 for an empty journal.
  public let sequence: Int64
  /// Its hash, in hex.
  public let hash: String

  public init(sequence: Int64, hash: String) {
    self.sequence = sequence
    self.hash = hash
  }

  init(sequence: Int64, bytes: [UInt8]) { self.init(sequence: sequence, hash: bytes.hexText) }

  /// `17:5f3a…`, as printed and as `journal verify --anchor` takes it. The head of an empty journal is no anchor.
  public var description: String { "\(sequence):\(hash)" }

  public init?(_ description: String) {
    let parts = description.split(separator: ":")
    guard parts.count == 2, let sequence = Int64(parts[0]), sequence > 0, parts[1].count == 64,
      parts[1].allSatisfy(\.isHexDigit)
    else { return nil }
    self.init(sequence: sequence, hash: parts[1].lowercased())
  }
}
