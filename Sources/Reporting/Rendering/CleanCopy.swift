/// A report without the marks between which it is refreshed: a copy to hand on, which nobody refreshes any more.
public struct CleanCopy: Sendable {
  /// Every other byte is as it was.
  public let text: String
  /// The lines of the original that still ask somebody to write, from 1.
  public let prompts: [Int]

  public init(_ markdown: String) {
    var kept: [ArraySlice<UInt8>] = []
    var prompts: [Int] = []
    var fence: MarkdownMarks.Fence?
    let lines = Array(markdown.utf8).split(separator: UInt8.lineFeed, omittingEmptySubsequences: false)
    for (index, whole) in lines.enumerated() {
      let line = (whole.last == UInt8(ascii: "\r") ? whole.dropLast() : whole).trimmed
      if let open = fence {
        if open.isClosed(by: line) { fence = nil }
      } else {
        fence = MarkdownMarks.Fence(line)
        if line.starts(with: "<!-- andon:"), line.suffix(3).elementsEqual("-->".utf8) { continue }
        if line.starts(with: "_Write here:") { prompts.append(index + 1) }
      }
      kept.append(whole)
    }
    text = String(decoding: Array(kept.joined(separator: [UInt8.lineFeed])), as: UTF8.self)
    self.prompts = prompts
  }
}
