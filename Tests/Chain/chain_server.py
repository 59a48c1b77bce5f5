#!/usr/bin/env python3
"""A real chain for tests: PyEVM behind JSON-RPC 2.0, with SwapEscrow deployed.

    chain_server.py --home DIR [--ready FILE]

Everything an operator would have is made under DIR: encrypted keystores in
DIR/.foundry/keystores (`owner`, who deployed the contract, and `stranger`) and
the file with their password. When the chain answers, one JSON line saying
where all of this is goes to stdout, and to FILE if one is named.

Keys are new on every start, and each transaction is mined as it arrives.
Two methods of our own make the chain misbehave:

    test_setDelay {"seconds": n}    hold every later answer back for n seconds
    test_refuse [{"on": bool}]      answer HTTP 503, or stop; without `on`, toggle
"""

import argparse
import json
import os
import secrets
import signal
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import vyper
from eth_abi import encode
from eth_account import Account
from eth_tester import EthereumTester, PyEVMBackend
from eth_tester.exceptions import TransactionFailed
from web3 import EthereumTesterProvider, Web3

CONTRACT = Path(__file__).with_name("SwapEscrow.vy")
NOBODY = "0x" + "00" * 20
FUNDS = 1000 * 10**18

# There is no eth_sendTransaction: what isn't signed by its sender isn't taken.
METHODS = {
    "eth_blockNumber",
    "eth_call",
    "eth_chainId",
    "eth_estimateGas",
    "eth_gasPrice",
    "eth_getBalance",
    "eth_getBlockByNumber",
    "eth_getCode",
    "eth_getLogs",
    "eth_getTransactionCount",
    "eth_getTransactionReceipt",
    "eth_sendRawTransaction",
}


class RPCError(Exception):
    def __init__(self, code, message, data=None):
        super().__init__(message)
        self.answer = {"code": code, "message": message}
        if data is not None:
            self.answer["data"] = data


class Chain:
    def __init__(self, *accounts):
        # A call that names no sender comes from the zero address, and the EVM
        # wants every sender able to pay for gas, even when nothing is charged.
        funded = [account.address for account in accounts] + [NOBODY]
        backend = PyEVMBackend(genesis_state={
            bytes.fromhex(address[2:]): {"balance": FUNDS, "nonce": 0, "code": b"", "storage": {}}
            for address in funded
        })
        web3 = Web3(EthereumTesterProvider(EthereumTester(backend)))
        # Of web3's layers, keep the provider's own, which translate between
        # JSON-RPC's names and eth-tester's. The rest turn JSON into Python.
        web3.middleware_onion.clear()
        self.request = web3.provider.request_func(web3, web3.middleware_onion)
        self.lock = threading.Lock()

    def ask(self, method, *params):
        """Answers one request, in JSON's terms."""
        if method not in METHODS:
            raise RPCError(-32601, f"the method {method} does not exist/is not available")
        with self.lock:
            params = self.completed(method, list(params))
            try:
                result = self.request(method, params)
            except TransactionFailed as error:
                raise reverted(error) from error
            except Exception as error:  # whatever a client sends, the chain goes on
                raise RPCError(-32000, str(error)) from error
        if "error" in result:
            raise RPCError(**result["error"])
        return in_json(result["result"])

    def completed(self, method, params):
        """Fills in what a node lets its callers leave out and eth-tester doesn't."""
        if method in ("eth_call", "eth_estimateGas"):
            call = {"from": NOBODY} | params[0]
            if "input" in call:
                call["data"] = call.pop("input")
            params[0] = call
        if method == "eth_estimateGas":
            params = params[:1]  # eth-tester knows no block here but the latest
        if method in ("eth_call", "eth_getBalance", "eth_getCode", "eth_getTransactionCount"):
            params = params[:1] + (params[1:] or ["latest"])
        if method == "eth_getLogs":
            # eth-tester finds nothing from "earliest" on: give it numbers.
            head = hex(self.request("eth_blockNumber", [])["result"])
            tags = {"earliest": "0x0"} | dict.fromkeys(("latest", "pending", "safe", "finalized"), head)
            asked = {"fromBlock": "latest", "toBlock": "latest"} | params[0]
            for end in ("fromBlock", "toBlock"):
                asked[end] = tags.get(asked[end], asked[end])
            params = [asked]
        return params

    def deploy(self, account, code):
        transaction = {
            "chainId": self.ask("eth_chainId"),
            "nonce": 0,
            "gas": 2_000_000,
            "gasPrice": self.ask("eth_gasPrice"),
            "data": code,
        }
        signed = account.sign_transaction(transaction)
        sent = self.ask("eth_sendRawTransaction", signed.raw_transaction.to_0x_hex())
        return self.ask("eth_getTransactionReceipt", sent)["contractAddress"]


def reverted(error):
    """The error a node gives for a revert: in words, and as the contract's own bytes."""
    reason = str(error).removeprefix("execution reverted").removeprefix(": ")
    if reason in ("", "b''", "Revert(b'')"):  # the contract gave none
        return RPCError(3, "execution reverted", "0x")
    data = bytes.fromhex("08c379a0") + encode(["string"], [reason])  # Error(string)
    return RPCError(3, f"execution reverted: {reason}", "0x" + data.hex())


def in_json(value, name=None):
    """eth-tester's numbers, bytes and blanks, as JSON-RPC has them."""
    if isinstance(value, dict):
        log = {"removed": False} if "logIndex" in value else {}
        return log | {
            key: in_json(item, key)
            for key, item in value.items()
            if key != "state_root" and item != "mined"  # eth-tester's own, not the standard's
        }
    if isinstance(value, (list, tuple)):
        return [in_json(item) for item in value]
    if isinstance(value, bytes):
        return "0x" + value.hex()
    if isinstance(value, int) and not isinstance(value, bool):
        return f"0x{value:0512x}" if name == "logsBloom" else hex(value)
    return None if value == "" else value


class Server(ThreadingHTTPServer):
    daemon_threads = True  # an answer held back must not hold up the stop

    def __init__(self, chain):
        super().__init__(("127.0.0.1", 0), Handler)
        self.chain = chain
        self.delay = 0
        self.refusing = False

    def control(self, method, params):
        if method == "test_setDelay":
            self.delay = float(params["seconds"])
        elif method == "test_refuse":
            self.refusing = bool(params["on"]) if params else not self.refusing
        else:
            raise RPCError(-32601, f"the method {method} does not exist")
        return {"delay": self.delay, "refusing": self.refusing}


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        try:
            request = json.loads(body)
            method, params = request["method"], request.get("params", [])
        except ValueError:
            return self.reply(None, error={"code": -32700, "message": "parse error"})
        except (LookupError, TypeError, AttributeError):
            return self.reply(None, error={"code": -32600, "message": "invalid request"})
        # The controls always work, or a test could not undo what it did.
        control = method.startswith("test_")
        if self.server.refusing and not control:
            self.send_response(503)
            self.send_header("Content-Length", "0")
            return self.end_headers()
        try:
            if control:
                answer = {"result": self.server.control(method, params)}
            else:
                answer = {"result": self.server.chain.ask(method, *params)}
        except RPCError as error:
            answer = {"error": error.answer}
        except (LookupError, TypeError, ValueError) as error:
            answer = {"error": {"code": -32602, "message": f"invalid params: {error}"}}
        if not control:
            # Only the answer is late, the deed is done: a caller who gives up
            # waiting has not undone its transaction.
            time.sleep(self.server.delay)
        self.reply(request.get("id"), **answer)

    def reply(self, id, **answer):
        body = json.dumps({"jsonrpc": "2.0", "id": id} | answer).encode()
        try:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except ConnectionError:
            pass  # a caller kept waiting may well have left

    def log_message(self, *_):
        pass


def write_private(path, text):
    """Writes what only the user may read, and never half of it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    part.replace(path)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--ready", type=Path)
    options = parser.parse_args()
    for stop in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stop, lambda *_: sys.exit(0))
    if options.ready:
        options.ready.unlink(missing_ok=True)  # an earlier chain's would mislead

    home = options.home.resolve()
    keystores = home / ".foundry" / "keystores"
    password_file = home / "keystore-password"
    password = secrets.token_hex(16)
    write_private(password_file, password + "\n")
    owner, stranger = Account.create(), Account.create()
    for name, account in {"owner": owner, "stranger": stranger}.items():
        # Far too few rounds for a key worth something; these open at once.
        keystore = account.encrypt(password, kdf="pbkdf2", iterations=1000)
        write_private(keystores / name, json.dumps(keystore))

    chain = Chain(owner, stranger)
    code = vyper.compile_code(CONTRACT.read_text(), output_formats=["bytecode"])["bytecode"]
    contract = chain.deploy(owner, code)
    with Server(chain) as server:
        ready = json.dumps({
            "rpc": f"http://127.0.0.1:{server.server_port}",
            "contract": contract,
            "owner": owner.address,
            "keystores": str(keystores),
            "owner_account": "owner",
            "stranger_account": "stranger",
            "password_file": str(password_file),
        })
        if options.ready:
            write_private(options.ready, ready + "\n")
        print(ready, flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
