import Glibc

/// One process as `/proc` showed it a moment ago.
struct ProcessEntry: Sendable {
  let id: pid_t
  /// The name of its program, cut to 15 bytes by the kernel.
  let name: String
  let state: UInt8
  let parent: pid_t
  let group: pid_t
  let session: pid_t
  /// When it started, in ticks since the machine did. With the id, it tells a process from a later one of the same id.
  let start: UInt64

  /// False for a process that has ended and waits for its parent to notice.
  var isAlive: Bool { state != UInt8(ascii: "Z") && state != UInt8(ascii: "X") }
}

/// What `/proc` says about processes.
enum ProcessTable {
  /// All processes of this machine that we may see.
  static func all() -> [ProcessEntry] { ids().compactMap(entry) }

  static func ids() -> [pid_t] {
    guard let directory = opendir("/proc") else { return [] }
    defer { closedir(directory) }
    var ids: [pid_t] = []
    while let item = readdir(directory) {
      let id = withUnsafePointer(to: &item.pointee.d_name) { field in
        field.withMemoryRebound(to: CChar.self, capacity: 256) { Int32(decimal: $0) }
      }
      if let id { ids.append(id) }
    }
    return ids
  }

  static func entry(of id: pid_t) -> ProcessEntry? {
    guard let bytes = contents(of: "/proc/\(id)/stat", atMost: 4096) else { return nil }
    return ProcessEntry(id: id, stat: bytes)
  }

  /// Our children, direct ones and adopted ones.
  static func ownChildren() -> [pid_t] {
    // After most commands there are none: one call tells, where a look at every thread of ours takes dozens.
    var unused = siginfo_t()
    if waitid(P_ALL, 0, &unused, WEXITED | WNOHANG | WNOWAIT | __WALL) == -1, errno == ECHILD { return [] }
    guard let directory = opendir("/proc/self/task") else { return [] }
    defer { closedir(directory) }
    var children: [pid_t] = []
    while let item = readdir(directory) {
      let thread = withUnsafePointer(to: &item.pointee.d_name) { field in
        field.withMemoryRebound(to: CChar.self, capacity: 256) { Int32(decimal: $0) }
      }
      guard let thread, let bytes = contents(of: "/proc/self/task/\(thread)/children", atMost: 1 << 20) else {
        continue
      }
      children += bytes.split(separator: UInt8(ascii: " "))
        .compactMap { pid_t(String(decoding: $0, as: UTF8.self)) }
    }
    return children
  }

  /// True if the process was started with all of these in its environment, each as `NAME=value`.
  /// Also false where we may not look.
  static func environment(of id: pid_t, holds wanted: [String]) -> Bool {
    guard let bytes = contents(of: "/proc/\(id)/environ", atMost: 4 << 20), !bytes.isEmpty else { return false }
    let variables = bytes.split(separator: 0)
    return wanted.allSatisfy { text in variables.contains { $0.elementsEqual(text.utf8) } }
  }

  private static func contents(of path: String, atMost limit: Int) -> [UInt8]? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var contents: [UInt8] = []
    while contents.count < limit {
      var count = 0
      let part = [UInt8](unsafeUninitializedCapacity: 4096) { buffer, used in
        count = read(file, buffer.baseAddress, 4096)
        used = max(0, count)
      }
      if count < 0, errno == EINTR { continue }
      if count < 0 { return nil }
      if count == 0 { break }
      contents += part
    }
    return contents
  }
}

extension ProcessEntry {
  /// Reads `42 (name) S 1 42 42 …`. The name may hold anything, parentheses and spaces too.
  fileprivate init?(id: pid_t, stat bytes: [UInt8]) {
    guard let open = bytes.firstIndex(of: UInt8(ascii: "(")), let close = bytes.lastIndex(of: UInt8(ascii: ")")),
      open < close
    else { return nil }
    let fields = bytes[(close + 1)...].split(separator: UInt8(ascii: " "))
    // `fields[0]` is field 3 of proc(5), so the start time, field 22, is `fields[19]`.
    guard fields.count > 19, let state = fields[0].first else { return nil }
    func number<Result: FixedWidthInteger>(_ index: Int) -> Result? {
      Result(String(decoding: fields[index], as: UTF8.self))
    }
    guard let parent: pid_t = number(1), let group: pid_t = number(2), let session: pid_t = number(3),
      let start: UInt64 = number(19)
    else { return nil }
    self.id = id
    name = String(decoding: bytes[(open + 1)..<close], as: UTF8.self)
    self.state = state
    self.parent = parent
    self.group = group
    self.session = session
    self.start = start
  }
}

extension Int32 {
  /// A C string of digits only.
  fileprivate init?(decimal text: UnsafePointer<CChar>) {
    var number: Int64 = 0
    var next = text
    while next.pointee != 0 {
      guard (48...57).contains(next.pointee), number < Int64(Int32.max) else { return nil }
      number = number * 10 + Int64(next.pointee - 48)
      next += 1
    }
    guard next != text, let id = Int32(exactly: number) else { return nil }
    self = id
  }
}
