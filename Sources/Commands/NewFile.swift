internal import Foundation
internal import Glibc
internal import IncidentModel

/// A file that must not be there yet: a report that people have written in is never replaced.
struct NewFile {
  let path: String
  /// Who may read it; a report is nobody else's business.
  var mode: mode_t = 0o600
  /// What to do when it is there already.
  var whenThere = "Name another file with --out FILE."

  func write(_ text: String) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    guard descriptor >= 0 else {
      if errno == EEXIST {
        throw CommandFailure(
          .usage, "\(path) is there already and was not touched", advice: whenThere)
      }
      throw CommandFailure(
        .usage, "cannot write \(path): \(String(cString: strerror(errno)))",
        advice: "Name another file with --out FILE.")
    }
    let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    do { try file.write(contentsOf: Data(text.utf8)) } catch {
      throw CommandFailure(.usage, "cannot write \(path): \(error.localizedDescription)")
    }
  }
}
