package dev.turnout.app.quickstart.scenario;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A simulated LLM: what it costs, how long it takes and what it is good at.
 *
 * @param skills domain to probability of success on an English query of middling difficulty, 0..1
 * @param languages language to factor on that probability
 * @param otherLanguages factor for languages not named
 */
public record ScenarioSkills(
    String id,
    String description,
    double inputUsdPerMillionTokens,
    double outputUsdPerMillionTokens,
    double expectedOutputTokens,
    double expectedLatencyMs,
    long contextWindow,
    List<String> capabilities,
    Map<String, Double> skills,
    Map<String, Double> languages,
    double otherLanguages) {

  private static final String RESOURCE = "/quickstart/llms.json";
  private static final double LOWEST = 0.02;
  private static final double HIGHEST = 0.98;

  public ScenarioSkills {
    capabilities = List.copyOf(capabilities);
    skills = Map.copyOf(skills);
    languages = Map.copyOf(languages);
  }

  /** The simulated LLMs that come with the program. */
  public static List<ScenarioSkills> all() {
    try (InputStream in =
        Objects.requireNonNull(ScenarioSkills.class.getResourceAsStream(RESOURCE), RESOURCE)) {
      return new ObjectMapper().readValue(in, new TypeReference<List<ScenarioSkills>>() {});
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + RESOURCE + " from the program's jar", e);
    }
  }

  /**
   * Probability of success, 0..1.
   *
   * @throws IllegalArgumentException if the profile does not state the domain
   */
  public double success(String domain, String language) {
    Double skill = skills.get(domain);
    if (skill == null) {
      throw new IllegalArgumentException(
          "simulated LLM " + id + " states no skill in domain \"" + domain + "\"");
    }
    double factor = languages.getOrDefault(language, otherLanguages);
    return Math.min(HIGHEST, Math.max(LOWEST, skill * factor));
  }

  /** Expected cost of an answer to a prompt of so many tokens, in USD. */
  public double costUsd(double promptTokens) {
    return (promptTokens * inputUsdPerMillionTokens
            + expectedOutputTokens * outputUsdPerMillionTokens)
        / 1e6;
  }
}
