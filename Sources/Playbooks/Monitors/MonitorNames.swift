internal import IncidentModel

/// Every name that a monitor says stands for something: an output of its probe, the mean of its samples, or a field of a
/// connection that the environments bind.
struct MonitorNames {
  let monitor: Monitor
  let bindings: MonitorBindings

  func check(_ step: Step, _ report: RuleReport) {
    for (name, path) in step.connectionNames {
      report.say(bindings.objection(to: name, in: monitor), at: step.at(path))
    }
    let outputs = monitor.probe.outputs?.names ?? []
    for site in step.sites(own: .none) {
      check(site.expressions, known: [], at: step.at(site.path), report)
    }
    if let measure = monitor.measure { check([measure], known: outputs, at: step.at("measure"), report) }
    let mean = monitor.measure == nil ? [] : ["average"]
    check([monitor.breach], known: outputs + mean, at: step.at("breach"), report)
  }

  private func check(_ expressions: [Expression], known: [String], at spot: Spot, _ report: RuleReport) {
    for path in expressions.flatMap(\.references) where !known.contains(path[0]) {
      if path[0] == "connections" {
        guard path.count > 2 else { continue }
        let objection = bindings.objection(to: path[1], field: path[2], in: monitor)
        report.say(objection, at: spot.pointing(to: path, part: objection?.part ?? 1))
      } else {
        let all = known + ["connections"]
        let meant = nearMiss(to: path[0], among: all).map { "did you mean '\($0)'?" }
        report.error(
          "nothing is named '\(path[0])' here", at: spot.pointing(to: path, part: 0),
          hint: meant ?? "known here: \(all.joined(separator: ", ")); put text into quotes")
      }
    }
  }
}

/// The connections of every environment that can be read.
struct MonitorBindings {
  struct Objection {
    let message: String
    let hint: String?
    var part = 1
    var isWarning = false
  }

  private let environments: [EnvironmentFile]

  init(_ library: PlaybookLibrary) {
    environments = library.environmentNames().compactMap { try? library.environment(named: $0) }
  }

  func objection(to name: String, field: String? = nil, in monitor: Monitor) -> Objection? {
    objection(to: name, field: field, in: monitor.environments)
  }

  /// - Parameter names: the environments that matter; none: all.
  func objection(to name: String, field: String? = nil, in names: [String]) -> Objection? {
    let places = environments.filter { names.isEmpty || names.contains($0.name) }
    if places.isEmpty { return nil }
    let without = places.filter { $0.connection(named: name) == nil }
    if without.count == places.count { return Self.unbound(name, places) }
    if let place = without.first { return Self.unbound(name, in: place) }
    guard let field else { return nil }
    let lacking = places.filter { $0.connection(named: name)?.field(field) == nil }
    guard let place = lacking.first else { return nil }
    return Objection(
      message: "connection '\(name)' of environment '\(place.name)' has no '\(field)'",
      hint: "add it in \(place.file)", part: 2, isWarning: lacking.count < places.count)
  }

  private static func unbound(_ name: String, _ places: [EnvironmentFile]) -> Objection {
    let known = Set(places.flatMap { $0.connections.map(\.name) }).sorted()
    return Objection(
      message: "no environment binds a connection '\(name)'",
      hint: nearMiss(to: name, among: known).map { "did you mean '\($0)'?" }
        ?? "there are: \(known.joined(separator: ", "))")
  }

  private static func unbound(_ name: String, in place: EnvironmentFile) -> Objection {
    Objection(
      message: "environment '\(place.name)' binds no connection '\(name)', so this monitor sees nothing there",
      hint: "add it in \(place.file), or name the environments: environment: [production]", isWarning: true)
  }
}

extension RuleReport {
  fileprivate func say(_ objection: MonitorBindings.Objection?, at spot: Spot) {
    guard let objection else { return }
    if objection.isWarning {
      warning(objection.message, at: spot, hint: objection.hint)
    } else {
      error(objection.message, at: spot, hint: objection.hint)
    }
  }
}
