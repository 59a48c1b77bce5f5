/// One action with every template resolved and every connection bound: nothing is left to look up.
public enum ActionRequest: Sendable {
  case sql(SQLRequest)
  case http(HTTPRequest)
  case command(CommandRequest)
}

/// One SQL statement against one database.
public struct SQLRequest: Sendable {
  public enum Database: Sendable {
    /// `certificateAuthority` is the path of a PEM file, if the environment names one.
    case postgres(url: Secret, certificateAuthority: String?)
    case sqlite(path: String)
  }

  public var database: Database
  /// The name of the connection, for messages.
  public var connection: String
  /// Exactly one statement, with `$1`, `$2`… for the bindings.
  public var statement: String
  public var bindings: [Value]
  /// True for `read` effects and checks: runs in a read-only transaction.
  public var readOnly: Bool
  /// How many rows it must return or change; checked before COMMIT.
  public var expectedRows: RowContract?
  /// The limit of the whole attempt; the statement gets it as the server's `statement_timeout` too.
  public var timeLimit: Duration
  public var lockLimit: Duration
  /// Set for `exactly_once`: the key of the marker row that commits together with the effect.
  public var exactlyOnceKey: String?

  public init(
    database: Database, connection: String, statement: String, bindings: [Value] = [], readOnly: Bool,
    expectedRows: RowContract? = nil, timeLimit: Duration = .seconds(30), lockLimit: Duration = .seconds(2),
    exactlyOnceKey: String? = nil
  ) {
    self.database = database
    self.connection = connection
    self.statement = statement
    self.bindings = bindings
    self.readOnly = readOnly
    self.expectedRows = expectedRows
    self.timeLimit = timeLimit
    self.lockLimit = lockLimit
    self.exactlyOnceKey = exactlyOnceKey
  }
}

/// How many rows a statement must return or change.
public struct RowContract: Sendable, Hashable, CustomStringConvertible {
  public let min: Int
  /// `nil`: no upper bound.
  public let max: Int?

  public init(min: Int, max: Int?) {
    self.min = min
    self.max = max
  }

  public func allows(_ count: Int) -> Bool { count >= min && max.map { count <= $0 } ?? true }

  public var description: String {
    switch max {
    case min: "\(min) \(min == 1 ? "row" : "rows")"
    case let max?: "\(min) to \(max) rows"
    case nil: "at least \(min) \(min == 1 ? "row" : "rows")"
    }
  }
}

/// One HTTP request.
public struct HTTPRequest: Sendable {
  public enum Body: Sendable, Hashable {
    case none
    case json(Value)
    case text(String)
  }

  /// The name of the connection, for messages.
  public var connection: String
  /// Scheme, host, port and path prefix; `http` and `https` only. A secret for webhooks.
  public var base: Base
  public var bearer: Secret?
  /// `GET`, `HEAD`, `POST`, `PUT`, `PATCH` or `DELETE`.
  public var method: String
  /// Appended to the base; each `${…}` in it has been percent-encoded already. Starts with `/` or is empty.
  public var path: String
  public var query: [(name: String, value: String)]
  public var headers: [(name: String, value: String)]
  public var body: Body
  /// The status codes that count as success; empty means any of 200…299.
  public var acceptedStatuses: [Int]
  public var followsRedirects: Bool
  /// The limit of the whole attempt.
  public var timeLimit: Duration
  /// The path of a PEM file of the only authorities to trust, if the environment names one.
  public var certificateAuthority: String?

  public enum Base: Sendable {
    case open(String)
    case hidden(Secret)
  }

  public init(
    connection: String, base: Base, bearer: Secret? = nil, method: String, path: String = "",
    query: [(name: String, value: String)] = [], headers: [(name: String, value: String)] = [], body: Body = .none,
    acceptedStatuses: [Int] = [], followsRedirects: Bool = false, timeLimit: Duration = .seconds(10),
    certificateAuthority: String? = nil
  ) {
    self.connection = connection
    self.base = base
    self.bearer = bearer
    self.method = method
    self.path = path
    self.query = query
    self.headers = headers
    self.body = body
    self.acceptedStatuses = acceptedStatuses
    self.followsRedirects = followsRedirects
    self.timeLimit = timeLimit
    self.certificateAuthority = certificateAuthority
  }
}

/// One child process.
public struct CommandRequest: Sendable {
  public enum Program: Sendable, Hashable {
    /// An argument list; the first item is looked up on PATH unless it holds a `/`. No shell.
    case arguments([String])
    /// A script for `/bin/sh`. Values reach it only through its environment.
    case script(String)
  }

  public var program: Program
  /// Added to the allow-listed environment of every child.
  public var environment: [String: String]
  /// Added too, and hidden wherever the command is shown.
  public var secretEnvironment: [String: Secret]
  public var directory: String?
  public var standardInput: String?
  /// The exit codes that count as success.
  public var acceptedExits: [Int]
  /// The limit of the attempt; then the whole process tree is ended.
  public var timeLimit: Duration

  public init(
    program: Program, environment: [String: String] = [:], secretEnvironment: [String: Secret] = [:],
    directory: String? = nil, standardInput: String? = nil, acceptedExits: [Int] = [0],
    timeLimit: Duration = .seconds(60)
  ) {
    self.program = program
    self.environment = environment
    self.secretEnvironment = secretEnvironment
    self.directory = directory
    self.standardInput = standardInput
    self.acceptedExits = acceptedExits
    self.timeLimit = timeLimit
  }
}

/// Which attempt of which step an action belongs to. Left where a later run can find it:
/// as `application_name`, in the child's environment, in a header.
public struct AttemptMark: Sendable, Hashable {
  public let run: RunID
  public let step: StepID
  /// Counts from 1.
  public let attempt: Int
  /// The same for every attempt of one step in one run; what a service can refuse a repeat by.
  public let idempotencyKey: String

  public init(run: RunID, step: StepID, attempt: Int, idempotencyKey: String) {
    self.run = run
    self.step = step
    self.attempt = attempt
    self.idempotencyKey = idempotencyKey
  }

  /// `andon/RUN-107/disable-trades/1/5f3a0c1e`. The last part tells runs of different journals apart, which may
  /// have the same number and meet in one database.
  public var text: String { "andon/\(run)/\(step)/\(attempt)/\(idempotencyKey.prefix(8))" }
}
