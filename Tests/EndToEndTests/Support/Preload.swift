import Foundation
import TestSupport
import Testing

/// A library of `Tests/StandIns` that a program is started with, compiled for one test.
struct Preload: Sendable {
  /// What a program needs to be started with it.
  let variables: [String: String]

  static let isThere = compiler != nil
  static let absence = "no C compiler here: apt-get install gcc"

  private static let compiler = ["/usr/bin/cc", "/usr/bin/gcc", "/usr/bin/clang"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  /// - Parameters:
  ///   - name: of the source, without its ending.
  ///   - folder: where the library goes.
  init(_ name: String, in folder: TemporaryFolder) throws {
    let (source, library) = (Repository.file("Tests/StandIns/\(name).c"), folder.file("\(name).so"))
    let made = waitForExit(
      try spawnQuietly([try #require(Self.compiler), "-O1", "-shared", "-fPIC", "-o", library, source, "-ldl"]))
    try #require(made == 0, "\(name) does not compile")
    variables = ["LD_PRELOAD": library]
  }
}

extension Trait where Self == ConditionTrait {
  static var needsCompiler: Self { .enabled(if: Preload.isThere, Comment(rawValue: Preload.absence)) }
}
