internal import Crypto
internal import Foundation
internal import IncidentModel

/// SHA-256 over the lines, each ended by a line break, in hex.
func digest(of lines: [String]) -> String {
  var sha = SHA256()
  for line in lines { sha.update(data: Data((line + "\n").utf8)) }
  return sha.finalize().hexText
}
