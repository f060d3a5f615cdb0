package dev.turnout.grader;

import dev.turnout.llm.SkillProfile;
import dev.turnout.schema.Outcome;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Knows the skill profiles of simulated LLMs and so whether an answer of theirs was good. */
public final class SimulatedGrader implements GradingFunction {

  private final Map<String, SkillProfile> profiles;
  private final long seed;

  /**
   * A grader of simulated LLMs.
   *
   * @param seed the workers' seed
   */
  public SimulatedGrader(Collection<SkillProfile> profiles, long seed) {
    this.profiles =
        profiles.stream().collect(Collectors.toMap(SkillProfile::llm, Function.identity()));
    this.seed = seed;
  }

  @Override
  public CompletableFuture<Optional<Judgement>> grade(Outcome outcome) {
    String domain = outcome.getMetadata().getOrDefault(SkillProfile.DOMAIN, "");
    return CompletableFuture.completedFuture(
        Optional.ofNullable(profiles.get(outcome.getLlm()))
            .map(profile -> profile.succeeds(outcome.getQueryId(), domain, seed))
            .map(good -> Judgement.of(good ? 1 : 0, null)));
  }
}
