import CLinux
import Glibc
import IncidentModel

/// A pipe from a child to us. Closing is explicit: the child's end goes to the spawning library, ours to the reader.
struct OutputPipe: Sendable {
  let readEnd: Int32
  let writeEnd: Int32

  init() throws(Failure) {
    var ends: [Int32] = [-1, -1]
    let reason = clinux_make_pipe(&ends, 256 * 1024)
    guard reason == 0 else { throw Self.failure(reason) }
    readEnd = ends[0]
    writeEnd = ends[1]
  }

  func close() {
    Glibc.close(readEnd)
    Glibc.close(writeEnd)
  }

  static func failure(_ reason: Int32) -> Failure {
    Failure(
      .toolMissing, "the command could not be started: no pipe could be made (\(String(cString: strerror(reason))))",
      advice: "this machine is short of file descriptors or memory: close other programs, then try again")
  }
}
