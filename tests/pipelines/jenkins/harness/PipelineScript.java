import com.cloudbees.groovy.cps.Continuable;
import com.cloudbees.groovy.cps.SerializableScript;
import groovy.lang.GroovyObject;
import groovy.lang.MissingPropertyException;
import org.codehaus.groovy.runtime.InvokerHelper;

/** The class of every Jenkinsfile and of every script in vars/: names that it does not define are steps. */
public abstract class PipelineScript extends SerializableScript {
  private static final long serialVersionUID = 1;

  @Override
  public Object invokeMethod(String name, Object arguments) {
    Build build = Build.current();
    GroovyObject step = build.library.variable(name);
    // Through the metaclass, which throws the invocation that the interpreter then runs step by step.
    if (step != null) return InvokerHelper.getMetaClass(step).invokeMethod(step, "call", arguments);
    if (!build.knows(name)) {
      throw new NoSuchMethodError("No such DSL method '" + name + "' found among steps " + build.names());
    }
    return Continuable.suspend(name, new Call(name, InvokerHelper.asArray(arguments)));
  }

  @Override
  public Object getProperty(String name) {
    Build build = Build.current();
    if (name.equals("binding")) return super.getProperty(name);
    if (build.library.variable(name) != null) return build.library.variable(name);
    Object found = build.global(name);
    if (found != null) return found;
    throw new MissingPropertyException(name, getClass());
  }

  @Override
  public void setProperty(String name, Object value) {
    Build.current().assign(name, value);
  }
}
