import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** The build's log as a reader of it sees it: credentials that are bound are masked, plain and in base64. */
final class Log {
  private final StringBuilder text = new StringBuilder();
  private final List<String> secrets = new ArrayList<>();
  int masked; // how often a secret would have been seen

  void mask(String secret) {
    secrets.add(secret);
    secrets.add(Base64.getEncoder().encodeToString(secret.getBytes(StandardCharsets.UTF_8)));
  }

  void add(String lines) {
    for (String secret : secrets) {
      if (!lines.contains(secret)) continue;
      lines = lines.replace(secret, "****");
      masked++;
    }
    text.append(lines).append(lines.endsWith("\n") ? "" : "\n");
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
