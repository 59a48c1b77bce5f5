internal import Foundation
import IncidentModel
import Playbooks

/// Reads a typed answer to a manual step.
enum AnswerReader {
  static func example(of kind: ManualAction.AnswerKind) -> String {
    switch kind {
    case .bool: "[y] yes   [n] no"
    case .choice: "one of the choices"
    case .text: "a text"
    case .number: "a number"
    case .url: "an address: https://…"
    case .address: "an address: 0x…"
    case .file: "the path of a file"
    }
  }

  static func read(_ line: String, for step: Step) -> Result<Value, Problem> {
    guard case .manual(let action) = step.action, let kind = action.answer else {
      return line == "d" ? .success(.bool(true)) : .failure(Problem("'d' says that it is done; nothing was recorded."))
    }
    let value: Value? =
      switch kind {
      case .bool: ["y": true, "yes": true, "n": false, "no": false][line.lowercased()].map(Value.bool)
      case .choice: action.choices.contains(line) ? .text(line) : nil
      case .text: .text(line)
      case .number: Number(line).map(Value.number)
      case .url: isWebAddress(line) ? .text(line) : nil
      case .address: isChainAddress(line) ? .text(line) : nil
      case .file: FileManager.default.isReadableFile(atPath: line) ? .text(line) : nil
      }
    return value.map(Result.success) ?? .failure(Problem("That is not \(example(of: kind)); nothing was recorded."))
  }

  private static func isWebAddress(_ text: String) -> Bool {
    guard let url = URL(string: text), let scheme = url.scheme, let host = url.host() else { return false }
    return ["http", "https"].contains(scheme) && !host.isEmpty
  }

  private static func isChainAddress(_ text: String) -> Bool {
    text.hasPrefix("0x") && text.count == 42 && text.dropFirst(2).allSatisfy(\.isHexDigit)
  }
}
