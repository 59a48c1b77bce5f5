/// A statement that PostgreSQL does not explain: whether it would work follows from what the catalogues say.
protocol LookedUpStatement {
  var ask: PostgresInquiry.Ask { get }

  /// - Parameter rows: what `ask` returned.
  func answer(_ rows: [[String?]]) -> SQLExamination.Answer
}
