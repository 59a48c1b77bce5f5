import Foundation
import TestSupport
import Testing

/// A bash that has sourced the script which andon generates, and a finger on Tab.
struct BashCompletion {
  private let folder: TemporaryFolder
  private let script: String
  private let variables: [String: String]

  /// - Parameter variables: of the shell, which finds `andon` by its PATH.
  init(_ variables: [String: String]) async throws {
    folder = try TemporaryFolder()
    let generated = try await AndonProgram(environment: [:]).run(["--generate-completion-script", "bash"])
    script = try folder.write(generated.stdout, to: "andon.bash")
    try FileManager.default.createSymbolicLink(atPath: folder.file("andon"), withDestinationPath: AndonProgram.path)
    self.variables = variables.merging(["PATH": "\(folder.path):/usr/bin:/bin"]) { _, new in new }
  }

  /// What is offered for the last word, which may be empty. Anything said on the error stream fails the test.
  func offers(
    _ words: String..., in directory: String = Repository.root,
    sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) async throws -> [String] { try await offers(words: words, in: directory, sourceLocation: sourceLocation) }

  func offers(
    words: [String], in directory: String = Repository.root,
    sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) async throws -> [String] {
    let tab = """
      source "$1" && shift
      [[ $(complete -p andon) =~ -F\\ ([^\\ ]+) ]]
      COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMP_POINT=${#COMP_LINE}
      "${BASH_REMATCH[1]}" andon "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
      printf '%s\\n' "${COMPREPLY[@]}"
      """
    let arguments = ["/bin/bash", "--norc", "--noprofile", "-c", tab, "bash", script] + words
    let result = try await RunningProgram(arguments, environment: variables, directory: directory).wait()
    #expect(result.stderr == "", sourceLocation: sourceLocation)
    return result.stdout.split(separator: "\n").map(String.init)
  }
}
