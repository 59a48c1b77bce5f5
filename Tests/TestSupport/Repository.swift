internal import Foundation

/// The repository that the tests belong to.
public enum Repository {
  /// Its top folder, whichever way the sources were reached.
  public static let root: String = {
    let here = URL(filePath: #filePath).resolvingSymlinksInPath()
    return here.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
  }()

  public static func file(_ path: String) -> String { "\(root)/\(path)" }

  /// A Python that has what `Tests/requirements.txt` names; `nil` outside of `make test`.
  public static let python: String? = ProcessInfo.processInfo.environment["ANDON_TEST_PYTHON"]
}
