extension StartingPlaybook {
  /// A kill switch: one word starts it, every step runs whatever failed before it.
  var emergency: String {
    #"""
    format: 1
    id: \#(id)
    name: \#(name)
    description: TODO - what it stops, in one sentence
    severity: P0
    owner: # who keeps it correct
    tags: [emergency]
    review: {last: , every: 30d} # the day somebody last read it through: 2031-05-14
    when_to_use: ["TODO - the sign by which a tired person knows that this is the right one"]
    kill_switch: {word: \#(word)} # what has to be typed; makes it a target of `andon pull`
    # inverse: the id of the playbook that takes this one back
    targets: {contain: 5m} # a clock from "detected": shown and judged, never a limit

    connections: [database, api] # what they are stands in environments/NAME.yaml

    steps:
      - name: Contain
        target: contain # when every step in here is verified, the incident counts as mitigated
        parallel: # together, so that one that hangs does not hold the others up
          - id: switch-off
            name: TODO - what is switched off
            effect: destructive # `andon run` asks for the word before it
            idempotent: true # repeating it does no harm: it may be tried again
            sql:
              connection: database
              run: UPDATE trades_config SET value = 'false' WHERE key = 'SOME_SWITCH'
              expect: {rows: 1} # any other count is rolled back
              lock_timeout: 2s
            verify: # done means verified: read back, not believed
              sql: {connection: database, run: SELECT value FROM trades_config WHERE key = 'SOME_SWITCH'}
              until: rows[0].value == "false"
              every: 500ms
              within: 10s
            undo: # shown where a decision is due, never done by itself
              id: switch-on
              name: Switch it on again
              sql:
                connection: database
                run: UPDATE trades_config SET value = 'true' WHERE key = 'SOME_SWITCH'
                expect: {rows: 1}
              verify:
                sql: {connection: database, run: SELECT value FROM trades_config WHERE key = 'SOME_SWITCH'}
                until: rows[0].value == "true"

      - id: seen-from-outside
        name: TODO - what users see now
        http: {connection: api, get: /trades}
        verify: # asked again: a cache may hold the old answer for a moment
          http: {connection: api, get: /trades}
          until: json.enabled == false
          every: 500ms
          within: 10s

      - id: tell-people
        name: Tell whoever has to know
        critical: false # its failure does not fail the run
        manual:
          ask: TODO - who is told, where, and what
          answer: {type: text}
    """#
  }
}
