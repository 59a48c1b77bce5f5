"""The chain and the stand-in for cast, tried against each other.

    python -m unittest discover -s Tests/Chain
"""

import json
import os
import socket
import stat
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request
from pathlib import Path

HERE = Path(__file__).parent


class ChainTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory(prefix="andon-chain-")
        cls.addClassCleanup(scratch.cleanup)
        cls.home = Path(scratch.name)
        cls.ready_file = cls.home / "ready.json"
        cls.server = subprocess.Popen(
            [sys.executable, HERE / "chain_server.py", "--home", cls.home, "--ready", cls.ready_file],
            stdout=subprocess.PIPE, text=True)
        cls.addClassCleanup(cls.stop_server)
        cls.ready = json.loads(cls.server.stdout.readline())
        cls.contract, cls.owner = cls.ready["contract"], cls.ready["owner"]
        cls.stranger = "0x" + json.loads(cls.keystore("stranger").read_text())["address"].removeprefix("0x")
        subprocess.run([HERE / "install.sh", sys.executable, cls.home / "bin"], check=True)

    @classmethod
    def stop_server(cls):
        cls.server.terminate()
        cls.server.wait(timeout=10)
        cls.server.stdout.close()

    @classmethod
    def keystore(cls, name):
        return Path(cls.ready["keystores"]) / name

    def cast(self, *arguments, **environment):
        """Runs cast in the bare environment a careful runner leaves its children."""
        return subprocess.run(
            [self.home / "bin" / "cast", *arguments], capture_output=True, text=True,
            env={"PATH": os.defpath, "HOME": str(self.home), "ETH_RPC_URL": self.ready["rpc"]} | environment)

    def read(self, *arguments):
        done = self.cast(*arguments)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout.removesuffix("\n")

    def send(self, *arguments, account="owner", **environment):
        return self.cast("send", self.contract, *arguments, **{
            "ETH_KEYSTORE_ACCOUNT": account, "ETH_PASSWORD": self.ready["password_file"]} | environment)

    def sent(self, *arguments, **options):
        """Sends what must succeed, and gives the receipt cast printed."""
        done = self.send(*arguments, **options)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        lines = (line.split(None, 1) for line in done.stdout.splitlines() if line)
        return {name: "".join(value) for name, *value in lines}

    def refused(self, done, *words, code=1):
        self.assertEqual(done.returncode, code, done.stdout)
        self.assertEqual(done.stdout, "")
        self.assertTrue(done.stderr.startswith("Error: " if code == 1 else "error: "), done.stderr)
        for word in words:
            self.assertIn(word, done.stderr)

    def rpc(self, method, *params):
        answer = self.rpc_answer(method, list(params))
        self.assertNotIn("error", answer)
        return answer["result"]

    def rpc_answer(self, method, params):
        body = json.dumps({"jsonrpc": "2.0", "id": 5, "method": method, "params": params})
        with urllib.request.urlopen(self.ready["rpc"], body.encode()) as reply:
            answer = json.load(reply)
        self.assertEqual((answer["jsonrpc"], answer["id"]), ("2.0", 5))
        return answer

    def nonce(self, who):
        return int(self.rpc("eth_getTransactionCount", who, "latest"), 16)

    def paused(self):
        return self.read("call", self.contract, "paused()(bool)")

    # --- What a runbook does ---

    def test_pausing(self):
        self.sent("setPaused(bool)", "false")
        self.assertEqual(self.paused(), "false")
        nonce = self.nonce(self.owner)
        receipt = self.sent("setPaused(bool)", "true")
        self.assertEqual(self.paused(), "true")
        self.assertEqual(self.nonce(self.owner), nonce + 1)
        self.assertEqual(receipt["status"], "1 (success)")
        self.assertEqual(receipt["from"], self.owner)
        self.assertEqual(receipt["to"], self.contract)
        self.assertEqual(receipt["blockNumber"], self.read("block-number"))
        self.assertRegex(receipt["transactionHash"], "^0x[0-9a-f]{64}$")
        self.assertGreater(int(receipt["gasUsed"]), 21000)

    def test_options_do_what_the_environment_does(self):
        self.sent("setPaused(bool)", "false")
        done = self.cast("send", self.contract, "setPaused(bool)", "true", "--account", "owner",
                         "--password-file", self.ready["password_file"], "-r", self.ready["rpc"],
                         ETH_RPC_URL="")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.paused(), "true")

    def test_a_private_key_is_taken_too(self):
        from eth_account import Account
        password = Path(self.ready["password_file"]).read_text().strip()
        key = Account.decrypt(self.keystore("owner").read_text(), password)
        done = self.cast("send", self.contract, "setPaused(bool)", "true", "--private-key", key.to_0x_hex())
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_fee(self):
        self.sent("setFeeBps(uint256)", "50")
        self.assertEqual(self.read("call", self.contract, "feeBps()(uint256)"), "50")
        self.refused(self.send("setFeeBps(uint256)", "1001"), "execution reverted: SwapEscrow: fee too high")
        self.assertEqual(self.read("call", self.contract, "feeBps()(uint256)"), "50")

    def test_version(self):
        self.assertEqual(self.read("call", self.contract, "VERSION()(string)"), '"1.0.0"')
        self.assertEqual(self.read("--version"), "cast stand-in for tests")

    def test_balance(self):
        before = int(self.read("balance", self.contract))
        self.sent("--value", "3", account="stranger")
        self.assertEqual(int(self.read("balance", self.contract)), before + 3)

    def test_logs(self):
        head = int(self.sent("setFeeBps(uint256)", "7")["blockNumber"])
        self.sent("setPaused(bool)", "true")
        here = ("--address", self.contract)
        fee = self.read("logs", *here, "--from-block", str(head), "--to-block", str(head))
        self.assertIn(f"- address: {self.contract}\n", fee)
        self.assertIn(f"  blockNumber: {head}\n", fee)
        self.assertIn(f"  data: 0x{7:064x}\n", fee)
        self.assertEqual(fee.count("- address"), 1)
        both = self.read("logs", *here, "--from-block", str(head))
        self.assertEqual(both.count("- address"), 2)
        self.assertIn(fee, self.read("logs", *here))
        self.assertEqual(self.read("logs", "FeeChanged(uint256)", "--from-block", str(head)), fee)
        self.assertEqual(self.read("logs", "--address", self.owner), "")

    def test_logs_as_a_runbook_gets_them_wrong(self):
        self.refused(self.cast("logs", "--from-block", "latest-100"), "invalid value 'latest-100'", code=2)
        self.refused(self.cast("logs", self.contract), "invalid string length")

    def test_chain_id(self):
        self.assertEqual(int(self.read("chain-id")), int(self.rpc("eth_chainId"), 16))

    # --- What is refused ---

    def test_a_stranger_changes_nothing(self):
        self.sent("setPaused(bool)", "true")
        before = self.nonce(self.stranger), self.read("block-number")
        self.refused(self.send("setPaused(bool)", "false", account="stranger"),
                     "execution reverted: Ownable: caller is not the owner")
        self.assertEqual(self.paused(), "true")
        self.assertEqual((self.nonce(self.stranger), self.read("block-number")), before)

    def test_included_and_failed(self):
        """With its gas given, nothing is estimated: the chain includes the failure."""
        self.sent("setPaused(bool)", "true")
        receipt = self.sent("setPaused(bool)", "false", "--gas-limit", "100000", account="stranger")
        self.assertEqual(receipt["status"], "0 (failed)")
        self.assertEqual(self.paused(), "true")

    def test_wallets_that_do_not_open(self):
        wrong = self.home / "wrong-password"
        wrong.write_text("not it\n")
        pause = ("setPaused(bool)", "true")
        nonce = self.nonce(self.owner)
        self.refused(self.send(*pause, ETH_PASSWORD=str(wrong)), "Failed to decrypt keystore", "Mac Mismatch")
        self.refused(self.send(*pause, ETH_PASSWORD="/nowhere"), "password file", "does not exist")
        self.refused(self.send(*pause, account="nobody"), "Keystore file", "does not exist")
        self.refused(self.send(*pause, account="", ETH_PASSWORD=""), "Error accessing local wallet")
        self.refused(self.send(*pause, account=""), "--keystore <PATH>", code=2)
        self.assertEqual(self.nonce(self.owner), nonce)

    def test_what_is_not_there(self):
        self.refused(self.cast("call", self.owner, "paused()(bool)"), "does not have any code")
        self.refused(self.cast("call", self.contract, "nothing()(bool)"), "execution reverted")
        self.refused(self.send("nothing()"), "execution reverted")
        self.refused(self.send("setPaused(bool)", "perhaps"), "parser error")
        self.refused(self.cast("balance", "0x12"), "invalid address", code=2)
        self.refused(self.cast("frobnicate"), "unrecognized subcommand", code=2)

    def test_only_signed_transactions(self):
        answer = self.rpc_answer("eth_sendTransaction", [{"from": self.owner, "to": self.contract}])
        self.assertEqual(answer["error"]["code"], -32601)
        nonce = self.nonce(self.owner)
        self.assertIn("error", self.rpc_answer("eth_sendRawTransaction", ["0x" + "5a" * 100]))
        self.assertEqual(self.nonce(self.owner), nonce)

    # --- A chain that misbehaves ---

    def test_unreachable(self):
        with socket.socket() as unused:  # bound and not listening: nobody answers here
            unused.bind(("127.0.0.1", 0))
            url = "http://127.0.0.1:%d" % unused.getsockname()[1]
            message = f"Error: error sending request for url ({url}/)"
            self.refused(self.cast("block-number", "--rpc-url", url), message)
            self.refused(self.send("setPaused(bool)", "true", ETH_RPC_URL=url), message)

    def test_refusing(self):
        self.addCleanup(self.rpc_answer, "test_refuse", {"on": False})
        self.rpc("test_refuse")
        self.refused(self.cast("block-number"), "HTTP error 503")
        self.rpc("test_refuse")
        self.read("block-number")

    def test_slow(self):
        self.addCleanup(self.rpc_answer, "test_setDelay", {"seconds": 0})
        self.rpc_answer("test_setDelay", {"seconds": 0.5})
        start = time.monotonic()
        self.read("block-number")
        self.assertGreaterEqual(time.monotonic() - start, 0.5)

    # --- The server itself ---

    def test_reverts_as_a_node_tells_them(self):
        data = "0x16c38b3c" + "00" * 32  # setPaused(false)
        call = {"from": self.stranger, "to": self.contract, "input": data}
        for method in ("eth_call", "eth_estimateGas"):
            error = self.rpc_answer(method, [call, "latest"])["error"]
            self.assertEqual(error["code"], 3)
            self.assertEqual(error["message"], "execution reverted: Ownable: caller is not the owner")
            self.assertTrue(error["data"].startswith("0x08c379a0"))
            bare = self.rpc_answer(method, [call | {"input": "0x12345678"}, "latest"])["error"]
            self.assertEqual(bare, {"code": 3, "message": "execution reverted", "data": "0x"})

    def test_private_files(self):
        self.assertEqual(json.loads(self.ready_file.read_text()), self.ready)
        for path in (self.ready["password_file"], self.keystore("owner"), self.keystore("stranger")):
            self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)

    def test_stopping(self):
        """While an answer is being held back, which must not hold up the stop."""
        with tempfile.TemporaryDirectory() as home:
            server = subprocess.Popen([sys.executable, HERE / "chain_server.py", "--home", home],
                                      stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            rpc = json.loads(server.stdout.readline())["rpc"]
            for method, params in (("test_setDelay", {"seconds": 60}), ("eth_blockNumber", [])):
                body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
                try:
                    urllib.request.urlopen(rpc, body, timeout=0.5).close()
                except TimeoutError:
                    pass
            server.terminate()
            _, complaints = server.communicate(timeout=10)
            self.assertEqual((server.returncode, complaints), (0, ""))


if __name__ == "__main__":
    unittest.main()
