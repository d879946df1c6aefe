// The gate as a pipeline step, and what became of the release; slogate.txt is their help. The program decides and phrases.
// This builds its command line, runs it, and puts what it wrote to where Jenkins shows it. No fields: a vars object is shared by a whole build.

import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException

def call(Map given = [:]) {
    Map options = [decision: 'slogate/decision.json'] + given.findAll { name, value -> value != null && value != '' }
    String wrong = mistake(options)
    if (wrong) {
        error("slogate: ${wrong}")
    }
    String decision = options.decision
    String stem = decision.substring(0, decision.length() - '.json'.length())
    Map files = [junit: stem + '.junit.xml', markdown: stem + '.md', headline: stem + '.headline.txt']
    if (options.warningsNg) {
        files['warnings-ng'] = stem + '.warnings.json'
    }

    String program = options.url ? fetched(options.url.toString(), options.sha256.toString()) : 'slogate'
    int code = sh(label: 'slogate check', encoding: 'UTF-8', returnStatus: true, script: script(program, options, files))
    String headline = ''
    published(files.headline) {
        headline = readFile(file: files.headline, encoding: 'UTF-8').trim()
        describe(headline)
    }
    published(decision) {
        archiveArtifacts artifacts: [decision, files.markdown].join(','), allowEmptyArchive: true
    }
    published(files.junit) {
        // Without these two a failed case makes the build unstable: a word that the verdict did not say.
        junit testResults: files.junit, skipMarkingBuildUnstable: true, skipMarkingStageUnstable: true
    }
    if (options.warningsNg) {
        published(files['warnings-ng']) {
            recordIssues tool: issues(pattern: files['warnings-ng'], id: 'slogate', name: 'Release gate')
        }
    }
    if (code != 0) {
        error(words(code, headline))
    }
    return [proceed: !options.dryRun, headline: headline, decision: decision,
            program: program, ledger: options.ledger?.toString() ?: '']
}

// Tells the ledger what became of the release that `gate`, what the step above returned, has let go.
def record(Map gate, String result) {
    if (!(gate?.decision && gate.program)) {
        error('slogate: record takes what the step slogate returned')
    }
    if (!gate.proceed) {
        echo 'slogate: a dry run is not recorded, nor is what became of it'
        return
    }
    // The document is one line of JSON. What others have written stands in its texts, where a quote has a backslash.
    List find = ['sed', '-n', 's/.*[{,]"id":"\\(sha256:[0-9a-f]*\\)".*/\\1/p', gate.decision]
    List words = [gate.program, 'record', "--result=${result}"] + (gate.ledger ? ["--ledger=${gate.ledger}"] : [])
    sh(label: "slogate record ${result}", encoding: 'UTF-8',
       script: "id=\$(${quoted(find)})\nexec ${quoted(words)} \"--decision=\$id\"\n")
}

// No step in here: a loop that is under way when a controller restarts may not be one that can be saved.
private String mistake(Map options) {
    List known = flags().keySet().toList() + ['slos', 'dryRun', 'decision', 'warningsNg', 'url', 'sha256']
    List unknown = options.keySet().findAll { !known.contains(it) }.toList()
    if (unknown) {
        return "unknown parameter ${unknown.join(', ')}; it knows ${known.sort().join(', ')}"
    }
    for (String name in ['dryRun', 'warningsNg']) {
        // The text 'false' is true in Groovy, and would make every check a dry run.
        if (options[name] != null && !(options[name] instanceof Boolean)) {
            return "${name} must be true or false without quotes, not the text '${options[name]}'"
        }
    }
    if (options.url && !options.sha256 || options.sha256 && !options.url) {
        return 'url and sha256 go together: an archive is checked before it runs'
    }
    // The steps that publish read these names as patterns, and only within the workspace.
    if (!(options.decision ==~ '[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*\\.json')) {
        return "decision must be a plain path within the workspace that ends in .json, not '${options.decision}'"
    }
    for (String argument in arguments(options)) {
        if (!(argument ==~ '[^\\p{Cntrl}]*')) {
            return "${argument.substring(0, argument.indexOf('='))} holds a line break or another control character"
        }
    }
    return ''
}

private Map flags() {
    return [policy: '--policy', service: '--service', environment: '--environment', artifact: '--artifact',
            version: '--version', commit: '--commit', change: '--change', ticket: '--ticket', deadline: '--deadline',
            ledger: '--ledger', wait: '--wait', overrideReason: '--override-reason',
            overrideTicket: '--override-ticket', approvedBy: '--approved-by']
}

// Each argument is one --flag=value, so that no value can be read as a flag of its own.
private List arguments(Map options) {
    Map given = flags().findAll { name, flag -> options[name] != null }
    List found = given.collect { name, flag -> "${flag}=${options[name]}".toString() }
    List slos = options.slos instanceof Collection ? options.slos as List : options.slos ? [options.slos] : []
    return found + slos.collect { "--slos=${it}".toString() }
}

private String script(String program, Map options, Map files) {
    List written = [options.decision.toString()] + files.values().toList()
    List command = [program, 'check', '--adapter=jenkins'] + arguments(options) + ['--json=' + options.decision]
    command += files.collect { kind, file -> '--output=' + kind + '=' + file }
    if (options.dryRun) {
        command += '--dry-run'
    }
    // What another build left in the workspace must not be published as this one's.
    return "rm -f -- ${quoted(written)} && mkdir -p -- \"\$(dirname -- ${quoted([options.decision])})\" || exit 2\n" +
        "exec ${quoted(command)}\n"
}

private String quoted(List words) {
    return words.collect { "'" + it.toString().replace("'", "'\\''") + "'" }.join(' ')
}

// The program from a release archive, whose digest the script checks before it unpacks anything.
private String fetched(String url, String sha256) {
    withEnv(["SLOGATE_URL=${url}", "SLOGATE_SHA256=${sha256}", "SLOGATE_FOLDER=${pwd(tmp: true)}/slogate"]) {
        String text = libraryResource('slogate/fetch.sh')
        return sh(label: 'Fetch slogate', encoding: 'UTF-8', returnStdout: true, script: text).trim()
    }
}

// A plugin that is missing, or a full disk of the controller, is told and changes nothing: the exit code decides.
private void published(String file, Closure publish) {
    try {
        if (fileExists(file)) {
            publish()
        }
    } catch (FlowInterruptedException stopped) {
        throw stopped // going on would release what somebody has just stopped
    } catch (Throwable failed) {
        echo "slogate: ${file} could not be published: ${failed.toString().take(300)}"
    }
}

// Under a markup formatter that renders HTML, nothing of the text becomes a tag; under the plain one it stays readable.
private void describe(String headline) {
    String line = headline.replace('<', '‹').replace('>', '›').take(300)
    currentBuild.description = currentBuild.description ? currentBuild.description + '\n' + line : line
}

private String words(int code, String headline) {
    switch (code) {
        case 1: return "Release denied: ${headline ?: 'the log says why'}"
        case 3: return "Release held: ${headline ?: 'the log says why'}"
        case 2: return 'slogate could not check: a usage error or an invalid file, which the log names (exit code 2)'
        case 4: return 'slogate could not record in the ledger, or the ledger does not verify (exit code 4)'
        case 5: return 'slogate failed: an internal error, or the decision could not be written or shown (exit code 5)'
        case 126:
        case 127:
            return "slogate could not be started (exit code ${code}): put it on the agent's PATH, or give url and sha256"
        default: return "slogate ended with exit code ${code}, which is no verdict: killed, or the agent was lost"
    }
}
