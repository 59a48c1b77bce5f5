import Glibc
public import IncidentModel

/// Why a journal was not copied, written out or read in. Nothing is left behind under the name that was asked for.
public enum CopyFailure: Error, Sendable, Hashable {
  /// Something has the name already; it was not touched.
  case taken(Problem)
  /// The disk or the folder does not take it.
  case unwritable(Problem)
  /// What was to be copied is not as it has to be.
  case unusable(Problem)

  public var problem: Problem {
    switch self {
    case .taken(let problem), .unwritable(let problem), .unusable(let problem): problem
    }
  }

  init(writing path: String, _ code: Int32) {
    self = .unwritable(
      Problem(
        "cannot write \(path): \(String(cString: strerror(code)))",
        advice: "Name a folder that is there, that you may write to and that has room."))
  }
}
