import Foundation
import IncidentModel
import TestSupport

/// A shell command that becomes a tree of processes nobody has drawn before, none of which ends by itself. Every one of
/// them has `nonce` in its arguments, so that it is found whatever it did to its session, parents and environment.
struct RandomTree {
  let nonce: String
  let script: String

  init(seed: UInt64) {
    var numbers = SeededNumbers(seed: seed)
    nonce = "86400.\(String(seed, radix: 10))\(UInt32.random(in: 100_000_000...999_999_999))"
    let branches = (0..<Int.random(in: 1...3, using: &numbers)).map { [nonce] _ in
      Self.branch(nonce, depth: 2, &numbers)
    }
    let root = [
      "sleep \(nonce)", "trap '' TERM HUP INT; while :; do sleep \(nonce); done", "kill -STOP $$; sleep \(nonce)",
    ]
    script = branches.joined(separator: "\n") + "\n" + (root.randomElement(using: &numbers) ?? root[0])
  }

  /// What runs of it now.
  var survivors: [Int32] {
    TestSupport.ProcessTable.all.filter { $0.arguments.contains { $0.contains(nonce) } }.map(\.pid)
  }

  /// One line that returns at once and leaves something running.
  private static func branch(_ nonce: String, depth: Int, _ numbers: inout SeededNumbers) -> String {
    let sleeper = "sleep \(nonce)"
    let stubborn = "trap '' TERM HUP INT; while :; do sleep \(nonce); done"
    let inner = depth == 0 ? sleeper : branch(nonce, depth: depth - 1, &numbers) + "\n" + sleeper
    switch Int.random(in: 0..<9, using: &numbers) {
    case 0: return "\(sleeper) &"
    case 1: return "setsid \(sleeper) &"
    case 2: return "(\(sleeper) &)"
    case 3: return "(setsid sh -c \(quoted(inner)) &)"
    case 4: return "(sh -c \(quoted("(\(inner)) &")) &)"
    case 5: return "setsid sh -c \(quoted(stubborn)) &"
    case 6: return "sh -c \(quoted("kill -STOP $$; \(sleeper)")) &"
    case 7: return "setsid env -i \(sleeper) &"
    default: return "i=0; while [ $i -lt 12 ]; do (setsid \(sleeper) &); i=$((i+1)); done"
    }
  }

  private static func quoted(_ text: String) -> String { "'" + text.replacing("'", with: "'\\''") + "'" }
}
