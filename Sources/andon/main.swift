import Commands

await Andon.run(Array(CommandLine.arguments.dropFirst()))
