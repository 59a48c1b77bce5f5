internal import IncidentModel

/// One place of a step that holds text: an expression, a template, or text that is taken as it is.
struct Site {
  enum Content {
    case expression(Expression)
    case template(Template)
    case text(String)
  }

  /// What becomes of the text.
  enum Part {
    /// People read it.
    case prose
    /// It decides something.
    case condition
    /// It stands on a command line.
    case argument
    case environment
    case script
    case statement
    /// It goes to a database, a service or a process as data.
    case data
  }

  let content: Content
  let part: Part
  let path: [Spot.PathStep]
  /// The bare names it can say beside the roots.
  let outputs: Outputs

  var expressions: [Expression] {
    switch content {
    case .expression(let expression): [expression]
    case .template(let template): template.expressions
    case .text: []
    }
  }

  /// The text as it was written.
  var source: String {
    switch content {
    case .expression(let expression): expression.source
    case .template(let template): template.source
    case .text(let text): text
    }
  }

  /// What stands there whatever the values are.
  var literals: [String] {
    switch content {
    case .expression: []
    case .template(let template):
      template.segments.compactMap { if case .literal(let literal) = $0 { literal } else { nil } }
    case .text(let text): [text]
    }
  }
}

/// The bare names that a condition can say: the outputs of the action it looks at.
enum Outputs: Equatable {
  case none
  case named([String])
  /// The action could not be read.
  case any

  func has(_ name: String) -> Bool {
    switch self {
    case .none: false
    case .named(let names): names.contains(name)
    case .any: true
    }
  }

  var names: [String] { if case .named(let names) = self { names } else { [] } }

  static let sql = Outputs.named(["rows", "row_count", "columns", "truncated"])
  static let http = Outputs.named(["status", "headers", "body", "body_bytes", "json", "time"])
  static let process = Outputs.named([
    "stdout", "stderr", "exit_code", "stdout_bytes", "stderr_bytes", "stdout_sha256", "stderr_sha256",
  ])
  static let manual = Outputs.named(["answer"])
}

extension StepAction {
  var outputs: Outputs {
    switch self {
    case .sql: .sql
    case .http: .http
    case .command, .shell: .process
    case .manual: .manual
    case .incident(let action): action.isQuestion ? .manual : .none
    default: .none
    }
  }
}

extension Check.Probe {
  /// `assert` has none of its own: it looks at what the action left.
  var outputs: Outputs? {
    switch self {
    case .sql: .sql
    case .http: .http
    case .command: .process
    case .assert: nil
    }
  }

  var key: String {
    switch self {
    case .sql: "sql"
    case .http: "http"
    case .command: "command"
    case .assert: "assert"
    }
  }
}
