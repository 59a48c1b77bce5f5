internal import IncidentModel

/// Every name in an expression or a template stands for something: a param, a value that an earlier step leaves,
/// a fact of the run, or an output of the action that is looked at.
struct NamesAreKnown: PlaybookRule {
  func check(_ playbook: Playbook, report: RuleReport) {
    var known = KnownNames(playbook, report.steps)
    for step in report.steps {
      let own = report.isComplete(step) ? step.action.outputs : .any
      for site in step.sites(own: own) {
        for expression in site.expressions {
          for path in expression.references {
            if step.action.isAddressedToPeople, KnownNames.story.contains(path[0]) { continue }
            guard let objection = known.objection(to: path, outputs: site.outputs) else { continue }
            let spot = step.at(site.path).pointing(to: path, part: min(objection.part, path.count - 1))
            if objection.isWarning {
              report.warning(objection.message, at: spot, hint: objection.hint)
            } else {
              report.error(objection.message, at: spot, hint: objection.hint)
            }
          }
        }
      }
      known.noteNames(of: step)
    }
  }
}

/// The names that can be said at one step of the file.
private struct KnownNames {
  static let run = ["id", "environment", "playbook", "drill"]
  static let incident = ["id", "severity", "title", "environment"]
  static let roots = ["params", "vars", "steps", "run", "incident", "connections", "prerequisites"]
  /// What a message or a question to a person can tell beside the roots.
  static let story = ["contacts", "outcomes", "failed", "contained", "now"]

  private let params: [String]
  private let prerequisites: [String]
  private let connections: [String]
  /// The order in which steps stand in the file, and what each leaves; `nil`: whatever.
  private var stepOutputs: [String: (index: Int, names: [String]?)] = [:]
  private var allVars: [String: StepID] = [:]
  private var vars: Set<String> = []
  private var position = 0

  struct Objection {
    let message: String
    let hint: String?
    /// Which part of the name it is about.
    var part = 0
    var isWarning = false
  }

  init(_ playbook: Playbook, _ steps: [Step]) {
    params = playbook.params.map(\.name)
    prerequisites = playbook.prerequisites.map(\.id)
    connections = playbook.connections
    for (index, step) in steps.enumerated() {
      stepOutputs[step.id.rawValue] = (index, step.outputNames)
      for name in step.assignedNames where allVars[name] == nil { allVars[name] = step.id }
    }
  }

  /// From the next step on: a step does not see what it sets itself.
  mutating func noteNames(of step: Step) {
    vars.formUnion(step.assignedNames)
    position += 1
  }

  func objection(to path: [String], outputs: Outputs) -> Objection? {
    let root = path[0]
    if outputs.has(root) { return nil }
    let member = path.count > 1 ? path[1] : nil
    switch (root, member) {
    case ("params", let name?): return missing(name, in: params, KnownNames.unknownParam)
    case ("prerequisites", let name?): return missing(name, in: prerequisites, KnownNames.unknownPrerequisite)
    case ("connections", let name?): return missing(name, in: connections, KnownNames.unknownConnection)
    case ("run", let name?): return missing(name, in: Self.run) { Self.unknownFact($0, of: "run", $1) }
    case ("incident", let name?): return missing(name, in: Self.incident) { Self.unknownFact($0, of: "incident", $1) }
    case ("vars", let name?): return objection(toVar: name)
    case ("steps", let name?): return objection(toStep: name, output: path.count > 2 ? path[2] : nil)
    case (_, nil) where Self.roots.contains(root): return nil
    default: return unknownRoot(root, outputs)
    }
  }

  private func missing(
    _ name: String, in names: [String], _ words: (String, [String]) -> Objection
  ) -> Objection? {
    names.contains(name) ? nil : words(name, names)
  }

  private func objection(toVar name: String) -> Objection? {
    if vars.contains(name) { return nil }
    if let step = allVars[name] { return Self.setLater(name, step) }
    return Self.unknownVar(name, Array(allVars.keys))
  }

  private func objection(toStep id: String, output: String?) -> Objection? {
    guard let step = stepOutputs[id] else { return Self.unknownStep(id, Array(stepOutputs.keys)) }
    if let output, let names = step.names, !names.contains(output) {
      return Self.unknownOutput(output, of: id, names)
    }
    return step.index > position ? Self.laterStep(id) : nil
  }

  private func unknownRoot(_ name: String, _ outputs: Outputs) -> Objection {
    let hint: String =
      if params.contains(name) {
        "write params.\(name)"
      } else if allVars[name] != nil {
        "write vars.\(name)"
      } else if stepOutputs[name] != nil {
        "write steps.\(name).OUTPUT"
      } else if connections.contains(name) {
        "write connections.\(name).FIELD"
      } else if Self.story.contains(name) {
        "only 'manual' and messages can name it"
      } else if let meant = nearMiss(to: name, among: Self.roots + outputs.names) {
        "did you mean '\(meant)'?"
      } else if Self.outputsOfAnyAction.contains(name) {
        outputs.names.isEmpty
          ? "outputs are known in 'expect', 'register' and 'verify'; elsewhere write steps.ID.\(name)"
          : "known here: \(outputs.names.joined(separator: ", "))"
      } else {
        "known here: \((outputs.names + Self.roots).joined(separator: ", ")); put text into quotes"
      }
    return Objection(message: "nothing is named '\(name)' here", hint: hint)
  }

  private static let outputsOfAnyAction: Set<String> = Set(
    [Outputs.sql, .http, .process, .manual].flatMap(\.names))
}

extension Step {
  /// The names that `set` and `register` give.
  fileprivate var assignedNames: [String] {
    if case .set(let assignments) = action { return assignments.map(\.name) + register.map(\.name) }
    return register.map(\.name)
  }

  /// What `steps.ID.…` can say; `nil`: that is not known.
  fileprivate var outputNames: [String]? {
    let outputs = action.outputs.names
    return outputs.isEmpty ? nil : outputs + assignedNames + ["state", "verification"]
  }
}

// What is said.
extension KnownNames {
  private static func meant(_ name: String, _ names: [String], else hint: String) -> String {
    nearMiss(to: name, among: names).map { "did you mean '\($0)'?" } ?? hint
  }

  private static func unknownParam(_ name: String, _ names: [String]) -> Objection {
    Objection(
      message: "no param is named '\(name)'", hint: meant(name, names, else: "write it into 'params'"), part: 1)
  }

  private static func unknownPrerequisite(_ name: String, _ names: [String]) -> Objection {
    Objection(
      message: "no prerequisite is named '\(name)'",
      hint: meant(name, names, else: "write it into 'prerequisites'"), part: 1)
  }

  private static func unknownConnection(_ name: String, _ names: [String]) -> Objection {
    Objection(
      message: "'\(name)' is not in 'connections'",
      hint: meant(name, names, else: "write it into 'connections'"), part: 1)
  }

  private static func unknownFact(_ name: String, of root: String, _ names: [String]) -> Objection {
    Objection(
      message: "'\(root)' has no '\(name)'",
      hint: meant(name, names, else: "it has: \(names.joined(separator: ", "))"), part: 1)
  }

  private static func unknownVar(_ name: String, _ names: [String]) -> Objection {
    Objection(
      message: "no step sets '\(name)'",
      hint: meant(name, names, else: "an earlier step sets it with 'set' or 'register'"), part: 1)
  }

  private static func setLater(_ name: String, _ step: StepID) -> Objection {
    Objection(
      message: "'\(name)' has no value yet: '\(step)' sets it", hint: "an earlier step must set it", part: 1)
  }

  private static func unknownStep(_ id: String, _ ids: [String]) -> Objection {
    Objection(
      message: "no step is named '\(id)'",
      hint: meant(id, ids.sorted(), else: "steps are named by their 'id'"), part: 1)
  }

  private static func unknownOutput(_ name: String, of id: String, _ names: [String]) -> Objection {
    Objection(
      message: "'\(id)' leaves no '\(name)'",
      hint: meant(name, names, else: "it leaves: \(names.joined(separator: ", "))"), part: 2)
  }

  private static func laterStep(_ id: String) -> Objection {
    Objection(
      message: "'\(id)' comes later in the file: its outputs are absent here", hint: "move that step up", part: 1,
      isWarning: true)
  }
}
