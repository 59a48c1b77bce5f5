internal import ArgumentParser
internal import Console
internal import Foundation

/// For `make install`; help does not show it.
struct ManualCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate-manual", abstract: "Write the pages for man, one per command.",
    discussion: """
      Pages that are there already are replaced.

      Example:
        andon generate-manual /usr/local/share/man/man1
      """,
    shouldDisplay: false)

  @Argument(help: "The folder for the pages; made when it is not there.", completion: .directory)
  var folder: String

  @OptionGroup var global: GlobalOptions

  func run() throws {
    let pages = Self.pages(of: try CommandTree.whole(), below: nil)
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      for page in pages { try page.text.write(toFile: "\(folder)/\(page.fileName)", atomically: true, encoding: .utf8) }
    } catch {
      throw CommandFailure(
        .usage, "cannot write the pages into \(folder): \(error.localizedDescription)", advice: "Name another folder.")
    }
    Assembly(global).screen.hint("\(pages.count) pages in \(folder)")
  }

  private static func pages(of command: CommandTree, below parent: CommandTree?) -> [ManualPage] {
    [ManualPage(command, parent: parent)] + command.children.flatMap { pages(of: $0, below: command) }
  }
}
