// The step that a platform team gives to all its service teams: gate and deploy in one, from the platform team's own
// repository, with the policy in its resources. A folder holds it like this, beside slogate's own library:
//
//   vars/release.groovy
//   resources/com/acme/release-policy.yaml
//
// What it protects: a service team's repository holds neither the policy, nor the gate's address, nor the deploy. A pull
// request there changes SLOs and nothing else; both libraries are global, so "Replay" cannot edit them.
//
// What it does not: a Jenkinsfile that does not call it. So the credentials `deploy-key` must be out of its reach: see
// "How to require it" in slogate's adapters/jenkins/README.md.
def call(Map given) {
    String service = given.service
    String version = given.version
    String policy = 'slogate/release-policy.yaml'
    stage('Release') {
        // Written anew right before it is read, whatever the steps before have left in the workspace.
        writeFile file: policy, text: libraryResource('com/acme/release-policy.yaml'), encoding: 'UTF-8'
        withCredentials([string(credentialsId: 'prometheus-token', variable: 'PROMETHEUS_TOKEN')]) {
            slogate policy: policy, slos: given.slos, service: service, environment: 'production', version: version
        }
        withCredentials([string(credentialsId: 'deploy-key', variable: 'DEPLOY_KEY')]) {
            withEnv(["SERVICE=${service}", "VERSION=${version}"]) {
                sh 'deploy "$SERVICE" "$VERSION"' // a program of the agents, not of the team's repository
            }
        }
    }
}
