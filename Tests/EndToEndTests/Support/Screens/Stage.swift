import Foundation
import TestSupport

/// Where screenplays are played: a folder of its own with some of the shipped playbooks, an empty state, and a
/// responder called dana. Paths on the screen are short, as they begin in that folder.
struct Stage {
  let folder: TemporaryFolder
  let variables: [String: String]

  /// - Parameters:
  ///   - platform: what stands in for production; without it only drills find anything.
  ///   - playbooks: the folders of playbooks to have.
  init(_ platform: Platform? = nil, playbooks: [String] = ["emergency"]) throws {
    folder = try platform?.folder ?? TemporaryFolder()
    let usual = [
      "PATH": "/usr/bin:/bin", "HOME": folder.path, "USER": "dana", "LANG": "C.UTF-8", "ANDON_STATE": "state",
    ]
    variables = (platform?.variables ?? [:]).merging(usual) { _, new in new }
    try FileManager.default.createDirectory(atPath: folder.file("playbooks"), withIntermediateDirectories: true)
    let beside = ["environments", "templates", "sandbox", "severity.yaml", "contacts.yaml"]
    for name in playbooks + beside {
      try FileManager.default.copyItem(
        atPath: Repository.file("playbooks/\(name)"), toPath: folder.file("playbooks/\(name)"))
    }
  }
}
