import com.cloudbees.groovy.cps.Continuable;
import com.cloudbees.groovy.cps.ObjectInputStreamWithLoader;
import com.cloudbees.groovy.cps.Outcome;
import com.cloudbees.groovy.cps.impl.CpsCallableInvocation;
import groovy.lang.Closure;
import groovy.lang.Script;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs a program with Jenkins' own continuations. At every step all that is suspended is written and read back, as a
 * controller does that restarts just then; the program goes on from the copy.
 */
final class Interpreter {
  interface Steps {
    Object run(Call call) throws Throwable;
  }

  /** The program cannot be written down. It may not catch that: on a controller it is over. */
  static final class NotDurable extends Error {
    NotDurable(Exception why) {
      super("the program could not be saved: " + why, why);
    }
  }

  private final ClassLoader classes;
  private final Steps steps;
  private List<Continuable> suspended = new ArrayList<>(); // the innermost body last
  final List<String> mismatches = new ArrayList<>();

  Interpreter(ClassLoader classes, Steps steps) {
    this.classes = classes;
    this.steps = steps;
    // A step that is called from code which the interpreter does not run. It does not fail by itself: it ends that code.
    CpsCallableInvocation.registerMismatchHandler((receiver, expected, actualReceiver, actual) -> {
      // A step of vars/ is a name for that script's method call, and no mismatch.
      if (actual.equals("call") && Build.current().library.variable(expected) != null) return;
      mismatches.add("expected to call " + expected + " but wound up catching " + actual);
    });
  }

  Object run(Script program) throws Throwable {
    return run(new Continuable(program));
  }

  Object run(Closure<?> body) throws Throwable {
    try {
      return body.call(); // not transformed: nothing in it can be a step
    } catch (CpsCallableInvocation invocation) {
      return run(new Continuable(invocation.asBlock()));
    }
  }

  private Object run(Continuable program) throws Throwable {
    int place = suspended.size();
    suspended.add(program);
    try {
      Outcome next = new Outcome(null, null);
      while (true) {
        Outcome outcome = suspended.get(place).run0(next, Continuable.categories);
        if (!suspended.get(place).isResumable()) return outcome.replay();
        try {
          next = new Outcome(steps.run(restart((Call) outcome.getNormal())), null);
        } catch (NotDurable over) {
          throw over;
        } catch (Throwable thrown) {
          next = new Outcome(null, thrown);
        }
      }
    } finally {
      suspended.remove(place);
    }
  }

  /** With the call, whose body shares variables with what is suspended. */
  private Call restart(Call call) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(new Object[] {suspended, call});
    } catch (IOException unwritten) {
      throw new NotDurable(unwritten);
    }
    ByteArrayInputStream saved = new ByteArrayInputStream(bytes.toByteArray());
    try (ObjectInputStream in = new ObjectInputStreamWithLoader(saved, classes)) {
      Object[] read = (Object[]) in.readObject();
      @SuppressWarnings("unchecked")
      List<Continuable> copies = (List<Continuable>) read[0];
      suspended = copies;
      return (Call) read[1];
    } catch (IOException | ClassNotFoundException unread) {
      throw new NotDurable(unread);
    }
  }
}
