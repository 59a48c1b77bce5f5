internal import Foundation
internal import Glibc

/// `postmaster.pid`: what a postmaster says about itself.
struct PostmasterFile {
  private let lines: [Substring]

  init(in folder: ServerFolder) {
    let text = (try? String(contentsOfFile: "\(folder.data)/postmaster.pid", encoding: .utf8)) ?? ""
    lines = text.split(separator: "\n", omittingEmptySubsequences: false)
  }

  var process: pid_t? { lines.first.flatMap { pid_t($0) } }
  var port: Int? { lines.count > 3 ? Int(lines[3]) : nil }
  var isReady: Bool { lines.count > 7 && lines[7].hasPrefix("ready") }
}

/// A postmaster that nobody watches any more, because its script was killed too.
enum StrayServer {
  /// Ends it, if there is one, and returns when it is gone. Nobody else may be using the folder.
  static func end(in folder: ServerFolder) async {
    let begin = ContinuousClock.now
    while let process = PostmasterFile(in: folder).process, works(process, in: folder.data) {
      kill(process, ContinuousClock.now - begin < .seconds(5) ? SIGQUIT : SIGKILL)
      if ContinuousClock.now - begin > .seconds(8) { return }
      try? await Task.sleep(for: .milliseconds(5))
    }
  }

  /// Whether the number still means a postmaster of this folder: its arguments name it. Everybody may read those; where a
  /// process works takes more rights than root has in some containers.
  private static func works(_ process: pid_t, in data: String) -> Bool {
    let bytes = (try? Data(contentsOf: URL(fileURLWithPath: "/proc/\(process)/cmdline"))) ?? Data()
    let arguments = bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    return zip(arguments, arguments.dropFirst()).contains { $0 == "-D" && $1 == data }
  }
}
