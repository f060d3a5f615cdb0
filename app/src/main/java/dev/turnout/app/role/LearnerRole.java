package dev.turnout.app.role;

import dev.turnout.app.config.EncoderKeys;
import dev.turnout.config.SettingValues;
import dev.turnout.encoder.EncoderId;
import dev.turnout.encoder.Encoders;
import dev.turnout.encoder.QueryEncoder;
import dev.turnout.learner.Learner;
import dev.turnout.learner.LearnerSettings;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;

/** A learner: joins decisions with grades, keeps posteriors, trains and judges candidates. */
public final class LearnerRole implements RunningRole {

  private final Learner learner;

  private LearnerRole(Learner learner) {
    this.learner = learner;
  }

  public static LearnerRole start(SettingValues values, MeterRegistry metrics, Startup startup) {
    LearnerSettings settings = LearnerSettings.from(values);
    startup.awaitTopics(settings.connection(), settings.requiredTopics(), Startup.CREATE);
    EncoderId encoder;
    // Only its identity is needed: samples carry their vectors.
    try (QueryEncoder opened = Encoders.open(EncoderKeys.from(values))) {
      encoder = opened.id();
    }
    return new LearnerRole(Learner.start(settings, encoder, metrics));
  }

  @Override
  public Health health() {
    boolean live = learner.isAlive();
    List<String> problems = learner.problems();
    return new Health(learner.isRunning(), live, live && problems.isEmpty(), problems);
  }

  @Override
  public void close() {
    learner.close();
  }
}
