package dev.turnout.app.quickstart.scenario;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * One query of the sample that comes with the program. Only the simulated LLMs see domain and
 * language; the router sees the text.
 *
 * @param domain what it is about, e.g. {@code maths}
 * @param language ISO 639-1 code
 */
public record SampleQuery(String id, String domain, String language, String text) {

  private static final String RESOURCE = "/quickstart/queries.jsonl";

  /** All of the sample, in file order, which is shuffled over domains and languages. */
  public static List<SampleQuery> all() {
    ObjectMapper mapper = new ObjectMapper();
    List<SampleQuery> queries = new ArrayList<>();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(SampleQuery.class.getResourceAsStream(RESOURCE), RESOURCE),
                StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        queries.add(mapper.readValue(line, SampleQuery.class));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + RESOURCE + " from the program's jar", e);
    }
    return List.copyOf(queries);
  }
}
