internal import IncidentModel

/// Reads the files that stand beside the playbooks, by their tables.
enum DataFile {
  static func load<Contents>(
    _ bytes: [UInt8], file: String, _ table: ObjectTable, _ build: (Section) -> Contents
  ) -> (contents: Contents?, diagnostics: [Diagnostic]) {
    let (reading, refusals) = Reading.open(bytes, file: file)
    guard let reading else { return (nil, refusals.inOrder) }
    let contents = reading.section(reading.root, table).map(build)
    return (contents, (refusals + reading.diagnostics).inOrder)
  }
}
