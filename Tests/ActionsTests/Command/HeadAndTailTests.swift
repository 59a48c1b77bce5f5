import Testing

@testable import Actions

@Suite("The beginning and the end of a stream")
struct HeadAndTailTests {
  @Test(
    "what is kept does not depend on how the stream is cut into pieces",
    arguments: [1, 7, 1000, 65_536, 100_000, 400_000])
  func pieces(size: Int) {
    let stream = (0..<400_000).map { UInt8(ascii: "a") + UInt8($0 % 26) }
    var kept = HeadAndTail()
    for start in stride(from: 0, to: stream.count, by: size) {
      kept.append(Array(stream[start..<min(start + size, stream.count)]))
    }
    #expect(kept.count == 400_000)
    #expect(kept.leftOut == 400_000 - 131_072)
    let head = String(decoding: stream.prefix(65_536), as: UTF8.self)
    let tail = String(decoding: stream.suffix(65_536), as: UTF8.self)
    #expect(kept.text == "\(head)\n… 268928 bytes left out …\n\(tail)")
  }

  @Test("the newest complete line is found, however the stream is cut into pieces", arguments: [1, 2, 3, 5, 100])
  func lines(size: Int) {
    let stream = Array("first\r\nsecond\nthird\nunfinished".utf8)
    var line = LastLine()
    var seen: [String] = []
    for start in stride(from: 0, to: stream.count, by: size) {
      line.look(at: Array(stream[start..<min(start + size, stream.count)]))
      if let text = line.take() { seen.append(text) }
    }
    #expect(seen.last == "third")
    #expect(line.take() == nil)
    if size == 1 { #expect(seen == ["first", "second", "third"]) }
  }
}
