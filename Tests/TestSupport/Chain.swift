internal import Foundation
internal import FoundationNetworking
internal import IncidentModel

/// A real EVM with the SwapEscrow contract on it, and the stand-in for `cast`. There is one for all tests, as it takes
/// seconds to start; whoever uses it has it alone.
public final class Chain: Sendable {
  public static let isThere = Repository.python != nil
  public static let absence = "no chain: ANDON_TEST_PYTHON names no Python; run make test"

  public let rpc: String
  public let contract: String
  public let owner: String
  /// `HOME` of whoever uses its keystores.
  public let home: String
  /// The folder that `cast` is in.
  public let tools: String
  public let passwordFile: String
  private let server: RunningProgram

  public static let ownerAccount = "owner"
  public static let strangerAccount = "stranger"

  /// Lends it, with the contract not paused.
  public static func borrow<Result>(_ body: (Chain) async throws -> Result) async throws -> Result {
    let chain = try await Yard.shared.take()
    let outcome: Swift.Result<Result, any Error>
    do {
      try await chain.unpause()
      outcome = .success(try await body(chain))
    } catch { outcome = .failure(error) }
    await Yard.shared.giveBack()
    return try outcome.get()
  }

  /// What the contract itself says.
  public var isPaused: Bool {
    get async throws {
      let call: Value = .map(["to": .text(contract), "data": .text("0x5c975abb")])
      return try await ask("eth_call", [call, .text("latest")]).displayText.hasSuffix("1")
    }
  }

  /// How many transactions the owner has made.
  public var ownerNonce: Int {
    get async throws {
      Self.number(try await ask("eth_getTransactionCount", [.text(owner), .text("latest")]).displayText)
    }
  }

  /// A transaction that the chain has taken.
  public struct Transaction: Sendable, Hashable {
    public let nonce: Int
    /// In wei.
    public let value: Int
    /// What it calls and with what, in hexadecimal digits behind `0x`; `0x` alone where it only pays.
    public let data: String
  }

  /// Those that the owner has made, from a block on, in the order of the chain.
  public func ownerTransactions(since block: Int = 0) async throws -> [Transaction] {
    let last = try await height
    var found: [Transaction] = []
    for number in block...max(last, block) {
      let answer = try await ask("eth_getBlockByNumber", [.text("0x" + String(number, radix: 16)), .bool(true)])
      guard case .list(let transactions)? = answer["transactions"] else { continue }
      for transaction in transactions {
        func text(_ key: String) -> String { transaction[key]?.displayText ?? "" }
        guard text("from").lowercased() == owner.lowercased() else { continue }
        found.append(
          Transaction(nonce: Self.number(text("nonce")), value: Self.number(text("value")), data: text("data")))
      }
    }
    return found
  }

  /// The number of the newest block.
  public var height: Int { get async throws { Self.number(try await ask("eth_blockNumber", []).displayText) } }

  private static func number(_ text: String) -> Int { Int(text.dropFirst(2), radix: 16) ?? -1 }

  /// Holds every later answer back.
  public func delay(_ seconds: Int) async throws {
    _ = try await ask("test_setDelay", .map(["seconds": .number(seconds)]))
  }

  /// What signing needs, as the production environment names it.
  public var variables: [String: String] {
    [
      "RPC_URL": rpc, "SWAP_ESCROW_ADDRESS": contract, "ETH_KEYSTORE_ACCOUNT": Self.ownerAccount,
      "ETH_PASSWORD": passwordFile, "HOME": home, "PATH": "\(tools):/usr/bin:/bin",
    ]
  }

  public var password: String {
    get throws {
      try String(contentsOfFile: passwordFile, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
    }
  }

  /// Runs `cast` as its user would.
  public func cast(_ arguments: [String]) async throws -> ProgramResult {
    let environment = [
      "PATH": "/usr/bin:/bin", "HOME": home, "ETH_RPC_URL": rpc, "ETH_KEYSTORE_ACCOUNT": Self.ownerAccount,
      "ETH_PASSWORD": passwordFile,
    ]
    return try await RunningProgram(["\(tools)/cast"] + arguments, environment: environment).wait()
  }

  private func unpause() async throws {
    try await delay(0)
    if try await isPaused { _ = try await cast(["send", contract, "setPaused(bool)", "false"]) }
    guard try await !isPaused else { throw Trouble("the contract stays paused") }
  }

  private func ask(_ method: String, _ params: [Value]) async throws -> Value { try await ask(method, .list(params)) }

  private func ask(_ method: String, _ params: Value) async throws -> Value {
    guard let url = URL(string: rpc) else { throw Trouble("no address: \(rpc)") }
    var request = URLRequest(url: url)
    request.httpMethod = "POST"
    let body: Value = .map([
      "jsonrpc": .text("2.0"), "id": .number(1), "method": .text(method), "params": params,
    ])
    request.httpBody = Data(body.jsonText.utf8)
    let (data, _) = try await URLSession.shared.data(for: request)
    let answer = try Value.json(data)
    guard let result = answer["result"] else { throw Trouble("\(method): \(answer.jsonText)") }
    return result
  }

  // MARK: - Starting

  /// Ends the chain, and removes what it made, when the process that wanted it is gone.
  private static let guardian = """
    "$2" Tests/Chain/chain_server.py --home "$3" --ready "$3/ready.json" & server=$!
    while kill -0 "$1" 2>/dev/null && kill -0 $server 2>/dev/null; do sleep 0.5; done
    kill $server 2>/dev/null
    wait $server
    rm -rf "$3" "$(dirname "$(readlink /proc/$$/fd/1)")"
    """

  fileprivate init() async throws {
    guard let python = Repository.python else { throw Trouble(Self.absence) }
    home = NSTemporaryDirectory() + "andon-chain-\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
    tools = "\(home)/bin"
    let environment = ["PATH": "/usr/bin:/bin", "HOME": home]
    let own = "\(ProcessInfo.processInfo.processIdentifier)"
    server = try RunningProgram(
      ["/bin/sh", "-c", Self.guardian, "sh", own, python, home], environment: environment)
    let installed = try await RunningProgram(
      [Repository.file("Tests/Chain/install.sh"), python, tools], environment: environment
    ).wait()
    guard installed.code == 0 else { throw Trouble("\(installed)") }
    let ready = try await Self.ready("\(home)/ready.json", server)
    func text(_ key: String) -> String { ready[key]?.displayText ?? "" }
    rpc = text("rpc")
    contract = text("contract")
    owner = text("owner")
    passwordFile = text("password_file")
  }

  private static func ready(_ path: String, _ server: RunningProgram) async throws -> Value {
    let deadline = ContinuousClock.now + .seconds(60)
    while ContinuousClock.now < deadline, server.isRunning {
      if let data = FileManager.default.contents(atPath: path) { return try Value.json(data) }
      try await Task.sleep(for: .milliseconds(50))
    }
    throw Trouble("the chain did not start: \(server.stderr)")
  }

  struct Trouble: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
  }

  /// Where the one chain stands while nobody has it.
  private actor Yard {
    static let shared = Yard()

    private var chain: Chain?
    private var isLent = false
    private var queue: [CheckedContinuation<Void, Never>] = []

    func take() async throws -> Chain {
      if isLent { await withCheckedContinuation { queue.append($0) } }
      isLent = true
      do {
        let chain = if let chain { chain } else { try await Chain() }
        self.chain = chain
        return chain
      } catch {
        giveBack()
        throw error
      }
    }

    func giveBack() {
      // Handed over without letting go: nobody may slip in between.
      if queue.isEmpty { isLent = false } else { queue.removeFirst().resume() }
    }
  }
}
