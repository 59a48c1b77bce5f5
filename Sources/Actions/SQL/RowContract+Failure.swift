internal import IncidentModel

extension RowContract {
  /// Why a statement that touched `count` rows must not stand. Nothing has been committed when this is said.
  func failure(count: Int, readOnly: Bool, connection: String) -> Failure {
    let rows = "\(count) \(count == 1 ? "row" : "rows")"
    let expected = min == max ? "exactly \(self)" : "\(self)"
    let verb = Swift.max(min, self.max ?? 2) == 1 && min == self.max ? "was" : "were"
    guard !readOnly else {
      return Failure(
        .rowContract, "the query on '\(connection)' returned \(rows) where \(expected) \(verb) expected",
        advice: "check the condition in WHERE, or change `expect: {rows: …}`")
    }
    return Failure(
      .rowContract,
      "the statement on '\(connection)' would have changed \(rows) where \(expected) \(verb) expected; "
        + "rolled back, nothing changed",
      advice: count < min
        ? "check the key in WHERE: is it spelt as in the table, and is this the right environment?"
        : "check the condition in WHERE: it matches more than was meant")
  }
}
