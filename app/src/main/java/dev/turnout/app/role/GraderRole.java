package dev.turnout.app.role;

import dev.turnout.app.config.GraderConfig;
import dev.turnout.app.config.Secret;
import dev.turnout.app.config.TurnoutConfig;
import dev.turnout.app.console.CommandFailure;
import dev.turnout.grader.Grader;
import dev.turnout.grader.GraderSettings;
import dev.turnout.grader.JudgeGrader;
import dev.turnout.llm.LlmClient;
import dev.turnout.llm.OpenAiLlmClient;
import dev.turnout.llm.OpenAiSettings;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.time.Clock;

/** A grader that asks another LLM to mark each answer. */
public final class GraderRole implements RunningRole {

  private final Grader grader;
  private final LlmClient judge;

  private GraderRole(Grader grader, LlmClient judge) {
    this.grader = grader;
    this.judge = judge;
  }

  /**
   * Starts the grader.
   *
   * @throws CommandFailure naming the key that is missing
   */
  public static GraderRole start(TurnoutConfig config, MeterRegistry metrics) {
    GraderConfig grader = config.grader();
    String url =
        grader
            .url()
            .orElseThrow(
                () ->
                    new CommandFailure(
                        "grader.url is not set; it is the OpenAI-compatible endpoint of the LLM"
                            + " that judges, e.g. http://localhost:8000/v1"));
    String model =
        grader
            .model()
            .orElseThrow(
                () ->
                    new CommandFailure(
                        "grader.model is not set; it is the judging LLM's name at " + url));
    Topics.createIfWished(config);
    LlmClient judge =
        new OpenAiLlmClient(
            OpenAiSettings.of(
                model, URI.create(url), model, grader.apiKey().map(Secret::value).orElse(null)));
    GraderSettings settings =
        GraderSettings.of(
                grader.id(),
                config.topics().catalogue(),
                config.kafka().clientSettings(),
                config.registry().serdeSettings())
            .withShare(grader.share());
    return new GraderRole(
        Grader.start(settings, new JudgeGrader(judge, model, Clock.systemUTC()), metrics), judge);
  }

  @Override
  public Health health() {
    // A grader heals itself: what breaks is started again, a lost broker is waited for.
    return Health.good();
  }

  @Override
  public void close() {
    grader.close();
    judge.close();
  }
}
