import Glibc
internal import IncidentModel

/// The lines of a file that may be longer than the memory, or of what comes through a pipe.
public struct LineReader: ~Copyable {
  private let descriptor: Int32
  private var buffer: [UInt8] = []
  /// What was handed out of the buffer already.
  private var taken = 0
  private var isAtEnd = false
  private var count = 0

  /// - Parameter path: a file; `-`: standard input.
  public init(_ path: String) throws(CopyFailure) {
    descriptor = path == "-" ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 {
      throw .unusable(
        Problem("cannot read \(path): \(String(cString: strerror(errno)))", advice: "Name the file of the export."))
    }
  }

  deinit { close(descriptor) }

  /// The next line without its end; `nil` after the last one.
  mutating func next() throws(CopyFailure) -> [UInt8]? {
    var searched = taken
    while true {
      if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        defer { taken = end + 1 }
        count += 1
        return Array(buffer[taken..<end])
      }
      if isAtEnd {
        if taken == buffer.count { return nil }
        throw JournalImport.altered("it was cut off in the middle of line \(count + 1)")
      }
      if buffer.count - taken > ExportLine.longest {
        throw JournalImport.altered("line \(count + 1) is longer than any entry")
      }
      buffer.removeFirst(taken)
      taken = 0
      searched = buffer.count
      try fill()
    }
  }

  private mutating func fill() throws(CopyFailure) {
    var piece = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = read(descriptor, &piece, piece.count)
      if count < 0, errno == EINTR { continue }
      if count < 0 {
        throw .unusable(
          Problem("cannot read the export: \(String(cString: strerror(errno)))", advice: "Name the file of the export.")
        )
      }
      isAtEnd = count == 0
      buffer += piece[..<count]
      return
    }
  }
}
