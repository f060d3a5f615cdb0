package dev.turnout.llm;

import dev.turnout.schema.Query;
import dev.turnout.schema.RoutedRequest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * An LLM that is not there: answers as its {@link SkillProfile} says, after the profile's latency.
 * A query whose metadata holds {@value #EXPECTED} is answered with exactly that when the profile
 * says that the LLM succeeds, and with something else when not.
 */
public final class SimulatedLlmClient implements LlmClient {

  /** Key of a query's metadata that holds the expected answer. */
  public static final String EXPECTED = "expected";

  /** Letters of English text in one token, about. */
  private static final int LETTERS_PER_TOKEN = 4;

  private final SkillProfile profile;
  private final long seed;
  private final double timeScale;

  /**
   * A simulated LLM.
   *
   * @param seed the graders' seed
   * @param timeScale what the latency is multiplied with before waiting: 1 waits as long as the
   *     profile says, 0 not at all; the reported latency is always the profile's
   */
  public SimulatedLlmClient(SkillProfile profile, long seed, double timeScale) {
    this.profile = profile;
    this.seed = seed;
    this.timeScale = timeScale;
  }

  @Override
  public CompletableFuture<Completion> complete(RoutedRequest request) {
    Query query = request.getQuery();
    String domain = query.getMetadata().getOrDefault(SkillProfile.DOMAIN, "");
    boolean succeeds = profile.succeeds(query.getId(), domain, seed);
    long promptTokens = Math.max(1, query.getText().length() / LETTERS_PER_TOKEN);
    long answerTokens = profile.answerTokens(query.getId(), seed);
    Duration latency = profile.latency(query.getId(), seed);
    Completion completion =
        new Completion(
            answer(query, succeeds),
            promptTokens,
            answerTokens,
            profile.prices().cost(promptTokens, answerTokens),
            latency);
    long waitMicros = Math.round(latency.toNanos() / 1_000.0 * timeScale);
    if (waitMicros <= 0) {
      return CompletableFuture.completedFuture(completion);
    }
    return new CompletableFuture<Completion>()
        .completeOnTimeout(completion, waitMicros, TimeUnit.MICROSECONDS);
  }

  private String answer(Query query, boolean succeeds) {
    String expected = query.getMetadata().get(EXPECTED);
    if (expected != null) {
      return succeeds ? expected : "not " + expected;
    }
    return succeeds
        ? "A good answer, simulated by " + profile.llm() + "."
        : "A poor answer, simulated by " + profile.llm() + ".";
  }
}
