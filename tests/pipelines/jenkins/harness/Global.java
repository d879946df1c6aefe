import groovy.lang.GroovyObjectSupport;
import groovy.lang.MissingPropertyException;
import java.io.Serializable;
import java.util.Map;

/** env, params and currentBuild: names that a program may keep across a restart, so they hold nothing themselves. */
final class Global extends GroovyObjectSupport implements Serializable {
  private static final long serialVersionUID = 1;
  private final String name;

  Global(String name) {
    this.name = name;
  }

  @Override
  public Object getProperty(String property) {
    return values().get(property); // as in Jenkins null where there is none
  }

  @Override
  public void setProperty(String property, Object value) {
    boolean settable = name.equals("env") || name.equals("currentBuild") && property.equals("description");
    if (!settable) throw new MissingPropertyException(property, getClass());
    values().put(property, value == null ? null : value.toString());
  }

  /** Who or what started the build; the tests know of people alone. */
  public Object getBuildCauses(String kind) {
    if (!name.equals("currentBuild") || !kind.equals("hudson.model.Cause$UserIdCause")) {
      throw new IllegalArgumentException(name + " has no causes of the kind " + kind);
    }
    return Build.current().starters();
  }

  private Map<String, Object> values() {
    Build build = Build.current();
    return name.equals("env") ? build.environment : name.equals("params") ? build.parameters : build.shown;
  }
}
