package dev.turnout.app.quickstart.scenario;

import dev.turnout.grader.GradingFunction;
import dev.turnout.grader.Judgement;
import dev.turnout.schema.LlmProfile;
import dev.turnout.schema.Outcome;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

/**
 * Grades an answer by what the scenario says it is worth. Queries from outside the scenario are not
 * graded: nobody knows what a simulated answer to them is worth. Nor are the answers of real LLMs,
 * which the scenario knows nothing of.
 */
public final class ScenarioGrading implements GradingFunction {

  private final Scenario scenario;
  private final StreamIds ids;
  private final List<String> llms;

  public ScenarioGrading(Scenario scenario, StreamIds ids) {
    this.scenario = scenario;
    this.ids = ids;
    this.llms = scenario.llms().stream().map(LlmProfile::getId).toList();
  }

  @Override
  public CompletableFuture<Optional<Judgement>> grade(Outcome outcome) {
    return CompletableFuture.completedFuture(judge(outcome));
  }

  private Optional<Judgement> judge(Outcome outcome) {
    OptionalInt position = ids.position(outcome.getQueryId());
    int llm = llms.indexOf(outcome.getLlm());
    boolean real =
        scenario instanceof EndpointScenario endpoints && endpoints.isReal(outcome.getLlm());
    if (position.isEmpty() || llm < 0 || real) {
      return Optional.empty();
    }
    double reward = scenario.at(position.getAsInt()).rewards()[llm];
    return Double.isNaN(reward) ? Optional.empty() : Optional.of(Judgement.of(reward, null));
  }
}
