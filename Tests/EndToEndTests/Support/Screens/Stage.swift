import Foundation
import TestSupport

/// Where screenplays are played: a folder of its own with some of the shipped playbooks, an empty state, and a
/// responder called dana. Paths on the screen are short, as they begin in that folder.
struct Stage {
  let folder: TemporaryFolder
  let variables: [String: String]

  /// A platform of a few small files, with playbooks that read and write them: `Screens/stage`. A screen of it is there
  /// in no time, and the same every time.
  static func small() throws -> Stage {
    let folder = try TemporaryFolder()
    let source = Repository.file("Tests/EndToEndTests/Screens/stage")
    for name in try FileManager.default.contentsOfDirectory(atPath: source) {
      try FileManager.default.copyItem(atPath: "\(source)/\(name)", toPath: folder.file(name))
    }
    return Stage(in: folder)
  }

  private init(in folder: TemporaryFolder, _ more: [String: String] = [:]) {
    self.folder = folder
    let usual = [
      "PATH": "/usr/bin:/bin", "HOME": folder.path, "USER": "dana", "LANG": "C.UTF-8", "ANDON_STATE": "state",
      "ANDON_SANDBOX": "sqlite",  // The same wherever a screen is played.
    ]
    variables = more.merging(usual) { _, new in new }
  }

  /// - Parameters:
  ///   - platform: what stands in for production; without it only drills find anything.
  ///   - playbooks: the folders of playbooks to have.
  init(_ platform: Platform? = nil, playbooks: [String] = ["emergency"]) throws {
    self.init(in: try platform?.folder ?? TemporaryFolder(), platform?.variables ?? [:])
    try FileManager.default.createDirectory(atPath: folder.file("playbooks"), withIntermediateDirectories: true)
    let beside = ["environments", "templates", "sandbox", "severity.yaml", "contacts.yaml"]
    for name in playbooks + beside {
      try FileManager.default.copyItem(
        atPath: Repository.file("playbooks/\(name)"), toPath: folder.file("playbooks/\(name)"))
    }
  }
}
