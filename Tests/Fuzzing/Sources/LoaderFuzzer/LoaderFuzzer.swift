import IncidentModel
import Playbooks

private let loader = PlaybookLoader(library: nil, today: "2031-06-01")

/// Any bytes are a playbook, or get at least one error; every finding has a place inside the file.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  let result = loader.load(bytes: bytes, file: "playbook.yaml")
  precondition(result.playbook != nil || !result.errors.isEmpty, "refused without a word")
  let lines = 2 + bytes.count { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
  for finding in result.diagnostics {
    let place = finding.location
    precondition((1...lines).contains(place.line) && (1...(bytes.count + 1)).contains(place.column), "\(place)")
    precondition(finding.text.visible(keepingLineBreaks: true) == finding.text, "acts on a terminal: \(finding)")
  }
  return 0
}
