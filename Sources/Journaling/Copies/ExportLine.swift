internal import Foundation
internal import IncidentModel

/// A line of an exported journal: `{"body":"…","hash":"…","seq":17}`, and in the last one `"last":true` besides, so that
/// an export that was cut off can be told.
struct ExportLine: Decodable {
  let body: String
  let hash: String
  let seq: Int64
  var last: Bool?

  /// No entry is longer, escaped as it is.
  static let longest = 32 << 20

  /// The bytes of the line, its end included. The same entry always gives the same ones.
  static func bytes(of entry: StoredEntry, isLast: Bool) -> [UInt8] {
    var line = Array(#"{"body":""#.utf8)
    // What is no text in a damaged journal is shown as well as can be.
    for byte in String(decoding: entry.body, as: UTF8.self).utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): line += [UInt8(ascii: "\\"), byte]
      case 0..<0x20: line += Array(#"\u00"#.utf8) + Array([byte].hexText.utf8)
      default: line.append(byte)
      }
    }
    let last = isLast ? #""last":true,"# : ""
    line += Array("\",\"hash\":\"\(entry.hash.hexText)\",\(last)\"seq\":\(entry.sequence)}\n".utf8)
    return line
  }
}

extension JournalReader {
  /// Every entry in order, as lines, in pieces of some size.
  public func export(_ take: ([UInt8]) throws -> Void) throws {
    var (waiting, piece): (StoredEntry?, [UInt8]) = (nil, [])
    var failure: (any Error)?
    // The last one is known only when there is no other behind it.
    try forEachEntry { entry in
      if let waiting { piece += ExportLine.bytes(of: waiting, isLast: false) }
      waiting = entry
      if piece.count < 1 << 16 { return true }
      do { try take(piece) } catch { failure = error }
      piece.removeAll(keepingCapacity: true)
      return failure == nil
    }
    if let failure { throw failure }
    if let waiting { piece += ExportLine.bytes(of: waiting, isLast: true) }
    if !piece.isEmpty { try take(piece) }
  }
}
