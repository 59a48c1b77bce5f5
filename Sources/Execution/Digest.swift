internal import Crypto
internal import Foundation

/// SHA-256 over the lines, each ended by a line break, in hex.
func digest(of lines: [String]) -> String {
  var sha = SHA256()
  for line in lines { sha.update(data: Data((line + "\n").utf8)) }
  return sha.finalize().map { byte in
    let digits = String(byte, radix: 16)
    return digits.count == 1 ? "0" + digits : digits
  }.joined()
}
