internal import Foundation

/// The whole platform for one test, with every variable that `environments/production.yaml` binds: a PostgreSQL
/// database, an API that follows it, a webhook, and, where it is needed, a chain.
public final class Platform: Sendable {
  public let folder: TemporaryFolder
  public let database: ScratchDatabase
  public let api: TradesAPI
  public let discord: WebhookReceiver
  public let adminToken: String
  public let variables: [String: String]
  /// The state folder; `andon` makes it.
  public let state: String

  /// Without a chain, its variables name a place where nobody answers.
  public init(chain: Chain? = nil) throws {
    folder = try TemporaryFolder()
    database = try ScratchDatabase()
    adminToken = "adm-\(UUID().uuidString)"
    api = try TradesAPI(database, token: adminToken)
    discord = try WebhookReceiver()
    state = folder.file("state")
    let nobody = [
      "RPC_URL": "http://127.0.0.1:\(unusedPort())", "ETH_KEYSTORE_ACCOUNT": "owner",
      "SWAP_ESCROW_ADDRESS": "0x00000000000000000000000000000000000000aa",
      "ETH_PASSWORD": try folder.write("no-password-at-all\n", to: "keystore-password"), "HOME": folder.path,
      "PATH": "/usr/bin:/bin",
    ]
    variables = [
      "SUPABASE_DATABASE_URL": database.url, "API_URL": api.url, "ADMIN_TOKEN": adminToken,
      "DISCORD_WEBHOOK_URL": discord.url, "USER": "responder", "LANG": "C.UTF-8", "ANDON_STATE": state,
    ].merging(chain?.variables ?? nobody) { _, new in new }
  }

  /// Some variables otherwise; `nil` takes one away.
  public func variables(changing changes: [String: String?]) -> [String: String] {
    var variables = variables
    for (name, value) in changes { variables[name] = value }
    return variables
  }

  public func andon(
    _ arguments: String..., changing changes: [String: String?] = [:], input: String? = nil,
    within limit: Duration = .seconds(90)
  ) async throws -> ProgramResult {
    try await AndonProgram(environment: variables(changing: changes)).run(arguments, input: input, within: limit)
  }

  public func start(_ arguments: String..., changing changes: [String: String?] = [:]) throws -> RunningProgram {
    try AndonProgram(environment: variables(changing: changes)).start(arguments)
  }

  public func terminal(_ arguments: String..., changing changes: [String: String?] = [:]) throws -> Terminal {
    try Terminal([AndonProgram.path] + arguments, environment: variables(changing: changes))
  }

  /// Whether anything was ever recorded.
  public var hasJournal: Bool { FileManager.default.fileExists(atPath: "\(state)/journal.db") }
}
