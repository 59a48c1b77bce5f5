internal import Foundation

/// The built `andon`, driven from outside.
public struct AndonProgram: Sendable {
  /// `ANDON_TEST_BINARY`, else the one that was built beside the tests.
  public static let path: String = {
    if let named = ProcessInfo.processInfo.environment["ANDON_TEST_BINARY"] { return named }
    let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return (tests as NSString).deletingLastPathComponent + "/andon"
  }()

  /// Built as it is installed, or nearly: what `make test` builds is optimised, and has fail points.
  public static let isOptimised: Bool = {
    if path.contains("/release/") { return true }
    #if DEBUG && !OPTIMISED
      return false
    #else
      return true
    #endif
  }()

  /// All that it gets: nothing of the environment of the tests.
  public var environment: [String: String]

  public init(environment: [String: String]) { self.environment = environment }

  /// Runs it to its end, in the repository.
  public func run(_ arguments: [String], input: String? = nil, within limit: Duration = .seconds(90)) async throws
    -> ProgramResult
  {
    try await start(arguments, input: input).wait(within: limit)
  }

  public func start(_ arguments: [String], input: String? = nil) throws -> RunningProgram {
    try RunningProgram([Self.path] + arguments, environment: environment, input: input)
  }
}
