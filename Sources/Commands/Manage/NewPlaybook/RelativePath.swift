internal import Foundation

/// One file as seen from the folder of another: `../playbook.schema.json`.
struct RelativePath {
  let text: String

  /// Both against the working directory where they are not absolute.
  init(from file: String, to target: String) {
    let folder = Self.parts(of: file).dropLast()
    let target = Self.parts(of: target)
    let shared = zip(folder, target).prefix { $0 == $1 }.count
    text = (Array(repeating: "..", count: folder.count - shared) + target.dropFirst(shared)).joined(separator: "/")
  }

  private static func parts(of path: String) -> [String] { URL(filePath: path).standardizedFileURL.pathComponents }
}
