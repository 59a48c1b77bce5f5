public import IncidentModel

/// A recorded event that cannot follow what was recorded before it: the journal is not of one run, or not whole.
public struct IllegalTransition: Error, Sendable, Hashable, CustomStringConvertible {
  public let event: Fact.Kind
  public let step: StepID?
  public let why: String

  public var description: String {
    "'\(event.rawValue)'\(step.map { " of step '\($0)'" } ?? "") cannot stand here: \(why)"
  }
}
