internal import IncidentModel
internal import Playbooks

/// The files beside the playbooks: the environment, the criteria, the contacts. A mistake in one of them fails whatever
/// needs it; a blank in one is found at three in the morning, unless somebody looks for it before.
struct NeighbourFiles {
  let library: PlaybookLibrary
  let environment: String

  var findings: [ReadinessFinding] {
    let environmentFile = "\(library.directory)/environments/\(environment).yaml"
    let contactsFile = "\(library.directory)/contacts.yaml"
    var blanks: [String] = []
    var findings: [ReadinessFinding] = []
    for diagnostic in library.diagnosticsBesidePlaybooks() {
      let file = diagnostic.location.file
      if file.contains("/environments/"), file != environmentFile { continue }
      let area = file == contactsFile ? ReadinessFinding.Area.contacts : .environment
      if area == .contacts, diagnostic.level == .warning {
        blanks.append(diagnostic.message)
        continue
      }
      findings.append(
        ReadinessFinding(
          diagnostic.level == .error ? .fail : .warn, area,
          "\(file):\(diagnostic.location.line): \(diagnostic.message)", advice: diagnostic.hint))
    }
    return findings
      + blanks.unique.map { blank in
        ReadinessFinding(.warn, .contacts, blank, advice: "fill it in: \(contactsFile)")
      }
  }
}
