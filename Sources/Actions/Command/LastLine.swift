import Glibc

/// Follows a stream and remembers its newest complete line, for showing progress.
struct LastLine {
  /// A longer line is shown by its beginning.
  private static let limit = 500
  private static let newline = UInt8(ascii: "\n")

  private var unfinished: [UInt8] = []
  private var complete: [UInt8]?

  mutating func look(at bytes: [UInt8]) {
    // `memchr` first: a stream without line breaks is passed over at the speed of memory.
    let hasNewline = bytes.withUnsafeBytes { buffer in
      buffer.baseAddress.map { memchr($0, Int32(Self.newline), buffer.count) != nil } ?? false
    }
    guard hasNewline, let end = bytes.lastIndex(of: Self.newline) else { return extend(with: bytes[...]) }
    let before = bytes[..<end]
    if let start = before.lastIndex(of: Self.newline) {
      complete = Array(before[(start + 1)...].prefix(Self.limit))
    } else {
      extend(with: before)
      complete = unfinished
    }
    unfinished = Array(bytes[(end + 1)...].prefix(Self.limit))
  }

  mutating func take() -> String? {
    defer { complete = nil }
    return complete.map { bytes in
      String(decoding: bytes.last == UInt8(ascii: "\r") ? bytes.dropLast() : bytes[...], as: UTF8.self)
    }
  }

  private mutating func extend(with bytes: ArraySlice<UInt8>) {
    unfinished.append(contentsOf: bytes.prefix(max(0, Self.limit - unfinished.count)))
  }
}
