internal import Glibc
internal import IncidentModel

/// Reads whole files that people wrote: regular files of a sensible size, and nothing that could block or never end.
enum SourceFile {
  /// - Parameter folder: a folder that the file has to lie in, whatever links lead to it; `nil`: anywhere.
  static func read(
    _ path: String, beneath folder: String? = nil, limit: Int = ByteCheck.largestFile
  ) throws(Problem) -> [UInt8] {
    // A FIFO without a writer would block `open` for ever.
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw cannotRead(path, errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw cannotRead(path, errno) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw notAFile(path, isFolder: status.st_mode & S_IFMT == S_IFDIR) }
    guard status.st_size <= limit else { throw tooLarge(path, Int(status.st_size), limit) }
    if let folder, let place = truePath("/proc/self/fd/\(descriptor)"), let ground = truePath(folder),
      !place.hasPrefix(ground == "/" ? ground : ground + "/")
    {
      throw leadsOut(folder, place)
    }
    return try contents(of: descriptor, path, expecting: Int(status.st_size), limit: limit)
  }

  /// With every link followed: of what is open, not of what the path may lead to a moment later.
  private static func truePath(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  private static func contents(
    of descriptor: Int32, _ path: String, expecting size: Int, limit: Int
  ) throws(Problem) -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: min(max(size + 1, 4096), 1 << 20))
    while bytes.count <= limit {
      let count = chunk.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
      if count == 0 { return bytes }
      if count < 0 {
        if errno == EINTR { continue }
        throw cannotRead(path, errno)
      }
      bytes += chunk[..<count]
    }
    throw tooLarge(path, bytes.count, limit)
  }
}

// What is said.
extension SourceFile {
  private static func cannotRead(_ path: String, _ code: Int32) -> Problem {
    let reason = String(cString: strerror(code)).lowercased()
    return Problem("the file cannot be read: \(reason)", advice: "check that '\(path)' is there and readable")
  }

  private static func notAFile(_ path: String, isFolder: Bool) -> Problem {
    isFolder
      ? Problem("this is a folder, not a file", advice: "name a file in it: \(path)/NAME.yaml")
      : Problem("this is not a regular file", advice: "copy its contents into a file")
  }

  private static func leadsOut(_ folder: String, _ place: String) -> Problem {
    Problem("this is a link out of the folder of playbooks, to \(place)", advice: "copy the file into \(folder)")
  }

  private static func tooLarge(_ path: String, _ size: Int, _ limit: Int) -> Problem {
    Problem("the file is too large: \(size) bytes, the limit is \(limit)", advice: "split it into several files")
  }
}
