package hudson;

/** What a step throws to fail a build without a stack trace: the name is Jenkins'. */
public class AbortException extends java.io.IOException {
  public AbortException(String message) {
    super(message);
  }
}
