# pragma version 0.4.3
"""
@title SwapEscrow, for tests
@notice Only what a runbook touches: an owner who can pause trading and set the
        fee. There is no escrow in it, so there is nothing to lose.
"""

event Paused:
    paused: bool

event FeeChanged:
    feeBps: uint256

MAX_FEE_BPS: constant(uint256) = 1000

VERSION: public(constant(String[16])) = "1.0.0"
owner: public(address)
paused: public(bool)
feeBps: public(uint256)


@deploy
def __init__():
    self.owner = msg.sender


@internal
@view
def _only_owner():
    # OpenZeppelin's words: the refusal an operator will have seen before.
    assert msg.sender == self.owner, "Ownable: caller is not the owner"


@external
def setPaused(paused: bool):
    self._only_owner()
    self.paused = paused
    log Paused(paused=paused)


@external
def setFeeBps(feeBps: uint256):
    self._only_owner()
    assert feeBps <= MAX_FEE_BPS, "SwapEscrow: fee too high"
    self.feeBps = feeBps
    log FeeChanged(feeBps=feeBps)


@external
@payable
def __default__():
    # Takes ETH from anyone, so that a test can see the balance change. Only ETH:
    # a call to a function that isn't here must fail, not be swallowed.
    assert len(msg.data) == 0
