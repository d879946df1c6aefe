"""Expands a CircleCI configuration as far as the examples need it, and refuses everything else.

Parameters are typed; `<< >>` is replaced once in each text, in the scope in which it stands; a `steps` parameter keeps
the scope of whoever passed it. Orbs come packed.
"""
import re
from dataclasses import dataclass, field

import yaml

SUBSTITUTION = re.compile(r"(?<!\\)<<\s*([\w.-]+)\s*>>")
VARIABLE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
PARAMETER_KEYS = {"type", "description", "default", "enum"}
RUN_KEYS = {"name", "command", "environment", "when"}


class Refused(Exception):
    """What CircleCI would refuse, or what this model does not know."""


def known(mapping, allowed, where):
    if not isinstance(mapping, dict):
        raise Refused(f"{where}: expected keys and values, not {mapping!r}")
    unknown = set(mapping) - set(allowed)
    if unknown:
        raise Refused(f"{where}: unknown {', '.join(sorted(map(str, unknown)))}")
    return mapping


@dataclass
class Bound:
    """Steps with the space that their names belong to; nothing in them is left to replace."""
    steps: list
    space: "Space"


@dataclass
class Step:
    kind: str  # checkout, run, store_test_results or store_artifacts
    name: str
    command: str = ""
    environment: dict = field(default_factory=dict)
    when: str = "on_success"
    path: str = ""


@dataclass
class Job:
    name: str
    steps: list
    environment: dict
    requires: list
    contexts: list
    approval: bool = False  # somebody's click, and nothing to run


def is_of_type(value, declaration):
    kind = declaration["type"]
    return {
        "string": isinstance(value, str),
        "boolean": isinstance(value, bool),
        "integer": isinstance(value, int) and not isinstance(value, bool),
        "enum": value in declaration.get("enum", []),
        "env_var_name": isinstance(value, str) and VARIABLE_NAME.fullmatch(value) is not None,
        "executor": isinstance(value, str),
        "steps": isinstance(value, Bound),
    }[kind]


def text_of(value):
    """A value within a longer text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (str, int)):
        return str(value)
    raise Refused(f"{value!r} cannot stand within a text")


def variable_of(value):
    """A value of `environment`. CircleCI writes booleans as 1 and 0. That it takes off the packer's escape here, as it
    does in commands, nobody has shown: the worse is supposed."""
    if isinstance(value, bool):
        return "1" if value else "0"
    return text_of(value)


def replace(value, scope):
    """`value` with every `<< NAME >>` replaced from `scope`; one that is a whole text keeps its type."""
    if isinstance(value, dict):
        return {key: replace(member, scope) for key, member in value.items()}
    if isinstance(value, list):
        return [replace(member, scope) for member in value]
    if not isinstance(value, str):
        return value

    def look_up(name):
        if name not in scope:
            raise Refused(f"<< {name} >> is not known here")
        return scope[name]

    whole = SUBSTITUTION.fullmatch(value)
    if whole:
        return look_up(whole.group(1))
    return SUBSTITUTION.sub(lambda match: text_of(look_up(match.group(1))), value)


class Space:
    """The commands, jobs, executors and orbs that names in one document mean."""

    def __init__(self, document, registry, where, pipeline=None):
        allowed = {"version", "description", "display", "orbs", "executors", "commands", "jobs", "examples"}
        if pipeline is not None:
            allowed |= {"parameters", "workflows"}
        known(document, allowed, where)
        if str(document.get("version")) != "2.1":
            raise Refused(f"{where}: version must be 2.1")
        self.document, self.where, self.pipeline = document, where, pipeline or {}
        self.orbs = {}
        for name, reference in document.get("orbs", {}).items():
            if reference not in registry:
                raise Refused(f"{where}: there is no orb {reference}")
            self.orbs[name] = Space(yaml.safe_load(registry[reference]), registry, reference)

    def find(self, kind, name):
        """The definition of that name, and the space that it stands in."""
        space, own = self, name
        if "/" in name:
            orb, own = name.split("/", 1)
            space = self.orbs.get(orb)
        if space is None or own not in space.document.get(kind, {}):
            raise Refused(f"{self.where}: {name} is none of its {kind}")
        return space.document[kind][own], space

    def scope(self, declared, given, where):
        """The values of parameters; `given` has nothing left to replace."""
        known(given, declared, where)
        values = dict(self.pipeline)
        for name, declaration in declared.items():
            known(declaration, PARAMETER_KEYS, f"{where}: {name}")
            if name in given:
                value = given[name]
            elif "default" in declaration:
                value = declaration["default"]
                if declaration["type"] == "steps":
                    value = Bound(value, self)
            else:
                raise Refused(f"{where}: {name} is missing")
            if not is_of_type(value, declaration):
                raise Refused(f"{where}: {name} is no {declaration['type']}: {value!r}")
            values[f"parameters.{name}"] = value
        return values

    def arguments(self, declared, given, scope):
        """What a caller passes, with `scope` for what is in it."""
        values = replace(given, scope)
        for name, value in values.items():
            if declared.get(name, {}).get("type") == "steps" and isinstance(value, list):
                values[name] = Bound(value, self)
        return values

    def steps(self, steps, scope):
        for step in steps:
            name, body = (step, {}) if isinstance(step, str) else next(iter(step.items()))
            if not isinstance(step, str) and len(step) != 1:
                raise Refused(f"{self.where}: one step has the keys {', '.join(step)}")
            if name == "steps":
                bound = replace(body, scope)
                yield from bound.space.steps(bound.steps, {})
            elif name == "checkout":
                yield Step("checkout", "Checkout code")
            elif name == "run":
                yield self.run(body, scope)
            elif name in ("store_test_results", "store_artifacts"):
                yield Step(name, name, path=known(replace(body, scope), {"path"}, name)["path"])
            else:
                command, space = self.find("commands", name)
                known(command, {"description", "parameters", "steps"}, name)
                declared = command.get("parameters", {})
                inner = space.scope(declared, self.arguments(declared, body, scope), name)
                yield from space.steps(command["steps"], inner)

    def run(self, body, scope):
        body = known({"command": body} if isinstance(body, str) else body, RUN_KEYS, "run")
        body = replace(body, scope)
        when = body.get("when", "on_success")
        if when not in ("on_success", "on_fail", "always"):
            raise Refused(f"run: when is {when}")
        environment = {key: variable_of(value) for key, value in body.get("environment", {}).items()}
        command = body["command"].replace("\\<<", "<<")
        return Step("run", body.get("name", command), command, environment, when)

    def job(self, name, entry):
        """The job that an entry of a workflow means."""
        if entry.get("type") == "approval":
            known(entry, {"type", "requires"}, name)
            return Job(name, [], {}, entry.get("requires", []), [], approval=True)
        job, space = self.find("jobs", name)
        known(job, {"description", "parameters", "executor", "docker", "environment", "steps"}, name)
        entry = dict(entry)
        title = entry.pop("name", name)
        requires, contexts = entry.pop("requires", []), entry.pop("context", [])
        declared = job.get("parameters", {})
        scope = space.scope(declared, self.arguments(declared, entry, self.pipeline), name)
        if ("executor" in job) == ("docker" in job):
            raise Refused(f"{name}: needs either executor or docker")
        if "executor" in job:
            executor, home = space.find("executors", replace(job["executor"], scope))
            known(executor, {"description", "parameters", "docker"}, "executor")
            replace(executor["docker"], home.scope(executor.get("parameters", {}), {}, "executor"))
        if not all(isinstance(one, str) for one in requires):
            raise Refused(f"{title}: requires names jobs only")
        environment = {key: variable_of(value) for key, value in replace(job.get("environment", {}), scope).items()}
        contexts = [contexts] if isinstance(contexts, str) else contexts
        return Job(title, list(space.steps(job["steps"], scope)), environment, requires, contexts)


def listed(patterns, name):
    """Whether a filter's names or /patterns/ hold this name."""
    for pattern in [patterns] if isinstance(patterns, str) else patterns:
        inner = re.fullmatch(r"/(.*)/", pattern)
        if re.fullmatch(inner.group(1), name) if inner else pattern == name:
            return True
    return False


def passes(filters, branch, tag):
    """Whether a job with these filters runs. One without a filter for tags never runs for a tag."""
    known(filters, {"branches", "tags"}, "filters")
    kind, name = ("tags", tag) if tag else ("branches", branch)
    if kind not in filters:
        return kind == "branches"
    wanted = known(filters[kind], {"only", "ignore"}, kind)
    if "only" in wanted and not listed(wanted["only"], name):
        return False
    return not listed(wanted.get("ignore", []), name)


def truth(value):
    """Whether a condition holds; of its words the examples need none."""
    if isinstance(value, (bool, int, str)):
        return bool(value)
    raise Refused(f"a condition that is {value!r} is not known here")


def load(text, registry, parameters=None, pipeline=None):
    """The jobs that a configuration's workflows run, in their order. `parameters` are those of the pipeline, `pipeline`
    values such as git.branch."""
    document = yaml.safe_load(text)
    values = {f"pipeline.{name}": value for name, value in (pipeline or {}).items()}
    space = Space(document, registry, "config", values)
    declared = document.get("parameters", {})
    for name, value in space.scope(declared, parameters or {}, "pipeline parameters").items():
        space.pipeline[f"pipeline.{name}" if name.startswith("parameters.") else name] = value
    branch, tag = values.get("pipeline.git.branch", ""), values.get("pipeline.git.tag", "")
    jobs = []
    for name, workflow in document["workflows"].items():
        known(workflow, {"jobs", "when", "unless"}, name)
        if not truth(replace(workflow.get("when", True), space.pipeline)):
            continue
        if truth(replace(workflow.get("unless", False), space.pipeline)):
            continue
        for entry in workflow["jobs"]:
            job, body = (entry, {}) if isinstance(entry, str) else next(iter(entry.items()))
            if passes(body.get("filters", {}), branch, tag):
                jobs.append(space.job(job, {key: value for key, value in body.items() if key != "filters"}))
    return jobs
