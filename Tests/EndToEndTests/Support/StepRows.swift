import IncidentModel
import TestSupport
import Testing

extension Platform {
  /// The rows that a step returned, as the record has them.
  func rows(of step: String, run: String = "RUN-1") async throws -> [Value] {
    try Record(await andon("show", run, "--step", step, "--json")).json["step", "outputs", "rows"]?.items ?? []
  }
}

extension Value {
  subscript(_ first: String, _ second: String, _ more: String...) -> Value? {
    more.reduce(self[first]?[second]) { $0?[$1] }
  }

  /// A column as text; NULL reads `null`.
  func column(_ name: String) -> String { self[name]?.displayText ?? "no such column" }
}
