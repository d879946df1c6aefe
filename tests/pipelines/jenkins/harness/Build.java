import groovy.json.JsonSlurper;
import groovy.lang.MissingPropertyException;
import hudson.AbortException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.Set;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.w3c.dom.Document;
import org.xml.sax.helpers.DefaultHandler;

/** One build: runs a Jenkinsfile and answers its steps. What a step does not know, it refuses. */
final class Build {
  private static final List<String> STEPS = Arrays.asList("archiveArtifacts", "checkout", "echo", "error", "fileExists",
      "input", "issues", "junit", "libraryResource", "node", "pipeline", "pwd", "readFile", "recordIssues", "script", "sh", "stage",
      "string", "timeout", "usernamePassword", "withCredentials", "withEnv", "writeFile");
  private static Build current;

  final Library library;
  final Map<String, Object> environment = new TreeMap<>();
  final Map<String, Object> parameters = new TreeMap<>();
  final Map<String, Object> shown = new TreeMap<>(); // currentBuild
  final Log log = new Log();
  final Declarative declarative = new Declarative(this);
  final Interpreter interpreter;
  private final Map<?, ?> credentials;
  private final Map<?, ?> answers; // by the question's id, who answered; null where the plugin is too old to say it
  private final Map<?, ?> groups;
  private final List<?> starters;
  private final List<?> missing;
  private final Object stopAt;
  private final Path workspace;
  private final long start = System.currentTimeMillis() / 1000 * 1000; // as coarse as a file's time may be
  private final Set<String> archived = new TreeSet<>(), tested = new TreeSet<>(), issues = new TreeSet<>();
  private String result = "SUCCESS";

  static Build current() {
    return current;
  }

  Build(Map<?, ?> request) throws IOException {
    current = this;
    workspace = Paths.get(request.get("workspace").toString());
    List<Path> folders = new ArrayList<>();
    for (Object folder : (List<?>) request.get("libraries")) folders.add(Paths.get(folder.toString()));
    ((Map<?, ?>) request.get("environment")).forEach((name, value) -> environment.put(name.toString(), value));
    ((Map<?, ?>) request.get("parameters")).forEach((name, value) -> parameters.put(name.toString(), value));
    credentials = (Map<?, ?>) request.get("credentials");
    answers = (Map<?, ?>) request.get("answers");
    groups = (Map<?, ?>) request.get("groups");
    starters = (List<?>) request.get("starters");
    missing = (List<?>) request.get("missing");
    stopAt = request.get("stop_at");
    library = new Library(folders);
    interpreter = new Interpreter(library.classes(), this::step);
  }

  /** Runs it to its end; what came of it, for the test. */
  Map<String, Object> run(Path jenkinsfile) {
    try {
      interpreter.run(library.parse(jenkinsfile));
    } catch (FlowInterruptedException stopped) {
      result = "ABORTED";
    } catch (Throwable failed) {
      result = "FAILURE";
      log.add(failed instanceof AbortException ? "ERROR: " + failed.getMessage() : failed.toString());
    }
    Map<String, Object> report = new HashMap<>();
    report.put("result", result);
    report.put("log", log.toString());
    report.put("masked", log.masked);
    report.put("description", shown.get("description"));
    report.put("archived", archived);
    report.put("tested", tested);
    report.put("issues", issues);
    report.put("mismatches", interpreter.mismatches);
    return report;
  }

  boolean knows(String name) {
    return declarative.collects() ? declarative.knows(name) : STEPS.contains(name) && !missing.contains(name);
  }

  List<String> names() {
    return STEPS;
  }

  Object global(String name) {
    if (Arrays.asList("env", "params", "currentBuild").contains(name)) return new Global(name);
    if (name.equals("scm") || Arrays.asList("any", "none").contains(name) && declarative.collects()) return name;
    return environment.get(name); // a variable of the environment may be named without env
  }

  void assign(String name, Object value) {
    if (!declarative.assign(name, value)) throw new MissingPropertyException(name, PipelineScript.class);
  }

  private Object step(Call call) throws Throwable {
    if (declarative.collects()) return declarative.collect(call);
    if (call.name.equals(stopAt)) throw new FlowInterruptedException();
    switch (call.name) {
      case "pipeline": return declarative.run(call);
      case "node":
      case "script":
      case "stage": return interpreter.run(call.body());
      case "timeout": return interpreter.run(call.only("time", "unit").body());
      case "checkout": return null; // the test has filled the workspace
      case "echo": log.add(call.value()); return null;
      case "error": throw new AbortException(call.value());
      case "pwd": return call.only("tmp").is("tmp") ? temporary().toString() : workspace.toString();
      case "fileExists": return Files.exists(file(call.text("file", "file")));
      case "readFile": return read(file(call.only("file", "encoding").text("file", "file")));
      case "writeFile": return write(call.only("file", "text", "encoding"));
      case "libraryResource": return library.resource(call.only("resource", "encoding").text("resource", "resource"));
      case "sh": return sh(call.only("script", "label", "encoding", "returnStatus", "returnStdout"));
      case "withEnv": return withEnv(call);
      case "withCredentials": return withCredentials(call);
      case "input": return input(call.only("id", "message", "ok", "submitter", "submitterParameter"));
      case "usernamePassword":
        return new HashMap<>(call.only("credentialsId", "usernameVariable", "passwordVariable").named());
      case "string": return new HashMap<>(call.only("credentialsId", "variable").named());
      case "issues": return new HashMap<>(call.only("pattern", "id", "name").named());
      case "archiveArtifacts": return archive(call.only("artifacts", "allowEmptyArchive"));
      case "junit": return junit(call.only("testResults", "skipMarkingBuildUnstable", "skipMarkingStageUnstable"));
      case "recordIssues": return recordIssues(call.only("tool"));
      default: throw new IllegalStateException(call.name);
    }
  }

  private Path file(String name) {
    return workspace.resolve(name);
  }

  private Path temporary() throws IOException {
    return Files.createDirectories(Paths.get(workspace + "@tmp"));
  }

  private static String read(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }

  private Object write(Call call) throws IOException {
    Path file = file(call.text("file", null));
    Files.createDirectories(file.getParent());
    Files.write(file, call.text("text", null).getBytes(StandardCharsets.UTF_8));
    return null;
  }

  private Object sh(Call call) throws Exception {
    boolean status = call.is("returnStatus"), output = call.is("returnStdout");
    if (status && output) throw new IllegalArgumentException("you can't provide both returnStdout and returnStatus");
    String text = call.text("script", "script");
    Path script = Files.createTempFile(temporary(), "script", ".sh");
    Path caught = Files.createTempFile(temporary(), "output", ".txt");
    Files.write(script, text.getBytes(StandardCharsets.UTF_8));
    script.toFile().setExecutable(true);
    ProcessBuilder process = new ProcessBuilder("sh", "-xe", script.toString());
    if (text.startsWith("#!")) process.command(script.toString());
    process.directory(workspace.toFile()).redirectErrorStream(!output);
    process.redirectInput(new File("/dev/null"));
    if (output) process.redirectOutput(caught.toFile());
    process.environment().clear();
    parameters.forEach((name, value) -> process.environment().put(name, value.toString()));
    environment.forEach((name, value) -> process.environment().put(name, value.toString()));
    Process running = process.start();
    byte[] said = (output ? running.getErrorStream() : running.getInputStream()).readAllBytes();
    int code = running.waitFor();
    log.add(new String(said, StandardCharsets.UTF_8));
    if (status) return code;
    if (code != 0) throw new AbortException("script returned exit code " + code);
    return output ? read(caught) : null;
  }

  private Object within(Map<String, String> added, Call call) throws Throwable {
    Map<String, Object> before = new TreeMap<>(environment);
    environment.putAll(added);
    try {
      return interpreter.run(call.body());
    } finally {
      environment.clear();
      environment.putAll(before);
    }
  }

  private Object withEnv(Call call) throws Throwable {
    Map<String, String> added = new HashMap<>();
    for (Object one : (List<?>) call.arguments[0]) {
      String[] pair = one.toString().split("=", 2);
      added.put(pair[0], pair[1]);
    }
    return within(added, call);
  }

  private Object withCredentials(Call call) throws Throwable {
    Map<String, String> added = new HashMap<>();
    for (Object one : (List<?>) call.arguments[0]) {
      Map<?, ?> binding = (Map<?, ?>) one;
      Object secret = credentials.get(binding.get("credentialsId"));
      if (secret == null) {
        throw new AbortException("Could not find credentials entry with ID '" + binding.get("credentialsId") + "'");
      }
      log.mask(secret.toString());
      if (binding.containsKey("variable")) {
        added.put(binding.get("variable").toString(), secret.toString());
      } else {
        added.put(binding.get("usernameVariable").toString(), binding.get("credentialsId").toString());
        added.put(binding.get("passwordVariable").toString(), secret.toString());
      }
    }
    return within(added, call);
  }

  /** As the causes of kind UserIdCause are shown to a program. */
  List<Map<String, String>> starters() {
    List<Map<String, String>> causes = new ArrayList<>();
    for (Object user : starters) {
      Map<String, String> cause = new HashMap<>();
      cause.put("userId", user == null ? null : user.toString());
      causes.add(cause);
    }
    return causes;
  }

  /** What nobody answers is stopped. With submitterParameter alone the submitter comes bare, not in a map. */
  private Object input(Call call) throws Exception {
    String id = call.text("id", null);
    if (!answers.containsKey(id)) throw new FlowInterruptedException();
    Object by = answers.get(id);
    Object wanted = call.named().get("submitter");
    if (by != null && wanted != null && !wanted.equals(by) && !((List<?>) groups.get(wanted)).contains(by)) {
      throw new AbortException(by + " may not answer " + id);
    }
    log.add(by == null ? "Approved" : "Approved by " + by);
    return call.named().containsKey("submitterParameter") ? by : null;
  }

  private Object archive(Call call) throws IOException {
    for (String name : call.text("artifacts", "artifacts").split(",")) {
      if (Files.exists(file(name))) archived.add(name);
      else if (!call.is("allowEmptyArchive")) throw new AbortException("No artifacts found that match " + name);
    }
    return null;
  }

  /** As the plugin: a file from before the build, or none, is an error, and a failed case makes the build unstable. */
  private Object junit(Call call) throws Exception {
    String name = call.text("testResults", "testResults");
    Path file = file(name);
    if (!Files.exists(file)) throw new AbortException("No test report files were found. Configuration error?");
    if (Files.getLastModifiedTime(file).toMillis() < start) {
      throw new AbortException("Test reports were found but none of them are new.");
    }
    DocumentBuilder reader = DocumentBuilderFactory.newInstance().newDocumentBuilder();
    reader.setErrorHandler(new DefaultHandler()); // which throws, and does not print
    Document report = reader.parse(file.toFile());
    int cases = report.getElementsByTagName("testcase").getLength();
    if (cases == 0) throw new AbortException("None of the test reports contained any result");
    tested.add(name);
    int failed = report.getElementsByTagName("failure").getLength() + report.getElementsByTagName("error").getLength();
    if (failed > 0 && !call.is("skipMarkingBuildUnstable")) result = "UNSTABLE";
    return null;
  }

  private Object recordIssues(Call call) throws IOException {
    String name = ((Map<?, ?>) call.named().get("tool")).get("pattern").toString();
    Map<?, ?> read = (Map<?, ?>) new JsonSlurper().parseText(read(file(name)));
    if (!(read.get("issues") instanceof List)) throw new AbortException(name + " holds no issues");
    issues.add(name);
    return null;
  }
}
