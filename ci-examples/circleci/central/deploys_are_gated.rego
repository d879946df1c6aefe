# A config policy of the organisation (`circleci policy push`, by its security team): only the job `deploy` of the orb
# acme/release, in its newest version 1 and with no steps put around it, may use the context that holds the credentials
# of a deploy; and only its job `override`, likewise, the one whose login may also write approvals into the ledger.
#
# What it protects: a team cannot leave the gate out, put steps before it, or pin a version with an older policy. Steps
# after it count, too: with `when: always` they would run in spite of a deny. Versions such as @dev:… can be changed by
# every member of the organisation.
#
# What it does not: variables of a project instead of a context, credentials that are kept elsewhere, and whoever may
# change this policy. Let CircleCI also refuse to give these contexts to a rerun with SSH.
package org

import future.keywords

policy_name["deploys_are_gated"]

enable_hard["deploys_are_gated"]

guarded := {"deploy-production": "deploy", "deploy-override": "override"}

# The job that may use a context; of a name that is only known when the pipeline runs, none.
job_for(context) := guarded[context]

job_for(context) := "of its context" if not guarded[context]

# Each use of a context, wherever it stands. A name that is only known when the pipeline runs may be any.
uses[[path, context]] {
	[path, value] := walk(input)
	path[count(path) - 1] == "context"
	names := {name | name := value} | {name | some name in value}
	some context in names
	is_string(context)
	some sign in object.keys(guarded) | {"<<"}
	contains(context, sign)
}

gated(path, context) if {
	["workflows", _, "jobs", _, name, "context"] = path
	[alias, own] = split(name, "/")
	own == guarded[context]
	input.orbs[alias] == "acme/release@1"
	job := input.workflows[path[1]].jobs[path[3]][name]
	not "pre-steps" in object.keys(job)
	not "post-steps" in object.keys(job)
}

deploys_are_gated[why] {
	some [path, context] in uses
	not gated(path, context)
	place := concat(".", [sprintf("%v", [part]) | some part in path])
	rule := "of acme/release@1 alone, without pre-steps and post-steps"
	why := sprintf("%s: the context %s is for the job %s %s", [place, context, job_for(context), rule])
}
