import com.cloudbees.groovy.cps.CpsTransformer;
import com.cloudbees.groovy.cps.NonCPS;
import com.cloudbees.groovy.cps.TransformerConfiguration;
import groovy.lang.GroovyObject;
import groovy.lang.GroovyShell;
import groovy.lang.Script;
import hudson.AbortException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.codehaus.groovy.control.CompilerConfiguration;
import org.codehaus.groovy.control.customizers.ImportCustomizer;

/** What the global libraries offer, vars/ as steps and resources/ as text; and the one compiler of all scripts. */
final class Library {
  private final List<Path> folders;
  private final Map<String, Script> variables = new HashMap<>();
  private final GroovyShell shell;

  Library(List<Path> folders) throws IOException {
    this.folders = folders;
    CompilerConfiguration compiler = new CompilerConfiguration();
    compiler.setScriptBaseClass(PipelineScript.class.getName());
    compiler.setSourceEncoding("UTF-8");
    ImportCustomizer imports = new ImportCustomizer();
    imports.addImports(NonCPS.class.getName());
    imports.addImport("Library", LibraryAnnotation.class.getName());
    CpsTransformer transformer = new CpsTransformer();
    transformer.setConfiguration(new TransformerConfiguration());
    compiler.addCompilationCustomizers(imports, transformer);
    shell = new GroovyShell(Library.class.getClassLoader(), compiler);
    for (Path folder : folders) {
      try (Stream<Path> files = Files.list(folder.resolve("vars"))) {
        for (Path file : (Iterable<Path>) files.filter(file -> file.toString().endsWith(".groovy"))::iterator) {
          variables.put(file.getFileName().toString().replace(".groovy", ""), parse(file));
        }
      }
    }
  }

  ClassLoader classes() {
    return shell.getClassLoader();
  }

  GroovyObject variable(String name) {
    return variables.get(name);
  }

  Script parse(Path file) throws IOException {
    String name = file.getFileName().toString();
    String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    return shell.parse(text, name.endsWith(".groovy") ? name : "WorkflowScript.groovy");
  }

  /** As Jenkins since 2022: what a link outside the library's resources names is refused. */
  String resource(String name) throws IOException {
    List<Path> found = new ArrayList<>();
    for (Path folder : folders) {
      Path resources = folder.resolve("resources").toFile().getCanonicalFile().toPath();
      Path file = resources.resolve(name).toFile().getCanonicalFile().toPath();
      if (!file.startsWith(resources)) {
        throw new AbortException(name + " references a file that is not contained within the library");
      }
      if (Files.exists(file)) found.add(file);
    }
    if (found.size() != 1) {
      throw new AbortException((found.isEmpty() ? "No such" : "Ambiguous") + " library resource " + name);
    }
    return new String(Files.readAllBytes(found.get(0)), StandardCharsets.UTF_8);
  }
}
