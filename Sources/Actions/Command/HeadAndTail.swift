/// The beginning and the end of a stream of any length, in flat memory.
struct HeadAndTail {
  /// How much of each end is kept, in bytes.
  static let limit = 64 * 1024

  private var head: [UInt8] = []
  private var tail: [UInt8] = []
  /// How many bytes went through.
  private(set) var count = 0

  init() { tail.reserveCapacity(2 * Self.limit) }

  /// How many bytes were dropped from the middle.
  var leftOut: Int { count - head.count - min(tail.count, Self.limit) }

  mutating func append(_ bytes: [UInt8]) {
    count += bytes.count
    var rest = bytes[...]
    if head.count < Self.limit {
      let taken = rest.prefix(Self.limit - head.count)
      head.append(contentsOf: taken)
      rest = rest.dropFirst(taken.count)
    }
    guard !rest.isEmpty else { return }
    if rest.count >= Self.limit {
      tail.replaceSubrange(0..., with: rest.suffix(Self.limit))
    } else {
      // Trimmed only now and then: each byte is moved once or twice in its life here, not once for every append.
      if tail.count + rest.count > 2 * Self.limit { tail.removeFirst(tail.count + rest.count - Self.limit) }
      tail.append(contentsOf: rest)
    }
  }

  /// What was kept as text, repaired where it is not UTF-8, with a line in the middle that says what is missing.
  var text: String {
    let end = tail.suffix(Self.limit)
    guard leftOut > 0 else { return String(decoding: head + end, as: UTF8.self) }
    let start = String(decoding: Self.droppingPartialEnd(head[...]), as: UTF8.self)
    let finish = String(decoding: Self.droppingPartialStart(end), as: UTF8.self)
    return "\(start)\n… \(leftOut) bytes left out …\n\(finish)"
  }

  /// The end alone, repaired.
  var lastText: String {
    let end = tail.isEmpty ? head[...] : tail.suffix(Self.limit)
    return String(decoding: Self.droppingPartialStart(end), as: UTF8.self)
  }

  /// A cut can fall inside a character: its pieces would read as damage.
  private static func droppingPartialStart(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    bytes.dropFirst(bytes.prefix(3).prefix { $0 & 0xC0 == 0x80 }.count)
  }

  private static func droppingPartialEnd(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    guard let lead = bytes.suffix(4).lastIndex(where: { $0 & 0xC0 != 0x80 }) else { return bytes }
    let needed =
      switch bytes[lead] {
      case 0xC0...0xDF: 2
      case 0xE0...0xEF: 3
      case 0xF0...0xF7: 4
      default: 1
      }
    return bytes.endIndex - lead < needed ? bytes[..<lead] : bytes
  }
}
