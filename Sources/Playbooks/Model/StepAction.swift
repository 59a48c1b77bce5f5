public import IncidentModel

/// The one action key of a step and what stands under it, templates not yet resolved.
public indirect enum StepAction: Sendable {
  case sql(SQLAction)
  case http(HTTPAction)
  case command(CommandAction)
  case shell(ShellAction)
  case manual(ManualAction)
  case notify(NotifyAction)
  case wait(Duration)
  case monitor(MonitorAction)
  case assert(AssertAction)
  case set([Assignment])
  case parallel([Step])
  case playbook(SubPlaybook)
  case incident(IncidentAction)
  case branch(if: Expression, then: [Step], otherwise: [Step])

  /// The action key as the file has it.
  public var keyword: String {
    switch self {
    case .sql: "sql"
    case .http: "http"
    case .command: "command"
    case .shell: "shell"
    case .manual: "manual"
    case .notify: "notify"
    case .wait: "wait"
    case .monitor: "monitor"
    case .assert: "assert"
    case .set: "set"
    case .parallel: "parallel"
    case .playbook: "playbook"
    case .incident: "incident"
    case .branch: "if"
    }
  }
}

public struct SQLAction: Sendable {
  public var connection: String
  public var statement: String
  public var bind: [Template]
  public var rows: RowContract?
  public var lockTimeout: Duration?

  public init(
    connection: String, statement: String, bind: [Template] = [], rows: RowContract? = nil,
    lockTimeout: Duration? = nil
  ) {
    self.connection = connection
    self.statement = statement
    self.bind = bind
    self.rows = rows
    self.lockTimeout = lockTimeout
  }
}

public struct HTTPAction: Sendable {
  public enum Method: String, Sendable, CaseIterable {
    case get, head, post, put, patch, delete
  }

  public enum Body: Sendable {
    case json(ValueTemplate)
    case text(Template)
  }

  public var connection: String
  public var method: Method
  public var path: Template
  public var query: [(name: String, value: Template)]
  public var headers: [(name: String, value: Template)]
  public var body: Body?
  /// Empty: any of 200…299.
  public var status: [Int]
  public var follow: Bool

  public init(
    connection: String, method: Method, path: Template, query: [(name: String, value: Template)] = [],
    headers: [(name: String, value: Template)] = [], body: Body? = nil, status: [Int] = [], follow: Bool = false
  ) {
    self.connection = connection
    self.method = method
    self.path = path
    self.query = query
    self.headers = headers
    self.body = body
    self.status = status
    self.follow = follow
  }
}

public struct CommandAction: Sendable {
  /// At least one item; the first holds no template.
  public var arguments: [Template]
  public var environment: [(name: String, value: Template)]
  public var directory: String?
  public var standardInput: Template?
  public var exits: [Int]
  /// Only inside the action, as `command: {…, timeout: 2m}`; the step's `timeout` wins.
  public var timeout: Duration?

  public init(
    arguments: [Template], environment: [(name: String, value: Template)] = [], directory: String? = nil,
    standardInput: Template? = nil, exits: [Int] = [0], timeout: Duration? = nil
  ) {
    self.arguments = arguments
    self.environment = environment
    self.directory = directory
    self.standardInput = standardInput
    self.exits = exits
    self.timeout = timeout
  }
}

public struct ShellAction: Sendable {
  /// Holds no template; values come through `environment`.
  public var script: String
  public var environment: [(name: String, value: Template)]
  public var exits: [Int]

  public init(script: String, environment: [(name: String, value: Template)] = [], exits: [Int] = [0]) {
    self.script = script
    self.environment = environment
    self.exits = exits
  }
}

public struct ManualAction: Sendable {
  public enum AnswerKind: String, Sendable, CaseIterable {
    case bool, choice, text, number, url, address, file
  }

  public var ask: Template
  /// The name of a message template whose text the person copies.
  public var draft: String?
  /// An address that opens a form with the draft already in it.
  public var link: Template?
  public var checklist: [Template]
  /// `nil`: the person only says that it is done.
  public var answer: AnswerKind?
  public var choices: [String]
  public var confirm: Bool

  public init(
    ask: Template, draft: String? = nil, link: Template? = nil, checklist: [Template] = [],
    answer: AnswerKind? = nil, choices: [String] = [], confirm: Bool = false
  ) {
    self.ask = ask
    self.draft = draft
    self.link = link
    self.checklist = checklist
    self.answer = answer
    self.choices = choices
    self.confirm = confirm
  }
}

public struct NotifyAction: Sendable {
  public var connection: String
  public var template: String

  public init(connection: String, template: String) {
    self.connection = connection
    self.template = template
  }
}

public struct MonitorAction: Sendable {
  public var probe: Check.Probe
  public var every: Duration
  /// How long: a duration, or a template that yields one.
  public var length: Template
  public var failWhen: Expression?
  public var record: Expression?

  public init(
    probe: Check.Probe, every: Duration, length: Template, failWhen: Expression? = nil, record: Expression? = nil
  ) {
    self.probe = probe
    self.every = every
    self.length = length
    self.failWhen = failWhen
    self.record = record
  }
}

public struct AssertAction: Sendable {
  public var that: Expression
  public var message: Template?

  public init(that: Expression, message: Template? = nil) {
    self.that = that
    self.message = message
  }
}

public struct SubPlaybook: Sendable {
  public var id: String
  public var with: [Assignment]

  public init(id: String, with: [Assignment] = []) {
    self.id = id
    self.with = with
  }
}

/// Something about the incident that the run belongs to. It changes nothing but the record.
public enum IncidentAction: Sendable {
  /// A person says how bad it is, by the questions of `severity.yaml`.
  case classify
  /// A person calls this contact, or whoever comes next in `contacts.yaml`.
  case escalate(to: String?)
  /// A person picks one of the playbooks that fit, which then runs as part of this one.
  case suggest
  case title(Template)
  case milestone(Milestone)
  /// Something to do afterwards, due so long after *detected*.
  case followUp(title: Template, owner: Template?, due: Duration?)

  /// True when a person has to answer first.
  public var isQuestion: Bool {
    switch self {
    case .classify, .escalate, .suggest: true
    case .title, .milestone, .followUp: false
    }
  }
}

extension StepAction {
  /// True when a person has to do or answer something.
  public var isQuestion: Bool {
    switch self {
    case .manual: true
    case .incident(let action): action.isQuestion
    default: false
    }
  }

  /// True when its text is made for people, and can tell of the whole run.
  public var isAddressedToPeople: Bool {
    switch self {
    case .manual, .notify: true
    default: false
    }
  }
}
