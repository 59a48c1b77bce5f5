internal import IncidentModel
internal import Yams

/// `command: {run: [cast, call, …]}`
enum CommandTable {
  static let run = Field<[Template]>(
    "run", .list(.template, least: 1), required: true,
    "The program and its arguments, one item each; no shell reads them")
  static let env = Field<[(name: String, value: Template)]>("env", environment, "Environment variables of the process")
  static let cwd = Field<String>("cwd", .path, "The folder it runs in")
  static let stdin = Field<Template>("stdin", .template, "What it reads on standard input")
  static let exit = Field<[Int]>("exit", .oneOrMany(.statusCode), "The exit codes that count as success; 0 without it")
  static let timeout = Field<Duration>("timeout", .duration, "Limit of one attempt; the step's own 'timeout' wins")

  static let table = ObjectTable(
    "command", title: "a 'command' action", "One program. Outputs: stdout, stderr, exit_code",
    [run.info, env.info, cwd.info, stdin.info, exit.info, timeout.info])

  static let kind = Kind<CommandAction>.object(table, named: "command") { section in
    let (run, env, cwd) = (section[run], section[env] ?? [], section[cwd])
    let (stdin, exits, timeout) = (section[stdin], section[exit] ?? [0], section[timeout])
    guard let run, run.count == section.node("run")?.sequence?.count else { return nil }
    return CommandAction(
      arguments: run, environment: env, directory: cwd, standardInput: stdin, exits: exits, timeout: timeout)
  }

  static let environment = Kind<[(name: String, value: Template)]>.map(
    names: "a variable is \(Words.identifier)", fits: Words.isIdentifier, .template)
}

/// `shell: {run: "script"}`
enum ShellTable {
  static let run = Field<String>(
    "run", .literal, required: true, "A script for /bin/sh; values reach it only through 'env', as \"$NAME\"")
  static let env = Field<[(name: String, value: Template)]>(
    "env", CommandTable.environment, "Environment variables of the script")
  static let exit = Field<[Int]>("exit", .oneOrMany(.statusCode), "The exit codes that count as success; 0 without it")

  static let table = ObjectTable(
    "shell", title: "a 'shell' action", "One script. Outputs: stdout, stderr, exit_code",
    [run.info, env.info, exit.info])

  static let kind = Kind<ShellAction>.object(table, named: "shell") { section in
    let (run, env, exits) = (section[run], section[env] ?? [], section[exit] ?? [0])
    guard let run else { return nil }
    return ShellAction(script: run, environment: env, exits: exits)
  }
}
