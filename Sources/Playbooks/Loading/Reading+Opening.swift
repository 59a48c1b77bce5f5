internal import IncidentModel
internal import Yams

extension Reading {
  /// From bytes to nodes. No reading comes of a file that cannot be parsed; a reading that comes with diagnostics
  /// goes on to find the rest.
  static func open(_ bytes: [UInt8], file: String) -> (reading: Reading?, diagnostics: [Diagnostic]) {
    let (source, refusals) = ByteCheck.read(bytes, file: file)
    guard let source else { return (nil, refusals) }
    let (document, diagnostics) = YAMLDocument.read(source)
    guard let document else { return (nil, diagnostics) }
    return (Reading(source, document), diagnostics)
  }

  /// The file as a whole.
  var root: Input { Input(document.root, key: "") }
}
