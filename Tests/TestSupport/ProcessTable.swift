internal import Foundation

/// The processes of this machine, as /proc shows them to everybody.
public enum ProcessTable {
  public struct Entry: Sendable {
    public let pid: Int32
    public let parent: Int32
    public let arguments: [String]
  }

  public static var all: [Entry] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap { Int32($0) }.compactMap(entry)
  }

  /// A process and everything below it.
  public static func family(of pid: Int32) -> [Entry] {
    let all = all
    var known: Set<Int32> = [pid]
    var count = 0
    while known.count != count {
      count = known.count
      for entry in all where known.contains(entry.parent) { known.insert(entry.pid) }
    }
    return all.filter { known.contains($0.pid) }
  }

  private static func entry(_ pid: Int32) -> Entry? {
    guard let status = FileManager.default.contents(atPath: "/proc/\(pid)/stat"),
      let line = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline")
    else { return nil }
    // The name in parentheses may hold anything; the parent is the second word after it.
    let rest = String(decoding: status, as: UTF8.self).split(separator: ")").last?.split(separator: " ") ?? []
    let arguments = line.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    return Entry(pid: pid, parent: rest.count > 1 ? Int32(rest[1]) ?? 0 : 0, arguments: arguments)
  }
}
