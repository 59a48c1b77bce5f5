/// What came of one action.
public struct ActionResult: Sendable, Hashable {
  public enum Outcome: Sendable, Hashable {
    case succeeded
    /// Known not to have taken effect, or the target itself said no.
    case failed(Failure)
    /// Something may have left us: the effect may be there, may come, or may never come.
    case unknown(UnknownReason, Failure)
  }

  public var outcome: Outcome
  /// What later steps and checks can read: `rows`, `row_count`, `status`, `json`, `stdout`, `exit_code`…
  public var outputs: [String: Value]
  /// Said with the result, whatever it is: an unverified TLS connection, a truncated output.
  public var warnings: [String]

  public init(_ outcome: Outcome, outputs: [String: Value] = [:], warnings: [String] = []) {
    self.outcome = outcome
    self.outputs = outputs
    self.warnings = warnings
  }

  public var failure: Failure? {
    switch outcome {
    case .succeeded: nil
    case .failed(let failure), .unknown(_, let failure): failure
    }
  }
}

/// A code for programs, a sentence for the person on call, and what to do now.
public struct Failure: Error, Sendable, Hashable, Codable {
  public var code: FailureCode
  /// What failed, on what and why. One line where possible; foreign text after a line break.
  public var message: String
  public var advice: String?

  public init(_ code: FailureCode, _ message: String, advice: String? = nil) {
    self.code = code
    self.message = message
    self.advice = advice
  }
}

/// Why an action or a check failed, for programs.
public enum FailureCode: String, Sendable, Codable, CaseIterable {
  /// A connection, secret or value that the step needs is missing or unusable.
  case notConfigured = "not_configured"
  /// A secret would have become visible: refused before anything happened.
  case secretExposed = "secret_exposed"
  /// A value cannot stand where the playbook puts it.
  case badValue = "bad_value"
  case connectFailed = "connect_failed"
  case authenticationFailed = "authentication_failed"
  case tlsFailed = "tls_failed"
  case connectionLost = "connection_lost"
  case timedOut = "timed_out"
  case cancelled
  case sqlError = "sql_error"
  case lockTimeout = "lock_timeout"
  case rowContract = "row_contract"
  case httpStatus = "http_status"
  case httpError = "http_error"
  case toolMissing = "tool_missing"
  case exitStatus = "exit_status"
  case signalled
  /// `expect` did not hold on the action's outputs.
  case expectation
  /// The check did not pass.
  case checkFailed = "check_failed"
  /// The check could not be made.
  case checkUnavailable = "check_unavailable"
  case assertion
  case declined
}
