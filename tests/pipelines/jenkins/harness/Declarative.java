import groovy.lang.Closure;
import hudson.AbortException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A declarative pipeline, collected section by section and then run. It takes the sections that the examples use; a
 * variable of the script that one stage sets is not seen by the next.
 */
final class Declarative {
  private static final Map<String, List<String>> SECTIONS = new HashMap<>();

  static {
    SECTIONS.put("pipeline", Arrays.asList("agent", "options", "parameters", "environment", "stages"));
    SECTIONS.put("options", Arrays.asList("disableConcurrentBuilds", "disableRestartFromStage", "timeout"));
    SECTIONS.put("parameters", Arrays.asList("booleanParam", "string"));
    SECTIONS.put("environment", Arrays.asList());
    SECTIONS.put("stages", Arrays.asList("stage"));
    SECTIONS.put("stage", Arrays.asList("environment", "steps", "when"));
    SECTIONS.put("when", Arrays.asList("branch"));
  }

  private final Build build;
  private String section; // being collected, or null
  private List<Call> collected;

  Declarative(Build build) {
    this.build = build;
  }

  boolean collects() {
    return section != null;
  }

  boolean knows(String name) {
    return SECTIONS.get(section).contains(name);
  }

  Object collect(Call call) {
    collected.add(call);
    return null;
  }

  boolean assign(String name, Object value) {
    if (!"environment".equals(section)) return false;
    build.environment.put(name, value.toString());
    return true;
  }

  private List<Call> collect(String name, Closure<?> body) throws Throwable {
    String outer = section;
    List<Call> before = collected, mine = new ArrayList<>();
    section = name;
    collected = mine;
    try {
      build.interpreter.run(body);
    } finally {
      section = outer;
      collected = before;
    }
    return mine;
  }

  Object run(Call pipeline) throws Throwable {
    Map<String, Call> sections = named(collect("pipeline", pipeline.body()));
    for (String needed : new String[] {"agent", "stages"}) {
      if (!sections.containsKey(needed)) throw new AbortException("Missing required section '" + needed + "'");
    }
    if (sections.containsKey("options")) collect("options", sections.get("options").body());
    if (sections.containsKey("parameters")) {
      for (Call parameter : collect("parameters", sections.get("parameters").body())) {
        parameter.only("name", "defaultValue", "description");
        build.parameters.putIfAbsent(parameter.text("name", null), parameter.named().get("defaultValue"));
      }
    }
    if (sections.containsKey("environment")) collect("environment", sections.get("environment").body());
    for (Call stage : collect("stages", sections.get("stages").body())) runStage(stage);
    return null;
  }

  private void runStage(Call stage) throws Throwable {
    Map<String, Call> sections = named(collect("stage", stage.body()));
    if (!sections.containsKey("steps")) throw new AbortException("Missing required section 'steps'");
    if (sections.containsKey("when")) {
      for (Call condition : collect("when", sections.get("when").body())) {
        if (condition.value().equals(build.environment.get("BRANCH_NAME"))) continue;
        build.log.add("Stage \"" + stage.value() + "\" skipped due to when conditional");
        return;
      }
    }
    Map<String, Object> before = new TreeMap<>(build.environment);
    if (sections.containsKey("environment")) collect("environment", sections.get("environment").body());
    build.interpreter.run(sections.get("steps").body());
    build.environment.clear();
    build.environment.putAll(before);
  }

  private static Map<String, Call> named(List<Call> calls) throws AbortException {
    Map<String, Call> found = new HashMap<>();
    for (Call call : calls) {
      if (found.put(call.name, call) != null) throw new AbortException("Multiple occurrences of '" + call.name + "'");
    }
    return found;
  }
}
