package dev.turnout.app.role;

import dev.turnout.config.SettingValues;
import dev.turnout.grader.Grader;
import dev.turnout.grader.GraderSettings;
import dev.turnout.grader.Graders;
import dev.turnout.grader.GradingFunction;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;

/** A grader of the kind that its settings choose. */
public final class GraderRole implements RunningRole {

  private final Grader grader;
  private final GradingFunction function;

  private GraderRole(Grader grader, GradingFunction function) {
    this.grader = grader;
    this.function = function;
  }

  /**
   * Starts the grader.
   *
   * @throws dev.turnout.config.ConfigException naming the key that is missing
   */
  public static GraderRole start(SettingValues values, MeterRegistry metrics, Startup startup) {
    GraderSettings settings = GraderSettings.from(values);
    GradingFunction function = Graders.of(settings, values);
    try {
      startup.awaitTopics(settings.connection(), settings.requiredTopics(), Startup.CREATE);
      return new GraderRole(Grader.start(settings, function, metrics), function);
    } catch (RuntimeException e) {
      function.close();
      throw e;
    }
  }

  @Override
  public Health health() {
    return Health.of(grader.health(Instant.now()));
  }

  @Override
  public void close() {
    grader.close();
    function.close();
  }
}
