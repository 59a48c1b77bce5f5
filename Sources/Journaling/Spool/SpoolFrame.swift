internal import IncidentModel

/// One record of a spool as it lies in a file: mark, length, checksum, number, hash before it, body. Numbers are
/// big-endian; `docs/journal-format.md` tells what stands where.
struct SpoolFrame: Sendable, Hashable {
  /// 0 for the heading of a file, then 1, 2, 3… through all files of the spool.
  let number: Int64
  /// The hash of the record before it.
  let previous: [UInt8]
  let body: [UInt8]

  var hash: [UInt8] { Chain.spoolHash(number: number, previous: previous, body: body) }

  private static let mark = Array("ASPL".utf8)
  private static let overhead = mark.count + 4 + 4 + 8 + 32
  private static let longestBody = 16 << 20

  var bytes: [UInt8] {
    let content = number.bigEndianBytes + previous + body
    return Self.mark + UInt32(body.count).bigEndianBytes + Checksum.crc32(content).bigEndianBytes + content
  }

  /// Reads the frame at the beginning of `bytes`, and tells how long it is; `nil` when there is no whole one.
  static func read(_ bytes: ArraySlice<UInt8>) -> (frame: SpoolFrame, length: Int)? {
    guard bytes.count >= overhead, bytes.prefix(mark.count).elementsEqual(mark) else { return nil }
    let fields = bytes.dropFirst(mark.count)
    let (length, sum) = (Int(UInt32(bigEndian: fields.prefix(4))), UInt32(bigEndian: fields.dropFirst(4).prefix(4)))
    guard length <= longestBody, bytes.count >= overhead + length else { return nil }
    let content = fields.dropFirst(8).prefix(40 + length)
    guard Checksum.crc32(content) == sum else { return nil }
    let number = Int64(bitPattern: UInt64(bigEndian: content.prefix(8)))
    let frame = SpoolFrame(
      number: number, previous: Array(content.dropFirst(8).prefix(32)), body: Array(content.dropFirst(40)))
    return (frame, overhead + length)
  }

  /// Where the next frame may begin, behind something that is none.
  static func nextMark(in bytes: ArraySlice<UInt8>) -> Int? {
    var start = bytes.startIndex + 1
    while start + mark.count <= bytes.endIndex {
      guard let first = bytes[start...].firstIndex(of: mark[0]), first + mark.count <= bytes.endIndex else {
        return nil
      }
      if bytes[first..<(first + mark.count)].elementsEqual(mark) { return first }
      start = first + 1
    }
    return nil
  }
}

/// CRC-32 as in IEEE 802.3: tells a torn or rotten record from a whole one.
enum Checksum {
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
  }

  static func crc32(_ bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(~UInt32(0)) { table[Int(($0 ^ UInt32($1)) & 0xFF)] ^ ($0 >> 8) }
  }
}

extension FixedWidthInteger {
  fileprivate var bigEndianBytes: [UInt8] { withUnsafeBytes(of: bigEndian) { Array($0) } }

  fileprivate init(bigEndian bytes: ArraySlice<UInt8>) { self = bytes.reduce(0) { $0 << 8 | Self($1) } }
}
