internal import Crypto
internal import Foundation
import IncidentModel
import Playbooks

/// Reads a typed answer to a manual step.
struct AnswerReader {
  let kind: ManualAction.AnswerKind
  let choices: [String]

  var expectation: String {
    switch kind {
    case .bool: "[y] yes   [n] no"
    case .choice: choices.enumerated().map { "\($0.offset + 1) \($0.element.visible)" }.joined(separator: "   ")
    case .text: "a text of two letters or more"
    case .number: "a number"
    case .url: "an address: https://…"
    case .address: "an address: 0x… or name@host"
    case .file: "the path of a file; its hash is kept"
    }
  }

  /// The answer that a line is; a failure says what is wrong with it.
  func read(_ line: String) -> Result<StepAnswer, Problem> {
    if kind == .file { return file(line) }
    let value: Value? =
      switch kind {
      case .bool: ["y": true, "yes": true, "n": false, "no": false][line.lowercased()].map(Value.bool)
      case .choice: choice(line).map(Value.text)
      // A single letter is a choice of the menu, and a slip of the finger is no evidence.
      case .text: line.count > 1 ? .text(line) : nil
      case .number: Number(line).map(Value.number)
      case .url: Self.isWebAddress(line) ? .text(line) : nil
      case .address: Self.isChainAddress(line) || Self.isMailAddress(line) ? .text(line) : nil
      case .file: nil
      }
    if let value { return .success(StepAnswer(answer: value)) }
    return .failure(Problem("'\(line.visible.truncated(to: 40))' is not \(description); nothing was recorded."))
  }

  private var description: String {
    switch kind {
    case .bool: "y or n"
    case .choice: "one of the choices"
    default: expectation
    }
  }

  private func choice(_ line: String) -> String? {
    if choices.contains(line) { return line }
    guard let number = Int(line), choices.indices.contains(number - 1) else { return nil }
    return choices[number - 1]
  }

  private static let largestFile = 1 << 30

  private func file(_ path: String) -> Result<StepAnswer, Problem> {
    func refused(_ why: String) -> Result<StepAnswer, Problem> {
      .failure(Problem("\(path.visible): \(why); nothing was recorded."))
    }
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return refused("no such file") }
    guard !isFolder.boolValue, let attributes = try? FileManager.default.attributesOfItem(atPath: path),
      attributes[.type] as? FileAttributeType == .typeRegular
        || attributes[.type] as? FileAttributeType == .typeSymbolicLink
    else { return refused("it is not a plain file") }
    guard let file = FileHandle(forReadingAtPath: path) else { return refused("it cannot be read") }
    var sha = SHA256()
    var bytes = 0
    do {
      while let chunk = try file.read(upToCount: 1 << 20), !chunk.isEmpty {
        sha.update(data: chunk)
        bytes += chunk.count
        if bytes > Self.largestFile { return refused("it is larger than 1 GiB") }
      }
    } catch { return refused("it cannot be read") }
    return .success(StepAnswer(answer: .text(path), sha256: sha.finalize().hexText, bytes: Int64(bytes)))
  }

  private static func isWebAddress(_ text: String) -> Bool {
    // What turns the writing direction, or looks like another letter, has no place in an address that is to be believed.
    guard text.utf8.allSatisfy({ 0x21...0x7E ~= $0 }), let url = URL(string: text), let scheme = url.scheme,
      let host = url.host()
    else { return false }
    return ["http", "https"].contains(scheme) && !host.isEmpty
  }

  private static func isChainAddress(_ text: String) -> Bool {
    text.hasPrefix("0x") && text.count == 42 && text.dropFirst(2).allSatisfy(\.isHexDigit)
  }

  private static func isMailAddress(_ text: String) -> Bool {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    return parts.count == 2 && !parts[0].isEmpty && parts[1].contains(".") && !text.contains(where: \.isWhitespace)
  }
}
