extension StartingPlaybook {
  /// Notes what runs, brings the new version out, and proves that it answers.
  var deployment: String {
    #"""
    format: 1
    id: \#(id)
    name: \#(name)
    description: TODO - what it brings out, and to whom
    owner: # who keeps it correct
    tags: [deployment]
    review: {last: , every: 30d} # the day somebody last read it through: 2031-05-14
    when_to_use: ["TODO - what has to be so before"]
    confirm: DEPLOY # the word that destructive steps ask for

    prerequisites: # without all of them it does not begin (exit 77)
      - {id: tried_on_staging, ask: "Did this very version work on staging?"}

    params:
      version: {type: text, required: true, pattern: "[0-9A-Za-z.+-]+", ask: "Which version must answer afterwards?"}
      watch: {type: duration, default: 30m, ask: "How long to watch it afterwards?"} # a param, so that a drill can be short

    connections: [api] # what they are stands in environments/NAME.yaml

    steps: # in this order; the first failure stops
      - id: before
        name: What answers now
        http: {connection: api, get: /health}
        verify: {assert: {that: status == 200}}
        register: {before: 'default(json.version, "unknown")'}

      - id: deploy
        name: "Deploy ${params.version}, over ${default(vars.before, '?')}"
        effect: destructive
        timeout: 30m
        command: # no shell; secrets go through env, never through arguments
          run: [deploy-tool, --wait, "${params.version}"]
        verify: # exit code 0 is what the tool thinks; this is what users get
          http: {connection: api, get: /health}
          until: default(json.version, "") == params.version
          every: 2s
          within: 1m
        undo: # only offered, never done by itself
          id: roll-back
          name: Back to the version before
          command: {run: [deploy-tool, --wait, "${vars.before}"]}
          timeout: 30m
          verify:
            http: {connection: api, get: /health}
            until: default(json.version, "") == vars.before
            every: 2s
            within: 1m

      - id: watch
        name: TODO - what must stay good
        monitor: # stops early when fail_when holds
          http: {connection: api, get: /health, status: [200, 500, 502, 503, 504]}
          every: 10s
          for: "${params.watch}"
          fail_when: status != 200
    """#
  }
}
