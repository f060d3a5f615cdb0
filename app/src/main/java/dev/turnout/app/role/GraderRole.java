package dev.turnout.app.role;

import dev.turnout.config.SettingValues;
import dev.turnout.grader.Grader;
import dev.turnout.grader.GraderSettings;
import dev.turnout.grader.JudgeGrader;
import dev.turnout.llm.LlmClient;
import dev.turnout.llm.http.HttpLlmClient;
import dev.turnout.llm.http.LlmEndpoint;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Instant;

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
   * @throws dev.turnout.config.ConfigException naming the key that is missing
   */
  public static GraderRole start(SettingValues values, MeterRegistry metrics, Startup startup) {
    LlmEndpoint endpoint = GraderSettings.judge(values);
    GraderSettings settings = GraderSettings.from(values);
    startup.awaitTopics(settings.connection(), settings.requiredTopics(), Startup.CREATE);
    LlmClient judge = new HttpLlmClient(endpoint);
    JudgeGrader grading = new JudgeGrader(judge, endpoint.model(), Clock.systemUTC());
    return new GraderRole(Grader.start(settings, grading, metrics), judge);
  }

  @Override
  public Health health() {
    return Health.of(grader.health(Instant.now()));
  }

  @Override
  public void close() {
    grader.close();
    judge.close();
  }
}
