import groovy.json.JsonOutput;
import groovy.json.JsonSlurper;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Paths;
import java.util.Map;

/** A build for each line of JSON on stdin, a line about it on stdout: a Java machine starts slower than a build runs. */
public final class Jenkins {
  public static void main(String[] arguments) throws Exception {
    PrintStream out = new PrintStream(System.out, true, "UTF-8");
    System.setOut(System.err); // what a script prints past its steps does not get between the answers
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      Map<?, ?> request = (Map<?, ?>) new JsonSlurper().parseText(line);
      out.println(JsonOutput.toJson(new Build(request).run(Paths.get(request.get("jenkinsfile").toString()))));
    }
  }
}
