import Foundation
import Glibc
import TestSupport
import Testing

/// Files made to exhaust, to mislead or to break out, read by the built program.
@Suite("Hostile playbooks", .alone, .needsPython, .timeLimit(.minutes(40)))
struct HostilePlaybookTests {
  private struct Measured: Decodable {
    let code: Int
    let milliseconds: Int
    let cpu: Int
    /// KiB.
    let peak: Int
    let output: String
  }

  /// What is promised of the program that people install, in milliseconds from start to end.
  private static let limit = 250
  /// What a build without optimisation may compute, whatever else the machine does meanwhile.
  private static let slowLimit = 4000
  private static let peakLimit = 64 * 1024

  /// `andon playbook check` on each path, one after the other.
  private func check(_ paths: [String], in folder: TemporaryFolder) async throws -> [Measured] {
    let program = try RunningProgram(
      [
        Repository.python ?? "", Repository.file("Tests/measure"), AndonProgram.path, "playbook", "check",
        "--playbooks",
        folder.file("playbooks"),
      ],
      environment: ["PATH": "/usr/bin:/bin", "HOME": folder.path, "SWIFT_BACKTRACE": "enable=no"],
      input: paths.map { "\($0)\n" }.joined())
    let result = try await program.wait(within: .seconds(300))
    #expect(result.code == 0, "\(result)")
    return try result.stdout.split(separator: "\n").map { try JSONDecoder().decode(Measured.self, from: Data($0.utf8)) }
  }

  private func expectRefusal(_ measured: Measured, _ name: String, says: String) {
    let lines = measured.output.split(separator: "\n").map(String.init)
    let first = lines.first { $0.contains(": error: ") } ?? lines.first ?? ""
    #expect(measured.code == 65, "\(name): exit \(measured.code): \(first)")
    #expect(first.contains(/:[1-9][0-9]*:[1-9][0-9]*: error: ./), "\(name) has no place: \(first.prefix(300))")
    #expect(says.isEmpty || measured.output.contains(says), "\(name) is not told why: \(first.prefix(300))")
    if AndonProgram.isOptimised {
      #expect(measured.milliseconds <= Self.limit, "\(name) took \(measured.milliseconds) ms")
    } else {
      #expect(measured.cpu <= Self.slowLimit, "\(name) took \(measured.cpu) ms of CPU")
    }
    #expect(measured.peak <= Self.peakLimit, "\(name) took \(measured.peak) KiB")
  }

  @Test("Each is refused at once, in little memory, with its place and the reason")
  func refused() async throws {
    let folder = try TemporaryFolder(beneath: "/dev/shm")
    let files = HostileFile.all
    let paths = try files.enumerated().map { number, file in
      try folder.write(bytes: file.bytes, to: "\(number)/hostile.yaml")
    }
    let measured = try await check(paths, in: folder)
    #expect(measured.count == files.count && files.count >= 60)
    for (file, result) in zip(files, measured) { expectRefusal(result, file.name, says: file.says) }
    Figures.record(
      [
        "files refused": files.count, "slowest, ms": measured.map(\.milliseconds).max() ?? 0,
        "slowest, ms of CPU": measured.map(\.cpu).max() ?? 0, "largest, KiB": measured.map(\.peak).max() ?? 0,
      ], promise: "A hostile playbook is refused at once, with place and reason",
      attack:
        "bombs, depth, size, encodings, tags, paths\(AndonProgram.isOptimised ? "" : "; a build without optimisation")",
      in: "Hostile playbooks")
  }

  @Test("What is no ordinary file is not read: a pipe, a device, a folder, a socket")
  func notFiles() async throws {
    let folder = try TemporaryFolder()
    try folder.write("", to: "playbooks/.keep")
    let (pipe, socket) = (folder.file("pipe.yaml"), folder.file("socket.yaml"))
    #expect(mkfifo(pipe, 0o600) == 0)
    #expect(mknod(socket, S_IFSOCK | 0o600, 0) == 0)
    let linked = folder.file("linked.yaml")
    try FileManager.default.createSymbolicLink(atPath: linked, withDestinationPath: "/dev/zero")
    let paths = [pipe, socket, linked, "/dev/zero", "/dev/urandom", "/dev/null", folder.path]
    for (path, result) in zip(paths, try await check(paths, in: folder)) {
      expectRefusal(
        result, path, says: path == folder.path ? "a folder" : path == socket ? "cannot be read" : "regular")
    }
  }

  @Test("A link out of the folder of playbooks is not followed, one inside it is")
  func links() async throws {
    let folder = try TemporaryFolder()
    let good = "format: 1\nid: good\nname: Good\nreview: {last: , every: 90d}\nsteps:\n  - {id: one, wait: {for: 1s}}\n"
    let outside = try folder.write(good, to: "outside/good.yaml")
    try folder.write(good, to: "playbooks/shared/good.yaml")
    for (name, target) in [("leak", "/etc/passwd"), ("relative", "../../outside/good.yaml"), ("good", outside)] {
      try FileManager.default.createDirectory(
        atPath: folder.file("playbooks/\(name)"), withIntermediateDirectories: true)
      try FileManager.default.createSymbolicLink(
        atPath: folder.file("playbooks/\(name)/\(name).yaml"), withDestinationPath: target)
    }
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("playbooks/inside.yaml"), withDestinationPath: "shared/good.yaml")
    let refused = ["leak", "relative"] + [folder.file("playbooks/good/good.yaml")]
    for (name, result) in zip(refused, try await check(refused, in: folder)) {
      expectRefusal(result, name, says: "a link out of the folder")
      #expect(!result.output.contains("root:"), "\(result.output)")
    }
    let inside = try await check([folder.file("playbooks/inside.yaml"), outside], in: folder)
    #expect(inside[0].output.contains("rename the file") && !inside[0].output.contains("link"), "\(inside[0])")
    #expect(inside[1].code == 0, "\(inside[1])")
  }

  @Test("Playbooks that run each other in a circle are refused, each with the way round")
  func circles() async throws {
    let folder = try TemporaryFolder()
    let ring = (0..<4).map { "ring-\($0)" }
    for (number, id) in ring.enumerated() {
      let next = ring[(number + 1) % ring.count]
      try folder.write(
        "format: 1\nid: \(id)\nname: Ring\nreview: {last: , every: 90d}\nsteps:\n  - {id: on, playbook: {id: \(next)}}\n",
        to: "playbooks/\(id).yaml")
    }
    for (id, result) in zip(ring, try await check(ring, in: folder)) {
      expectRefusal(result, id, says: "would run itself")
      #expect(ring.allSatisfy(result.output.contains), "\(result.output)")
    }
  }
}
