import groovy.lang.Closure;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;

/** A step that the program asks for: one value or named parameters, and perhaps a body. */
final class Call implements Serializable {
  private static final long serialVersionUID = 1;
  final String name;
  final Object[] arguments;

  Call(String name, Object[] arguments) {
    this.name = name;
    this.arguments = arguments;
  }

  Closure<?> body() {
    Object last = arguments.length == 0 ? null : arguments[arguments.length - 1];
    return last instanceof Closure ? (Closure<?>) last : null;
  }

  boolean hasValue() {
    return arguments.length > 0 && !(arguments[0] instanceof Closure) && !(arguments[0] instanceof Map);
  }

  String value() {
    if (!hasValue()) throw new IllegalArgumentException("the step " + name + " takes a value");
    return arguments[0].toString();
  }

  Map<?, ?> named() {
    return arguments.length > 0 && arguments[0] instanceof Map ? (Map<?, ?>) arguments[0] : Collections.emptyMap();
  }

  /** The parameter of that name; `sole` is the one that may also be given without its name. */
  Object get(String parameter, String sole) {
    return parameter.equals(sole) && hasValue() ? arguments[0] : named().get(parameter);
  }

  String text(String parameter, String sole) {
    Object found = get(parameter, sole);
    if (found == null) throw new IllegalArgumentException(name + ": missing parameter " + parameter);
    return found.toString();
  }

  boolean is(String parameter) {
    Object found = named().get(parameter);
    if (found == null) return false;
    if (found instanceof Boolean) return (Boolean) found;
    throw new IllegalArgumentException(name + ": " + parameter + " is no boolean");
  }

  /** Jenkins refuses a parameter that a step does not have. */
  Call only(String... parameters) {
    for (Object parameter : named().keySet()) {
      if (!Arrays.asList(parameters).contains(parameter)) {
        throw new IllegalArgumentException("Unknown parameter '" + parameter + "' for the step " + name);
      }
    }
    return this;
  }
}
