import Foundation
import Yams

/// `compose FILE`: what reading a playbook costs when nobody looks at what it says.
@main
struct Compose {
  static func main() throws {
    guard CommandLine.arguments.count == 2 else {
      FileHandle.standardError.write(Data("compose FILE\n".utf8))
      exit(64)
    }
    let text = try String(contentsOfFile: CommandLine.arguments[1], encoding: .utf8)
    guard let node = try Yams.compose(yaml: text), let mapping = node.mapping else { exit(65) }
    print("\(mapping.count) keys")
  }
}
