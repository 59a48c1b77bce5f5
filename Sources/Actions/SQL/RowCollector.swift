internal import IncidentModel

/// Gathers the rows of a result for later steps: all are counted, the first are kept.
struct RowCollector {
  /// More than this is not kept, so that a forgotten WHERE cannot fill the memory or the journal.
  static let keptRows = 1000
  static let keptBytes = 1 << 20

  private(set) var rows: [Value] = []
  private(set) var count = 0
  private var bytes = 0
  private var isFull = false
  private var columns: [String] = []
  private var doubledColumn: String?

  /// Counts a row. `size` is what keeping it would cost in bytes; `read` is called only if it is kept.
  mutating func add(size: @autoclosure () -> Int, read: () -> [(name: String, value: Value)]) {
    count += 1
    guard !isFull else { return }
    bytes += size()
    isFull = rows.count == Self.keptRows || bytes > Self.keptBytes
    guard !isFull else { return }
    var members: [String: Value] = [:]
    let isFirst = rows.isEmpty
    for (name, value) in read() {
      if members.updateValue(value, forKey: name) != nil {
        doubledColumn = name
      } else if isFirst {
        columns.append(name)
      }
    }
    rows.append(.map(members))
  }

  /// What later steps can read.
  func outputs(rowCount: Int) -> [String: Value] {
    var outputs: [String: Value] = ["rows": .list(rows), "row_count": .number(rowCount)]
    // A map has no order of its own, and a table has.
    if !columns.isEmpty { outputs["columns"] = .list(columns.map(Value.text)) }
    if rows.count < count { outputs["truncated"] = .bool(true) }
    return outputs
  }

  var warnings: [String] {
    var warnings: [String] = []
    if rows.count < count { warnings.append("only the first \(rows.count) of \(count) rows were kept") }
    if let doubledColumn {
      warnings.append("two columns are named '\(doubledColumn)': only the last one is kept; name them with AS")
    }
    return warnings
  }
}
