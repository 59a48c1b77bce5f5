internal import Actions
internal import Foundation
internal import IncidentModel
internal import Playbooks

/// The secret params of a command line. Only where a value comes from may stand there: every process of the machine
/// can read the line while it runs, and a shell keeps it afterwards.
struct SecretParams {
  /// What `env:NAME` reads.
  let environment: [String: String]

  /// The values that were given, with those of the secret params in place of what names them. Throws `CommandFailure`
  /// (64) for a secret that stands in the arguments itself, and for a reference that leads to nothing.
  func reveal(_ options: RunOptions, for playbook: Playbook) throws -> [String: String] {
    var revealed = try options.given()
    for parameter in playbook.params where parameter.secret {
      guard let text = revealed[parameter.name] else { continue }
      revealed[parameter.name] = try value(
        of: parameter.name, text, isInArguments: options.isInArguments(parameter.name))
    }
    return revealed
  }

  /// How to give one without showing it: `--var pin=env:NAME or --var pin=file:PATH`.
  static func safeForms(of name: String) -> String { "--var \(name)=env:NAME or --var \(name)=file:PATH" }

  private func value(of name: String, _ text: String, isInArguments: Bool) throws -> String {
    if text.hasPrefix("env:") {
      let variable = String(text.dropFirst(4))
      guard variable.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_]*/) != nil else {
        throw CommandFailure(
          .usage, "what stands behind 'env:' for the secret param '\(name)' is not the name of a variable",
          advice: "Give \(Self.safeForms(of: name)).")
      }
      // A line break at the end comes with `$(cat file)` and belongs to nobody's secret.
      let value = environment[variable]?.trimmingCharacters(in: .newlines) ?? ""
      if !value.isEmpty { return value }
      throw CommandFailure(
        .usage, "\(variable) is not set, and the secret param '\(name)' is to come from it",
        advice: "Set it (export \(variable)), or give \(Self.safeForms(of: name)).")
    }
    if text.hasPrefix("file:") {
      do { return try SecretFile(path: String(text.dropFirst(5))).read() } catch {
        throw CommandFailure(.usage, "the secret param '\(name)': \(error.message)", advice: error.advice)
      }
    }
    // A file of params shows it to nobody who may not read the file.
    if !isInArguments { return text }
    throw CommandFailure(
      .usage, "'\(name)' is a secret, and a secret may not stand on a command line: others can read it there",
      advice: "Give \(Self.safeForms(of: name)), or leave it out and type it where a terminal asks for it.")
  }
}
