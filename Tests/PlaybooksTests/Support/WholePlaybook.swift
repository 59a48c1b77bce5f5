/// Every key of the format once, and nothing wrong.
let wholePlaybook = """
  format: 1
  id: test
  name: Everything
  description: Uses every key
  severity: P1
  owner: platform
  tags: [a, 2031]
  review: {last: 2031-05-14, every: 30d}
  when_to_use: [Always]
  kill_switch: {word: PAUSE}
  confirm: RESUME
  inverse: back
  prerequisites: [{id: audit_complete, ask: "Is it complete?"}]
  targets: {contain: 5m, notify: 15m}
  params:
    flag: {type: bool, default: false, ask: "Is it?"}
    name: {type: text, pattern: "[a-z]+", required: true}
    count: {type: integer, min: 1, max: 10, default: 3}
    side: {type: choice, choices: [buy, sell], default: buy}
    watch: {type: duration, default: 30m}
    pin: {type: text, secret: true}
  connections: [database, api, chain, discord]
  schedule: {every: 12h}
  drill: {every: 90d}
  x-note: free
  steps:
    - name: Contain ${params.name}
      description: A group
      target: contain
      critical: false
      parallel:
        - id: change
          name: Change
          when: params.flag and prerequisites.audit_complete
          effect: destructive
          idempotent: true
          exactly_once: true
          emergency: true
          sql:
            connection: database
            run: UPDATE t SET v = $1 WHERE k = $2
            bind: ["${params.name}", 5]
            expect: {rows: {min: 1, max: 3}}
            lock_timeout: 2s
          expect: row_count == 1
          verify:
            sql: {connection: database, run: SELECT v FROM t}
            until: rows[0].v == params.name
            inconclusive: row_count == 0
            every: 500ms
            within: 10s
          register: {changed: row_count}
          retry: {max: 3, every: 5s, backoff: 1.5}
          timeout: 1m
          on_failure: stop
          undo: {playbook: back}
          sensitive: true
        - id: request
          effect: write
          http:
            connection: api
            post: /x/${params.name}
            query: {q: "${params.count}"}
            headers: {X-Trace: "${run.id}"}
            json: {a: [1, true, null, "${params.name}"], b: text}
            status: [200, 201]
            follow: true
          verify: {assert: {that: status == 200, message: "it said ${status}"}}
          undo: {id: take-back, http: {connection: api, delete: /x, body: text}, verify: {assert: {that: "true"}}}
    - if:
        that: vars.changed == 1
        then:
          - id: call
            command:
              run: [cast, call, "${connections.chain.contract}", paused()(bool)]
              env: {ETH_RPC_URL: "${connections.chain.rpc}"}
              cwd: /tmp
              stdin: "${params.name}"
              exit: [0, 1]
              timeout: 2m
            verify:
              command: {run: [date]}
              until: trim(stdout) == "true"
        else:
          - id: script
            effect: read
            shell:
              run: |
                echo "$NAME ${HOME}"
              env: {NAME: "${params.name}"}
              exit: 0
    - id: person
      manual:
        ask: Do it, ${params.name}
        draft: message
        checklist: [One, "Two ${run.environment}"]
        answer: {type: choice, choices: [a, b]}
        confirm: true
    - id: tell
      notify: {connection: discord, template: message}
    - id: pause
      wait: {for: 30s}
    - id: watch
      monitor:
        http: {connection: api, get: /x}
        every: 30s
        for: "${params.watch}"
        fail_when: json.enabled == false
        record: time.total
    - id: sure
      assert: {that: steps.person.answer == "a", message: "${steps.person.answer} is not a"}
    - id: names
      set: {total: params.count + 1}
    - id: other
      playbook: {id: back, with: {count: vars.total}}
    - {id: title, incident: {title: "${params.name} is down"}}
    - {id: how-bad, incident: {classify: true}}
    - {id: call-out, incident: {escalate: on-call-engineer}}
    - {id: help, incident: {suggest: true}}
    - {id: reached, incident: {milestone: mitigated}}
    - {id: later, incident: {follow_up: {title: Write it down, owner: "${params.name}", due: 24h}}}
  handlers:
    success: [{id: on-success, wait: {for: 1s}}]
    failure: [{id: on-failure, wait: {for: 1s}}]
    cancelled: [{id: on-cancelled, wait: {for: 1s}}]
    waiting: [{id: on-waiting, wait: {for: 1s}}]
    always: [{id: on-always, wait: {for: 1s}}]
  """
